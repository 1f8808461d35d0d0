import { expect, test } from 'vitest';
import { aStore } from '../../test/fakes/fake-world.ts';
import { createStepUpCredentials, PROOF_HOLDS_MS } from './step-up-credentials.ts';

const STORE = aStore();
const NOW = new Date('2026-11-25T10:00:00.000Z');

function bench(provenMsAgo: number, customerId = STORE.customerId) {
  const read: string[] = [];
  const credentials = createStepUpCredentials({
    findSession: async (token) =>
      token === 'right'
        ? { customerId, email: 'a@example.com', role: 'customer', provenAt: new Date(NOW.getTime() - provenMsAgo) }
        : undefined,
    stores: {
      find: async ({ id, customerId: owner }) => (id === STORE.id && owner === STORE.customerId ? STORE : undefined),
    },
    readCredentials: async (storeId, actor) => {
      read.push(`${actor} ${storeId}`);
      return {} as never;
    },
    now: () => NOW,
  });
  return { read, credentials };
}

test('opens for the owner who has just given her password, in her name', async () => {
  const { read, credentials } = bench(PROOF_HOLDS_MS);
  await credentials({ token: 'right', storeId: STORE.id });
  expect(read).toEqual([`${STORE.customerId} ${STORE.id}`]);
});

test.each([
  ['a proof that is too old', bench(PROOF_HOLDS_MS + 1), 'right', 'step_up_required'],
  ['no session', bench(0), 'wrong', 'not_signed_in'],
  ["somebody else's store", bench(0, 'cus_other'), 'right', 'not_found'],
])('stays shut for %s', async (_what, { read, credentials }, token, code) => {
  await expect(credentials({ token, storeId: STORE.id })).rejects.toMatchObject({ code });
  expect(read).toEqual([]);
});
