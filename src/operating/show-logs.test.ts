import { expect, test } from 'vitest';
import type { LogLine } from '../cli/actions.ts';
import { createShowLogs, type LogSource, parseSince } from './show-logs.ts';

const NOW = new Date('2026-11-23T12:00:00Z');
const source =
  (...lines: [string, string | null][]): LogSource =>
  async (_options, onLine) => {
    for (const [line, at] of lines) onLine(line, at);
  };

test('lines of several parts come in the order of their times; one without a time stays behind its neighbour', async () => {
  const showLogs = createShowLogs({
    worker: [source(['a', '2026-11-23T10:00:01Z'], ['stack', null], ['d', '2026-11-23T10:00:04Z'])],
    edge: [source(['c', '2026-11-23T10:00:03Z'])],
    mysql: [source(['b', '2026-11-23T10:00:02Z'])],
    web: [],
    redis: [],
  });
  const lines: LogLine[] = [];
  await showLogs({ follow: false, signal: AbortSignal.timeout(100), onLine: (line) => void lines.push(line) });
  expect(lines.map(({ line }) => line)).toEqual(['a', 'stack', 'b', 'c', 'd']);
});

test.each([
  ['15m', '2026-11-23T11:45:00.000Z'],
  ['2h', '2026-11-23T10:00:00.000Z'],
  ['2026-11-20T00:00:00Z', '2026-11-20T00:00:00.000Z'],
])('--since %s means %s', (text, expected) => {
  expect(parseSince(text, NOW).toISOString()).toBe(expected);
});

test('--since yesterday is refused with an example', () => {
  expect(() => parseSince('yesterday', NOW)).toThrow(/15m/);
});
