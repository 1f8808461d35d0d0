import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { LedgerFilter, StoredLine } from '../domain/ledger.ts';
import { createActivity } from './activity.ts';
import { KNOWN_ACTIONS } from './activity-words.ts';

const SRC = fileURLToPath(new URL('..', import.meta.url));

const aLine = (over: Partial<StoredLine> = {}): StoredLine => ({
  id: 1,
  actor: 'cus_ann',
  as: null,
  tokenId: null,
  tokenName: null,
  action: 'store.created',
  target: 'sto_1',
  storeId: 'sto_1',
  result: 'ok',
  details: {},
  address: '192.0.2.7',
  requestId: 'req_1',
  at: new Date(0),
  ...over,
});

function activityOf(...lines: StoredLine[]) {
  const asked: LedgerFilter[] = [];
  const activity = createActivity({
    audit: {
      page: async (filter) => {
        asked.push(filter);
        return { lines, before: null };
      },
    },
    stores: { find: async ({ id, customerId }) => (id === 'sto_1' && customerId === 'cus_ann' ? {} : undefined) },
  });
  return { asked, activity };
}

describe('the activity of a store', () => {
  it.each([
    [{ actor: 'cus_ann' }, 'you', '192.0.2.7'],
    [{ actor: 'cus_op', as: 'cus_ann' }, 'operator-as-you', null],
    [{ actor: 'cus_op' }, 'operator', null],
    [{ actor: 'operator:mara' }, 'operator', null],
    [{ actor: 'system', address: null }, 'platform', null],
    [{ actor: 'visitor' }, 'visitor', '192.0.2.7'],
  ])('tells who it was (%o), and where from only where that is the owner’s to know', async (over, who, address) => {
    const { activity } = activityOf(aLine(over));
    const { lines } = await activity.storeActivity('cus_ann', 'sto_1', {});

    expect(lines).toMatchObject([{ who, address, what: 'ordered the store', reference: 'req_1' }]);
    expect(JSON.stringify(lines)).not.toMatch(/mara|cus_op/);
  });

  it.each([
    ['by its name', { tokenId: 'tok_1', tokenName: 'nightly' }, { id: 'tok_1', name: 'nightly' }],
    ['by its id once it is gone', { tokenId: 'tok_1' }, { id: 'tok_1', name: null }],
    ['not at all where a person did it', {}, null],
    ['not at all where it is an operator’s', { actor: 'cus_op', tokenId: 'tok_1', tokenName: 'mara' }, null],
  ])('tells the token by which a program did it: %s', async (_how, over, token) => {
    const { lines } = await activityOf(aLine(over)).activity.storeActivity('cus_ann', 'sto_1', {});

    expect(lines.map((line) => line.token)).toEqual([token]);
  });

  it('is its owner’s alone', async () => {
    const { activity, asked } = activityOf(aLine());

    await expect(activity.storeActivity('cus_bob', 'sto_1', {})).rejects.toMatchObject({ code: 'not_found' });
    await expect(activity.storeActivity('cus_ann', 'sto_2', {})).rejects.toMatchObject({ code: 'not_found' });
    expect(asked).toEqual([]);
  });

  it('tells the reason of a suspension, which domain it was, where maintenance went, and reads out what has no words', async () => {
    const { activity } = activityOf(
      aLine({ action: 'store.suspended', details: { reason: 'The bill is open.' } }),
      aLine({ action: 'domain.removed', target: 'tea.example' }),
      aLine({ action: 'store.settings_changed', details: { maintenance: 'on' } }),
      aLine({ action: 'store.settings_changed', details: { title: 'Tea' } }),
      aLine({ action: 'thing.was_done' }),
      aLine({ action: 'constructor' }),
    );
    const { lines } = await activity.storeActivity('cus_ann', 'sto_1', {});

    expect(lines.map(({ what }) => what)).toEqual([
      'suspended the store: The bill is open.',
      'removed tea.example',
      'put the shop in maintenance',
      'gave the shop its new settings',
      'thing: was done',
      'constructor',
    ]);
  });
});

it('every action that the platform writes into the ledger has its words', () => {
  const written = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.test.ts'))
    .flatMap((path) => [...readFileSync(join(SRC, path), 'utf8').matchAll(/\baction: '([a-z]+\.[a-z_]+)'/g)])
    .map(([, action = '']) => action);

  expect(written.length).toBeGreaterThan(10);
  expect([...new Set(written)].filter((action) => !KNOWN_ACTIONS.includes(action))).toEqual([]);
});
