import { describe, expect, test } from 'vitest';
import { lastLineOf, type ServiceLook, tellIll } from './service-looks.ts';

const runs: ServiceLook = { state: 'running', said: null };

describe('tellIll', () => {
  test('names every service that is ill, with what is known of it', () => {
    const told = tellIll({
      web: { state: 'unhealthy', said: 'search: Operation timed out' },
      db: runs,
      cache: { state: 'missing', said: null },
      search: { state: 'stopped', said: 'exit code 137' },
    });

    expect(told).toBe(
      'web is unhealthy (search: Operation timed out), cache is missing, search is stopped (exit code 137)',
    );
  });

  test('says nothing of a store that runs', () => {
    expect(tellIll({ web: runs, db: runs })).toBeNull();
  });

  test('is never longer than its column, whatever was said', () => {
    const many = Object.fromEntries(
      Array.from({ length: 9 }, (_, at) => [`service-${at}`, { state: 'unhealthy', said: '🌹'.repeat(200) } as const]),
    );

    expect([...(tellIll(many) ?? '')]).toHaveLength(500);
  });
});

describe('lastLineOf', () => {
  test.each([
    ['', null],
    [' \n\n', null],
    ['one\nsearch: timed out\n\n', 'search: timed out'],
    ['a \u001b[31mred\u001b[0m word\u202e and more\r\n', 'a  [31mred [0m word and more'],
  ])('of %j is %j', (output, line) => {
    expect(lastLineOf(output)).toBe(line);
  });

  test('is cut where it is too long', () => {
    expect([...(lastLineOf('é'.repeat(1000)) ?? '')]).toHaveLength(200);
  });
});
