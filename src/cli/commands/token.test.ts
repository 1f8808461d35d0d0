import { expect, it } from 'vitest';
import { AT, shopctl } from '../../../test/fakes/shopctl.ts';
import { NotFoundError } from '../../domain/errors.ts';

const TOKEN = {
  id: 'tok_1',
  name: 'nightly',
  hint: 'shp_AbCd',
  scopes: ['stores:read', 'domains:read'],
  createdAt: AT,
  expiresAt: AT,
  usedAt: null,
  usedFrom: null,
  isExpired: false,
} as const;

it('token list shows what a customer’s tokens may do and until when', async () => {
  const { stdout } = await shopctl(['token', 'list', 'o@example.com'], {
    listTokens: async (customer) => (customer === 'o@example.com' ? [TOKEN] : []),
  });

  expect(stdout.split('\t').slice(0, 5)).toEqual(['tok_1', 'nightly', 'shp_AbCd', 'stores:read domains:read', AT]);
});

it('token revoke ends exactly the one that is named, and fails for one that is not there', async () => {
  const asked: unknown[] = [];
  const revokeToken = async (wish: { readonly customer: string; readonly id: string }) => {
    asked.push(wish);
    if (wish.id !== 'tok_1') throw new NotFoundError('token', wish.id);
  };
  const done = await shopctl(['token', 'revoke', 'cus_1', 'tok_1'], { revokeToken });
  const failed = await shopctl(['token', 'revoke', 'cus_1', 'tok_2'], { revokeToken });

  expect([done.code, failed.code > 0]).toEqual([0, true]);
  expect(asked[0]).toEqual({ customer: 'cus_1', id: 'tok_1' });
});
