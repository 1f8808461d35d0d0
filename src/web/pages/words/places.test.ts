import { expect, test } from 'vitest';
import { ACCOUNT_TABS } from './account-tabs.ts';
import { actsIn, pagesNamed } from './places.ts';

const labels = (text: string, isOperator: boolean) => pagesNamed(text, { isOperator }).map(({ label }) => label);

test('pages are found by any part of their words, in any order', () => {
  expect(labels('acc sec', false)).toEqual(['Security']);
  expect(labels('STORE add', false)).toEqual(['Add a store']);
  expect(labels('nothing like it', false)).toEqual([]);
});

test('every tab of the account is found', () => {
  const found = pagesNamed('your account', { isOperator: false }).map(({ to }) => to);
  expect(found).toEqual(expect.arrayContaining(ACCOUNT_TABS.map(({ to }) => to)));
});

test('pages of the desk are only found by operators', () => {
  expect(labels('ledger', false)).toEqual([]);
  expect(labels('desk ledger', true)).toEqual(['Ledger']);
});

test('what can be done with a store is found by its word, before or behind the name of the store', () => {
  const flowers = { kind: 'store', label: 'flowers', more: 'flowers.test', to: '/stores/sto_1' } as const;
  const asked = (text: string) => actsIn(text).map(({ storeText, on }) => [storeText, on(flowers).to]);

  expect(asked('logs flow')).toEqual([['flow', '/stores/sto_1/logs']]);
  expect(asked('flow LOGS')).toEqual([['flow', '/stores/sto_1/logs']]);
  expect(asked('open adm')).toEqual([['', '/stores/sto_1/open-admin']]);
  expect(asked('d flowers')).toEqual([]);
  expect(asked('')).toEqual([]);
  expect(actsIn('pau')[0]?.on(flowers)).toMatchObject({ label: 'Pause · flowers', kind: 'page' });
});
