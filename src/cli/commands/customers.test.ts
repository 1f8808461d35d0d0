import { describe, expect, it } from 'vitest';
import { shopctl } from '../../../test/fakes/shopctl.ts';

describe('customer lock and unlock', () => {
  it.each(['lock', 'unlock'] as const)('%s hands over whom and why, literally', async (act) => {
    const asked: unknown[] = [];
    const line = ['customer', act, 'owner@example.com', '--reason', '--json is no flag here'];
    const { code, stderr } = await shopctl(line, {
      lockCustomer: async (...words) => void asked.push(['lock', ...words]),
      unlockCustomer: async (...words) => void asked.push(['unlock', ...words]),
    });

    expect([code, asked]).toEqual([0, [[act, 'owner@example.com', '--json is no flag here']]]);
    expect(stderr).toContain('owner@example.com');
  });

  it.each(['lock', 'unlock'])('%s without a reason or somebody is a wrong line', async (act) => {
    expect((await shopctl(['customer', act, 'owner@example.com'])).code).toBe(2);
    expect((await shopctl(['customer', act, '--reason', 'x'])).code).toBe(2);
  });
});
