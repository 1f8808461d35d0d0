import { beforeAll, beforeEach, expect, it } from 'vitest';
import { digestOf, makeToken } from '../../../src/adapters/crypto/session-tokens.ts';
import { newId } from '../../../src/lib/new-id.ts';
import { MINUTE } from '../../../src/lib/time.ts';
import { forEachDatabase, type TestDatabase } from '../../services/for-each-database.ts';
import { aStore, letClaim, NOW } from '../mysql/fixtures.ts';

const LATER = new Date(NOW.getTime() + MINUTE);
const ORIGIN = { actor: 'visitor' };

/** Somebody else has sat in an account: what its webhooks tell once its owner has it back. */
forEachDatabase(
  (_name, connect) => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await connect();
    });
    beforeEach(() => database.reset());

    /** An account with a webhook of before and one that was added since, each with a message that waits. */
    async function anAccount() {
      const { store } = await aStore(database);
      const { customerId, customerEmail: email } = store;
      await letClaim(database, customerId);
      const { webhookEndpoints, webhookDeliveries } = database.repositories;
      const add = async (name: string, now: Date) => {
        const request = { customerId, id: newId('whe'), origin: { actor: customerId }, now };
        const url = 'https://hooks.example.com/';
        await webhookEndpoints.add({ ...request, name, url, events: ['store.active'], sealed: 'sealed' });
        await webhookDeliveries.queueTest(request);
      };
      await add('before', NOW);
      await add('since', LATER);
      return { customerId, email };
    }

    const left = async (customerId: string) =>
      (await database.repositories.webhookEndpoints.list(customerId)).map(({ name, switchedOff }) => [
        name,
        switchedOff,
      ]);
    const waiting = async () => (await database.repositories.webhookDeliveries.counts()).waiting;

    /** A link that was mailed, as it is used. */
    async function aLink(
      purpose: 'restore-email' | 'disown-factor' | 'reset-password',
      subject: string,
      email: string,
    ) {
      const tokenHash = digestOf(makeToken());
      const facts = purpose === 'disown-factor' ? { factor: 'totp', words: 'an app' } : { email };
      const lives = { now: LATER, expiresAt: new Date(LATER.getTime() + MINUTE), since: LATER };
      await database.repositories.oneTimeTokens.issue({ tokenHash, purpose, subject, facts, ...lives });
      return { tokenHash, origin: ORIGIN, now: LATER };
    }

    async function reset({ customerId, email }: { customerId: string; email: string }): Promise<void> {
      const link = await aLink('reset-password', email, email);
      const mail = { recipient: email, kind: 'password-changed', payload: {} };
      await database.repositories.accountChanges.resetPassword({ ...link, customerId, email, passwordHash: 'x', mail });
    }

    it('nothing, where nobody held the address before: all of them go', async () => {
      const account = await anAccount();
      const { kysely } = database.as('admin');
      await kysely.updateTable('customers').set({ claimed_email: null }).execute();
      await reset(account);

      expect([await left(account.customerId), await waiting()]).toEqual([[], 0]);
      const lines = await database.repositories.audit.list({ target: account.customerId });
      expect(lines.find(({ action }) => action === 'account.password_reset')?.details).toMatchObject({
        removedWebhooks: 2,
      });
    });

    it('nothing after a new password by mail, until somebody switches them on', async () => {
      const account = await anAccount();
      await reset(account);

      expect(await left(account.customerId)).toEqual([
        ['before', 'taken-back'],
        ['since', 'taken-back'],
      ]);
      expect(await waiting()).toBe(0);
    });

    it.each(['restore-email', 'disown-factor'] as const)(
      'nothing after the link to %s: what was added since is gone, what was there is off',
      async (purpose) => {
        const { customerId, email } = await anAccount();
        const link = await aLink(purpose, customerId, email);
        const { accountChanges } = database.repositories;
        const mailOf = () => ({ recipient: email, kind: 'second-factor-removed', payload: {} });
        if (purpose === 'restore-email') await accountChanges.restoreEmail(link);
        else await accountChanges.disownFactor({ ...link, mailOf });

        expect([await left(customerId), await waiting()]).toEqual([[['before', 'taken-back']], 0]);
      },
    );

    it('as before, of an account beside it', async () => {
      const [{ customerId }, stranger] = [await anAccount(), await anAccount()];
      await reset(stranger);

      expect(await left(customerId)).toEqual([
        ['before', null],
        ['since', null],
      ]);
    });
  },
  { only: 'MySQL' },
);
