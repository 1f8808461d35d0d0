import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RUN_KINDS } from '../../../src/domain/run.ts';
import { SECOND } from '../../../src/lib/time.ts';
import { forEachDatabase, type TestDatabase } from '../../services/for-each-database.ts';
import { aNewStore, anActiveStore, aStore, NOW, somePools } from './fixtures.ts';

forEachDatabase((_, connect) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await connect();
  });
  beforeEach(() => database.reset());

  describe('stores that are shown', () => {
    it('are the newest of each who asks, the last made of those of one moment, and nobody else’s', async () => {
      const { shownStores, stores } = database.repositories;
      const old = (await aStore(database)).store;
      const later = new Date(NOW.getTime() + SECOND);
      const alike = await aNewStore(database, { customerId: old.customerId, now: later });
      const twins = [await stores.create(alike, somePools())];
      twins.push(await stores.create({ ...alike, name: 'twin', domain: 'twin.localhost' }, somePools()));
      const others = (await aStore(database)).store;
      const { id: without } = await database.repositories.customers.getOrCreate({
        email: 'new@example.test',
        now: NOW,
      });

      const found = await shownStores.newestOf([old.customerId, others.customerId, without]);

      expect([...found.keys()].sort()).toEqual([old.customerId, others.customerId].sort());
      expect(found.get(others.customerId)?.id).toBe(others.id);
      expect(found.get(old.customerId)?.id).toBe((await stores.list({ customerId: old.customerId, limit: 1 }))[0]?.id);
      expect(found.get(old.customerId)?.id).toBe(twins.map(({ store }) => store.id).sort()[1]);
    });

    it('are as the store itself says, without what nobody is shown', async () => {
      const { store } = await anActiveStore(database);

      const shown = (await database.repositories.shownStores.newestOf([store.customerId])).get(store.customerId);

      expect(await database.repositories.stores.get(store.id)).toMatchObject(shown ?? { id: 'none' });
      for (const name of ['customerEmail', 'uid', 'network', 'images', 'healthDetail', 'start', 'wishedDomain']) {
        expect(shown).not.toHaveProperty(name);
      }
    });

    it('are found for their own owner alone, also among what others ask for at once', async () => {
      const [ann, bob] = [(await aStore(database)).store, (await aStore(database)).store];

      const found = await database.repositories.shownStores.find([
        { id: ann.id, customerId: ann.customerId },
        { id: bob.id, customerId: ann.customerId },
        { id: 'sto_none', customerId: bob.customerId },
      ]);

      expect([...found.keys()]).toEqual([ann.id]);
    });

    it('have the run that is theirs and the newest of the kinds, its steps in order, and nothing that they printed', async () => {
      const { runs, shownStores } = database.repositories;
      const made = await anActiveStore(database);
      const repairing = await anActiveStore(database);
      const at = new Date(Date.now() + SECOND);
      await runs.queueRepair({ storeId: repairing.store.id, actor: 'ops', now: at });
      const ids = [made.store.id, repairing.store.id];

      for (const kinds of [RUN_KINDS, ['provision'] as const]) {
        const found = await shownStores.runsOf(ids, kinds);
        expect(found.size).toBe(2);
        for (const id of ids) {
          const whole = await runs.latest(id, kinds);
          expect(whole).toMatchObject(found.get(id) ?? { id: 'none' });
          expect(found.get(id)?.steps.map(({ name }) => name)).toEqual(whole?.steps.map(({ name }) => name));
        }
        expect(JSON.stringify([...found])).not.toContain('logTail');
      }
    });
  });
});
