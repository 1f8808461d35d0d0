import { expect, test } from 'vitest';
import { aStore } from '../../../test/fakes/fake-world.ts';
import { LINE_AT_MOST, type StoreLogQuery } from '../../domain/log-lines.ts';
import { cleanLine } from './clean-line.ts';
import { levelOf } from './level-of.ts';
import { createLogReader, type RawLine } from './read-logs.ts';

test.each([
  ['2026-11-25T10:00:00.1Z 0 [ERROR] [MY-010119] [Server] Aborting', 'error'],
  ['2026-11-25T10:00:00.1Z 0 [Warning] [MY-010068] [Server] CA certificate', 'warning'],
  ['2026-11-25T10:00:00.1Z 0 [System] [MY-010931] [Server] ready for connections', 'info'],
  ['2026/11/25 10:00:00 [error] 7#7: *1 FastCGI sent in stderr: "PHP Warning"', 'error'],
  ['2026/11/25 10:00:00 [notice] 7#7: ERROR is only a word here', 'info'],
  ['PHP Fatal error:  Uncaught Error: Call to undefined function', 'error'],
  ['[25-Nov-2026 10:00:00 UTC] PHP Deprecated:  strlen()', 'warning'],
  ['[2026-11-25T10:00:00.000000+00:00] main.CRITICAL: it', 'error'],
  ['1:M 25 Nov 2026 10:00:00.000 # WARNING overcommit_memory', 'warning'],
  ['1:M 25 Nov 2026 10:00:00.000 * Ready to accept connections', 'info'],
  ['127.0.0.1 - GET /index.php 200', 'info'],
])('%s is %s', (text, level) => expect(levelOf(text)).toBe(level));

test.each([
  ['\u001b[31mred\u001b[0m', 'red'],
  ['\u001b]0;title\u0007text', 'text'],
  ['a\u0000b\u0008c', 'a\ufffdb\ufffdc'],
  ['over\u202edrawn', 'over\ufffddrawn'],
  ['ends\r', 'ends'],
  ['tab\tstays', 'tab\tstays'],
  ['x'.repeat(LINE_AT_MOST + 1), `${'x'.repeat(LINE_AT_MOST)}…`],
])('%j is shown as %j', (text, shown) => expect(cleanLine(text)).toBe(shown));

const STORE = aStore();
const EVERYTHING: StoreLogQuery = { tail: 3, levels: [], search: '' };
const readerOf = (sources: Record<string, readonly RawLine[]>) =>
  createLogReader(() =>
    Object.entries(sources).map(([name, lines]) => ({
      name,
      title: name,
      async read(_request, onLine) {
        for (const line of lines) onLine(line);
        return String(lines.length);
      },
    })),
  );
const at = (second: number): string => new Date(Date.UTC(2026, 10, 25, 10, 0, second)).toISOString();

test('the newest of all sources come in the order of time, and how many there were besides', async () => {
  const read = readerOf({
    web: [1, 3, 5].map((second) => ({ at: at(second), text: `web ${second}` })),
    db: [
      { at: at(4), text: 'db 4' },
      { at: null, text: 'and its second line' },
    ],
  });

  const page = await read(STORE, EVERYTHING, AbortSignal.timeout(1000));

  expect(page.lines.map(({ text }) => text)).toEqual(['db 4', 'and its second line', 'web 5']);
  expect(page.leftOut).toBe(2);
});

test('an answer has a size of its own, whatever the lines hold', async () => {
  const read = readerOf({
    web: Array.from({ length: 9000 }, (_, index) => ({ at: null, text: `${index} ${'x'.repeat(LINE_AT_MOST)}` })),
  });

  const { lines, leftOut } = await read(STORE, { ...EVERYTHING, tail: 10_000 }, AbortSignal.timeout(1000));

  expect(JSON.stringify(lines).length).toBeLessThan(5 * 1024 * 1024);
  expect(lines.at(-1)?.text).toMatch(/^8999 /);
  expect(lines.length + leftOut).toBe(9000);
});
