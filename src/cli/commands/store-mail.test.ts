import { expect, it } from 'vitest';
import { aView, shopctl } from '../../../test/fakes/shopctl.ts';
import type { ShopActions } from '../shop-actions.ts';

const HELD_UNTIL = '2026-11-26T11:00:00.000Z';
const findStore = async () => aView();
const readStoreMail: ShopActions['readStoreMail'] = async () => ({
  senderName: null,
  replyTo: null,
  server: null,
  hasPassword: false,
  traffic: { perHour: 200, waiting: 12, heldUntil: HELD_UNTIL },
});

it('tells how a shop’s mail leaves, how much of it waits, and when it goes on', async () => {
  const { code, stdout } = await shopctl(['store', 'mail', 'demo'], { findStore, readStoreMail });

  expect([code, stdout.split('\n').slice(2)]).toEqual([
    0,
    ['leaves by\tthe platform', 'an hour\t200', 'waiting\t12', `goes on at\t${HELD_UNTIL}`],
  ]);
});
