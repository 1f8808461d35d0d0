import { expect, test } from 'vitest';
import { lineTime, newLinesInWords, piecesOf } from './logs.ts';

test.each([
  ['Error: no error', 'error', ['Error*', ': no ', 'error*']],
  ['aaa', 'aa', ['aa*', 'a']],
  ['nothing', 'x', ['nothing']],
  ['nothing', '', ['nothing']],
  ['İ error', 'error', ['İ error']],
  ['a.b', '.', ['a', '.*', 'b']],
])('in %j, %j is marked', (text, search, pieces) => {
  expect(piecesOf(text, search).map((piece) => piece.text + (piece.isFound ? '*' : ''))).toEqual(pieces);
});

test('times and counts', () => {
  expect(lineTime('2026-11-25T10:00:05.123Z', 'utc')).toBe('2026-11-25 10:00:05.123');
  expect([newLinesInWords(1), newLinesInWords(37)]).toEqual(['1 new line', '37 new lines']);
});
