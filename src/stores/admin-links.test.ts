import { expect, test } from 'vitest';
import { aStore } from '../../test/fakes/fake-world.ts';
import { AppError } from '../domain/errors.ts';
import type { LedgerLine } from '../domain/ledger.ts';
import { createAdminLinks } from './admin-links.ts';

const SIGNAL = AbortSignal.timeout(1000);
const ANN = { actor: 'cus_ann', address: '192.0.2.1' };
const ASKED = { origin: ANN, proven: false };

function bench(place: () => Promise<void> = async () => undefined, urlOf = async () => 'https://roses.example/') {
  const lines: LedgerLine[] = [];
  const placed: object[] = [];
  const links = createAdminLinks({
    place: async (store, link) => {
      await place();
      placed.push({ store: store.id, ...link });
    },
    revoke: async () => undefined,
    fieldOf: () => 'field',
    urlOf,
    tokens: { make: () => 'token', digestOf: (token) => `digest of ${token}` },
    audit: { append: async (line) => void lines.push(line) },
    now: () => new Date(0),
  });
  return { lines, placed, links };
}

test('the shop gets the digest, the browser the token, and the ledger who asked, without either', async () => {
  const { lines, placed, links } = bench();
  const store = aStore({ status: 'active' });

  const link = await links.issue(store, { origin: ANN, proven: true }, SIGNAL);

  expect(link).toEqual({ url: 'https://roses.example/', field: 'field', token: 'token', seconds: 60 });
  expect(placed).toEqual([
    { store: store.id, username: 'shopowner', hash: 'digest of token', seconds: 60, proven: true },
  ]);
  expect(lines).toEqual([
    { ...ANN, action: 'admin-link.issued', target: store.id, storeId: store.id, details: {}, at: new Date(0) },
  ]);
});

test.each(['pending', 'suspended', 'deleting'] as const)('no link leads into a store that is %s', async (status) => {
  const { lines, placed, links } = bench();
  await expect(links.issue(aStore({ status }), ASKED, SIGNAL)).rejects.toMatchObject({ code: 'not_allowed_now' });
  expect([lines, placed]).toEqual([[], []]);
});

test('a shop that does not answer gives no link', async () => {
  const { links } = bench(() => Promise.reject(new AppError('shop_command_failed', 'no')));
  const issued = links.issue(aStore({ status: 'active' }), ASKED, SIGNAL);
  await expect(issued).rejects.toMatchObject({ code: 'shop_command_failed' });
});

test('there is none where the shop’s domain leads elsewhere', async () => {
  const { lines, placed, links } = bench(undefined, () => Promise.reject(new AppError('not_allowed_now', 'strayed')));

  await expect(links.issue(aStore({ status: 'active' }), ASKED, SIGNAL)).rejects.toMatchObject({
    code: 'not_allowed_now',
  });

  expect([lines, placed]).toEqual([[], []]);
});
