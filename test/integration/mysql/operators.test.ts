import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createOperatorActions } from '../../../src/app/operator-actions.ts';
import { HOUR } from '../../../src/lib/time.ts';
import { forEachDatabase, type TestDatabase } from '../../services/for-each-database.ts';
import { NOW } from './fixtures.ts';

forEachDatabase((_, connect) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await connect();
  });
  beforeEach(() => database.reset());

  const actions = () => createOperatorActions(() => database);
  const anOperator = (name: string) =>
    database.repositories.customers.create({
      email: `${name}@example.test`,
      role: 'operator',
      passwordHash: 'h',
      now: NOW,
    });

  describe('an operator', () => {
    it('is removed by another: an ordinary account, signed out, with its line; once', async () => {
      const { sessions, customers, audit } = database.repositories;
      const gone = await anOperator('gone');
      await anOperator('stays');
      const account = { id: gone.id, passwordHash: 'h', hasSecondFactor: false };
      await sessions.start(account, {
        tokenHash: 'a'.repeat(64),
        replaces: null,
        now: NOW,
        expiresAt: new Date(NOW.getTime() + HOUR),
        userAgent: '',
        address: '192.0.2.1',
        requestId: 'req_1',
      });

      await actions().removeAdmin('gone@example.test');

      expect(await customers.find(gone.id)).toMatchObject({ role: 'customer' });
      expect(await sessions.find('a'.repeat(64))).toBeUndefined();
      const lines = (await audit.list({ target: gone.id })).filter(({ action }) => action === 'admin.removed');
      expect(lines).toMatchObject([{ details: { endedSessions: 1 } }]);
      await expect(actions().removeAdmin(gone.id)).rejects.toMatchObject({ code: 'not_found' });
    });

    it('is never the last one to go, also when two remove each other at once', async () => {
      const [one, other] = [await anOperator('one'), await anOperator('other')];
      const outcomes = await Promise.allSettled([actions().removeAdmin(one.id), actions().removeAdmin(other.id)]);

      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      const left = (await database.repositories.customers.list()).filter(({ role }) => role === 'operator');
      expect(left).toHaveLength(1);
      await expect(actions().removeAdmin(left[0]?.id ?? '')).rejects.toMatchObject({ code: 'not_allowed_now' });
    });
  });

  describe('a plan', () => {
    it('is changed in what is named, with a line of from and to, and not twice', async () => {
      const { plans, audit } = database.repositories;
      const before = await plans.get('business');
      const priceCents = before.priceCents + 500;

      expect(await actions().changePlan('business', { priceCents })).toEqual({ ...before, priceCents });
      await actions().changePlan('business', { priceCents });

      expect(await audit.list({ target: 'business' })).toMatchObject([
        { action: 'plan.changed', details: { priceCents: { from: before.priceCents, to: priceCents } } },
      ]);
      await actions().changePlan('business', { priceCents: before.priceCents });
    });

    it('stays as it is where a value is out of bounds or nothing is wished for', async () => {
      const before = await database.repositories.plans.list();
      for (const wish of [{ memoryMb: 1 }, { maxStores: 0 }, { priceCents: -1 }, { cpuMillis: 1.5 }, {}]) {
        await expect(actions().changePlan('business', wish)).rejects.toMatchObject({ code: 'invalid_input' });
      }
      await expect(actions().changePlan('none', { maxStores: 2 })).rejects.toMatchObject({ code: 'not_found' });
      expect(await database.repositories.plans.list()).toEqual(before);
    });
  });
});
