import { randomBytes } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createOperatorActions } from '../../../src/app/operator-actions.ts';
import { DAY, HOUR } from '../../../src/lib/time.ts';
import { forEachDatabase, type TestDatabase } from '../../services/for-each-database.ts';
import { anActiveStore, claimNow, NOW } from './fixtures.ts';

const REASON = 'Reported as stolen';

forEachDatabase((_, connect) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await connect();
  });
  beforeEach(() => database.reset());

  const actions = () => createOperatorActions(() => database);
  const anAccount = (name: string, role: 'customer' | 'operator' = 'customer') =>
    database.repositories.customers.create({ email: `${name}@example.test`, role, passwordHash: 'h', now: NOW });
  /** By whoever has just given the right password. */
  const startSession = async (id: string): Promise<string> => {
    const tokenHash = randomBytes(32).toString('hex');
    await database.repositories.sessions.start(
      { id, passwordHash: 'h', hasSecondFactor: false },
      {
        ...{ tokenHash, replaces: null, now: NOW, expiresAt: new Date(NOW.getTime() + HOUR) },
        ...{ userAgent: '', address: '192.0.2.1', requestId: 'req_1' },
      },
    );
    return tokenHash;
  };
  const linesOf = async (id: string) =>
    (await database.repositories.audit.list({ target: id })).filter(({ action }) => action.startsWith('account.'));

  describe('a locked account', () => {
    it('does not go when its time comes, nor do its stores, and has its days once more when it is unlocked', async () => {
      const { accountEnds, changes } = database.repositories;
      const { store } = await anActiveStore(database);
      const { customerId } = store;
      const now = new Date();
      const past = new Date(now.getTime() - HOUR);
      const kysely = database.as('admin').kysely;
      await kysely.updateTable('customers').set({ deletion_at: past }).where('id', '=', customerId).execute();
      const runId = await changes.request({
        storeId: store.id,
        kind: 'schedule-delete',
        by: 'owner',
        actor: customerId,
        now,
      });
      await changes.markForDeletion(await claimNow(database, runId), await database.repositories.runs.get(runId), past);
      await kysely.updateTable('store_deletions').set({ due_at: past }).where('store_id', '=', store.id).execute();
      expect([(await accountEnds.due(now)).length, await changes.dueForDeletion(now, 9)]).toEqual([1, [store.id]]);

      await actions().lockCustomer(customerId, REASON);

      expect([await accountEnds.due(now), await changes.dueForDeletion(now, 9)]).toEqual([[], []]);
      expect([await accountEnds.remove(customerId, now), await changes.requestDueTeardown(store.id, now)]).toEqual([
        false,
        undefined,
      ]);

      await actions().unlockCustomer(customerId, 'It is theirs again');

      const [tomorrow, later] = [now.getTime() + DAY, now.getTime() + 15 * DAY].map((ms) => new Date(ms));
      expect([await accountEnds.due(tomorrow ?? now), await changes.dueForDeletion(tomorrow ?? now, 9)]).toEqual([
        [],
        [],
      ]);
      expect([(await accountEnds.due(later ?? now)).length, await changes.dueForDeletion(later ?? now, 9)]).toEqual([
        1,
        [store.id],
      ]);
    });

    it('lets nobody in: sessions end, tokens open nothing, and the right password is told so', async () => {
      const { sessions, apiTokens } = database.repositories;
      const { id: customerId } = await anAccount('ann');
      const tokenHash = await startSession(customerId);
      const sessionId = (await sessions.find(tokenHash))?.id ?? '';
      await apiTokens.create({
        ...{ customerId, sessionId, name: 'nightly', tokenHash: 'c'.repeat(64), hint: 'shp_x', scopes: [] },
        ...{ expiresAt: new Date(NOW.getTime() + HOUR), origin: { actor: customerId }, mail: undefined, now: NOW },
      });

      await actions().lockCustomer('Ann@example.test', ` ${REASON} `);

      expect([await sessions.find(tokenHash), await apiTokens.find('c'.repeat(64))]).toEqual([undefined, undefined]);
      await expect(startSession(customerId)).rejects.toMatchObject({ code: 'account_locked' });
      // Whoever has not shown what opens it does not hear of it.
      await expect(
        sessions.start(
          { id: customerId, passwordHash: 'another', hasSecondFactor: false },
          {
            ...{ tokenHash: 'd'.repeat(64), replaces: null, now: NOW, expiresAt: NOW },
            ...{ userAgent: '', address: '192.0.2.1', requestId: 'req_1' },
          },
        ),
      ).rejects.toMatchObject({ code: 'wrong_credentials' });
      expect(await linesOf(customerId)).toMatchObject([
        { action: 'account.locked', details: { reason: REASON, endedSessions: 1, revokedTokens: 1 } },
      ]);
      const { rows } = await database.repositories.deskLists.customers.page({
        search: customerId,
        sort: 'newest',
        limit: 1,
        offset: 0,
      });
      expect(rows).toMatchObject([{ id: customerId, lockedAt: expect.any(Date), lockReason: REASON }]);
    });

    it('is open again when it is unlocked; what was ended stays ended', async () => {
      const { sessions } = database.repositories;
      const { id } = await anAccount('ann');
      const before = await startSession(id);
      await actions().lockCustomer(id, REASON);
      await actions().unlockCustomer(id, 'The owner has called');

      expect(await sessions.find(before)).toBeUndefined();
      expect(await sessions.find(await startSession(id))).toMatchObject({ customerId: id });
      expect((await linesOf(id)).map(({ action }) => action).toSorted()).toEqual([
        'account.locked',
        'account.unlocked',
      ]);
    });

    it('is locked once and unlocked once; another answer changes nothing', async () => {
      const { id } = await anAccount('ann');
      await expect(actions().unlockCustomer(id, REASON)).rejects.toMatchObject({ code: 'not_allowed_now' });
      const both = await Promise.allSettled([actions().lockCustomer(id, REASON), actions().lockCustomer(id, REASON)]);

      expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      await expect(actions().lockCustomer(id, REASON)).rejects.toMatchObject({ code: 'not_allowed_now' });
      await expect(actions().lockCustomer('cus_none', REASON)).rejects.toMatchObject({ code: 'not_found' });
      await expect(actions().lockCustomer(id, ' ')).rejects.toMatchObject({ code: 'invalid_input' });
      expect(await linesOf(id)).toHaveLength(1);
    });

    it('has no session that began while it was being locked', async () => {
      const { id } = await anAccount('ann');
      const begun = Array.from({ length: 10 }, () => startSession(id));
      const [, ...outcomes] = await Promise.allSettled([actions().lockCustomer(id, REASON), ...begun]);

      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'account_locked' });
        else expect(await database.repositories.sessions.find(outcome.value)).toBeUndefined();
      }
    });
  });

  describe('an operator', () => {
    it('is locked while another one can sign in, and never the last, also when two lock each other at once', async () => {
      const [one, other] = [await anAccount('one', 'operator'), await anAccount('other', 'operator')];
      const outcomes = await Promise.allSettled([
        actions().lockCustomer(one.id, REASON),
        actions().lockCustomer(other.id, REASON),
      ]);
      const [left, locked] = outcomes[0]?.status === 'rejected' ? [one, other] : [other, one];

      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      await expect(actions().lockCustomer(left.id, REASON)).rejects.toMatchObject({ code: 'not_allowed_now' });
      // One who is locked is nobody who could let others in.
      await expect(actions().removeAdmin(left.id)).rejects.toMatchObject({ code: 'not_allowed_now' });
      await actions().removeAdmin(locked.id);
      expect(await database.repositories.customers.find(locked.id)).toMatchObject({ role: 'customer' });
    });
  });
});
