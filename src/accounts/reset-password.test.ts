import { expect, it } from 'vitest';
import { aVisitor, fakeAccounts } from '../../test/fakes/fake-accounts.ts';
import { RESET_LINK_LIVES_MS } from './limits.ts';
import { createResetPassword } from './reset-password.ts';

const EMAIL = 'ann@example.test';

function withMails() {
  const world = fakeAccounts();
  const sentAt: number[] = [];
  const { requestReset } = createResetPassword({
    ...world.deps,
    links: { find: async () => undefined },
    changes: { resetPassword: async () => undefined },
    storeNamesOf: async () => [],
    queue: async () => sentAt.push(world.now.getTime()),
    digestOf: world.deps.tokens.digestOf,
  });
  return { world, sentAt, requestReset };
}

it('strangers who ask for another’s links keep her from none: she has one that works, or gets one', async () => {
  const { world, sentAt, requestReset } = withMails();
  for (let network = 1; network <= 200; network += 1) {
    await requestReset(EMAIL, aVisitor({ address: `198.51.100.${network}` }));
    world.pass(RESET_LINK_LIVES_MS / 20);
    const before = sentAt.length;
    await requestReset(EMAIL, aVisitor({ address: `203.0.113.${network}` }));

    const newest = sentAt.at(-1) ?? 0;
    expect(sentAt.length > before || world.now.getTime() - newest < RESET_LINK_LIVES_MS).toBe(true);
  }
});

it('nobody gets more than three such mails within the life of a link', async () => {
  const { sentAt, requestReset } = withMails();
  for (let network = 1; network <= 50; network += 1) {
    await requestReset(EMAIL, aVisitor({ address: `198.51.100.${network}` }));
  }

  expect(sentAt).toHaveLength(3);
});
