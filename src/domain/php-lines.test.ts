import { expect, it } from 'vitest';
import { phpLineFor } from './php-lines.ts';

it.each([
  ['~8.1.0||~8.2.0||~8.3.0', '8.2'],
  ['~8.3.0||~8.4.0', '8.4'],
  ['~8.2.0 || ~8.3.0 || ~8.4.0', '8.4'],
  ['^8.1', '8.4'],
  ['~8.2', '8.4'],
  ['>=8.1 <8.4', '8.2'],
  ['>= 8.2, < 8.3', '8.2'],
  ['8.2.*', '8.2'],
  ['*', '8.4'],
  ['~7.4.0||~8.1.0', undefined],
  ['~8.3.0', undefined],
  ['dev-main', undefined],
  ['', undefined],
])('of what is here, %j takes %s', (constraint, expected) => {
  expect(phpLineFor(constraint)).toBe(expected);
});
