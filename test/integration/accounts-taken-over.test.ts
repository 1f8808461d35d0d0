import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digestOf, makeToken } from '../../src/adapters/crypto/session-tokens.ts';
import { MINUTE, SECOND } from '../../src/lib/time.ts';
import { createAuthenticator } from '../services/authenticator.ts';
import { forEachDatabase, type TestDatabase } from '../services/for-each-database.ts';
import { addPasskey, ORIGIN } from '../services/passkeys.ts';
import { recoveryCodesIn } from '../services/second-factor.ts';
import { type Browser, startWeb, type Web } from '../services/web.ts';

const aDevice = () => createAuthenticator({ origin: ORIGIN });

/** Somebody else sits in the account, with a fresh proof: what its owner still can do, and that one cannot undo. */
forEachDatabase(
  (_name, connect) => {
    let database: TestDatabase;
    let web: Web;

    beforeAll(async () => {
      database = await connect();
      web = await startWeb(database);
    }, 5 * MINUTE);
    afterAll(() => web.stop());

    const factorsOf = (id: string) => database.repositories.secondFactors.summary(id);
    async function somebody(name: string) {
      const { person, form } = await web.signUp(name);
      const { id } = (await database.repositories.customers.findByEmail(form.email)) ?? { id: '' };
      return { person, email: form.email, id };
    }

    /** The new password of whoever reads the mails of an address that nobody holds yet. */
    async function reset({ id, email }: { id: string; email: string }): Promise<void> {
      const { oneTimeTokens, accountChanges } = database.repositories;
      const [now, tokenHash] = [new Date(), digestOf(makeToken())];
      const token = { tokenHash, purpose: 'reset-password' as const, subject: email, facts: { email } };
      await oneTimeTokens.issue({ ...token, now, expiresAt: new Date(now.getTime() + MINUTE) });
      const mail = { recipient: email, kind: 'password-changed', payload: {} };
      const change = { customerId: id, email, tokenHash, passwordHash: 'x', origin: { actor: 'visitor' }, mail, now };
      await accountChanges.resetPassword(change);
    }

    /** Until so many wait for somebody's lock. */
    const waitForWaiting = (count: number) =>
      expect
        .poll(
          async () => {
            const waiting = sql<{ trx_id: string }>`
              SELECT trx_id FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'
            `;
            return (await waiting.execute(database.as('admin').kysely)).rows.length;
          },
          { timeout: 20 * SECOND },
        )
        .toBe(count);

    describe('a session that a reset ends', () => {
      /** Does it where the reset has just been done, and the session was looked at before. */
      async function amidReset<T>(owner: { id: string; email: string }, act: () => Promise<T>): Promise<T> {
        const holding = await database
          .as('admin')
          .kysely.transaction()
          .execute(async (tx) => {
            await tx.selectFrom('customers').select('id').where('id', '=', owner.id).forUpdate().execute();
            const resetting = reset(owner);
            await waitForWaiting(1);
            const acting = act();
            await waitForWaiting(2);
            return { resetting, acting };
          });
        await holding.resetting;
        return holding.acting;
      }

      test('adds nothing to the account any more, however late it ends', async () => {
        const owner = await somebody('adds-late');

        const answer = await amidReset(owner, () => addPasskey(owner.person, aDevice()));

        expect([answer.status, recoveryCodesIn(answer)]).toEqual([401, []]);
        expect(await factorsOf(owner.id)).toEqual({ totpSince: null, passkeys: [], recoveryCodesLeft: 0 });
      });

      test.each<[string, (person: Browser, passkey: string) => ReturnType<Browser['ask']>]>([
        ['removes nothing', (person, passkey) => person.ask(`/account/second-factors/${passkey}/remove`, {})],
        ['makes no recovery codes', (person) => person.ask('/account/recovery-codes', {})],
      ])('%s either', async (name, act) => {
        const owner = await somebody(name.replaceAll(' ', '-'));
        await addPasskey(owner.person, aDevice());
        // The account holds its address: a reset leaves its factors alone.
        await database
          .as('admin')
          .kysely.updateTable('customers')
          .set({ claimed_email: owner.email })
          .where('id', '=', owner.id)
          .execute();
        const before = await factorsOf(owner.id);

        const answer = await amidReset(owner, () => act(owner.person, before.passkeys[0]?.id ?? ''));

        expect([answer.status, recoveryCodesIn(answer)]).toEqual([401, []]);
        expect(await factorsOf(owner.id)).toEqual(before);
        const lines = await database.repositories.audit.list({ target: owner.id });
        expect(lines.map(({ action }) => action)).not.toContain('recovery_codes.renewed');
      });
    });
  },
  { only: 'MySQL' },
);
