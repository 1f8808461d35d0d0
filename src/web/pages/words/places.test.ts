import { expect, test } from 'vitest';
import { pagesNamed } from './places.ts';

const labels = (text: string, isOperator: boolean) => pagesNamed(text, { isOperator }).map(({ label }) => label);

test('pages are found by any part of their words, in any order', () => {
  expect(labels('acc sec', false)).toEqual(['Security']);
  expect(labels('STORE add', false)).toEqual(['Add a store']);
  expect(labels('nothing like it', false)).toEqual([]);
});

test('pages of the desk are only found by operators', () => {
  expect(labels('ledger', false)).toEqual([]);
  expect(labels('desk ledger', true)).toEqual(['Ledger']);
});
