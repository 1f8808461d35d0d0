import { expect, test } from 'vitest';
import { diffLines } from './diff-lines.ts';

test('a new file is all that comes', () => {
  expect(diffLines('', 'a\nb\n')).toEqual(['+ a', '+ b']);
});

test('equal texts show nothing', () => {
  expect(diffLines('a\nb\n', 'a\nb\n')).toEqual([]);
});

test('a changed line goes and comes, its neighbours are left out', () => {
  expect(diffLines('a\nb\nc\n', 'a\nB\nc\nd\n')).toEqual(['- b', '+ B', '+ d']);
});

test('applied to the old text, the lines give the new one', () => {
  const before = 'x\na\na\nb\ny';
  const after = 'a\nb\na\nb\nz';
  const diff = diffLines(before, after);
  const count = (mark: string, line: string) => diff.filter((entry) => entry === `${mark} ${line}`).length;
  for (const line of new Set([...before.split('\n'), ...after.split('\n')])) {
    const had = before.split('\n').filter((other) => other === line).length;
    const has = after.split('\n').filter((other) => other === line).length;
    expect(had - count('-', line) + count('+', line)).toBe(has);
  }
});
