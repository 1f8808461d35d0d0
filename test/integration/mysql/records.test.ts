import { sql } from 'kysely';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deriveKey } from '../../../src/adapters/crypto/derive-key.ts';
import { createSealer, createSealingKeys } from '../../../src/adapters/crypto/seal.ts';
import { openDatabase } from '../../../src/adapters/mysql/index.ts';
import { createSecretVault } from '../../../src/adapters/mysql/secret-vault.ts';
import { waitForDatabase } from '../../../src/adapters/mysql/wait-for-database.ts';
import { SYSTEM } from '../../../src/domain/origin.ts';
import { MINUTE, SECOND } from '../../../src/lib/time.ts';
import { forEachDatabase, type TestDatabase } from '../../services/for-each-database.ts';
import { aLeasedStore, aStore, NOW, whereIs } from './fixtures.ts';

const sealer = createSealer(createSealingKeys(deriveKey('the key', 'sealed-secrets')));
const SECRET = 'correct-horse-battery-staple';

forEachDatabase((_, connect) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await connect();
  });
  beforeEach(() => database.reset());

  describe('a sealed secret', () => {
    it('is made once, and read back the same', async () => {
      const { lease, store } = await aLeasedStore(database);
      const vault = createSecretVault(database.as('worker'), sealer);
      const ask = async (value: string) =>
        (await vault.getOrCreate({ storeId: store.id, makers: { 'db-password': () => value } }, lease))['db-password'];

      const answers = await Promise.all([ask(SECRET), ask(SECRET)]);

      expect(answers).toEqual([SECRET, SECRET]);
      expect(await ask('another')).toBe(SECRET);
      expect(await vault.read(store.id, 'db-password')).toBe(SECRET);
      expect(await vault.read(store.id, 'other')).toBeUndefined();
      expect(await vault.names(store.id)).toEqual(['db-password']);
      await vault.wipe(lease);
      expect(await vault.names(store.id)).toEqual([]);
    });

    it('is replaced once by a run, everywhere it is kept, with one line', async () => {
      const { lease, store } = await aLeasedStore(database);
      const vault = createSecretVault(database.as('worker'), sealer);
      const put = (name: string, value: string) =>
        vault.getOrCreate({ storeId: store.id, makers: { [name]: () => value } }, lease);
      await put('admin-password', 'the old one');
      await put(
        'admin-credentials',
        JSON.stringify({ username: 'shopowner', password: 'the old one', email: 'a@b.c' }),
      );
      const line = { ...SYSTEM, action: 'admin_password.changed', target: store.id, details: {}, at: NOW };

      const next = await vault.nextOf('admin-password', () => SECRET, lease);
      expect([next, await vault.nextOf('admin-password', () => 'a third', lease)]).toEqual([SECRET, SECRET]);
      expect(await vault.read(store.id, 'admin-password')).toBe('the old one');
      await Promise.all([1, 2, 3].map(() => vault.replace('admin-password', line, lease)));

      expect(await vault.read(store.id, 'admin-password')).toBe(SECRET);
      expect(JSON.parse((await vault.read(store.id, 'admin-credentials')) ?? '')).toEqual({
        username: 'shopowner',
        password: SECRET,
        email: 'a@b.c',
      });
      expect(await vault.names(store.id)).toEqual(['admin-credentials', 'admin-password']);
      expect(await vault.nextOf('admin-password', () => 'a third', lease)).toBeUndefined();
      const lines = await database.repositories.audit.list({ target: store.id });
      expect(lines.filter(({ action }) => action === 'admin_password.changed')).toHaveLength(1);
      expect(await whereIs(database, SECRET)).toEqual([]);
    });

    it('stands nowhere in clear', async () => {
      const { lease, store } = await aLeasedStore(database);
      const vault = createSecretVault(database.as('worker'), sealer);
      await vault.getOrCreate({ storeId: store.id, makers: { 'db-password': () => SECRET } }, lease);

      expect(await whereIs(database, SECRET)).toEqual([]);
      expect(await whereIs(database, Buffer.from(SECRET).toString('base64url'))).toEqual([]);
      expect(await whereIs(database, store.name)).not.toEqual([]);
    });

    it('does not open in another row', async () => {
      const one = await aLeasedStore(database);
      const other = await aLeasedStore(database);
      const vault = createSecretVault(database.as('worker'), sealer);
      for (const { lease, store } of [one, other]) {
        await vault.getOrCreate({ storeId: store.id, makers: { 'db-password': () => store.id } }, lease);
      }
      const rows = database.as('admin').kysely;
      const sealed = await rows
        .selectFrom('sealed_secrets')
        .selectAll()
        .where('store_id', '=', one.store.id)
        .executeTakeFirstOrThrow();

      await rows
        .updateTable('sealed_secrets')
        .set({ sealed: sealed.sealed })
        .where('store_id', '=', other.store.id)
        .execute();

      await expect(vault.read(other.store.id, 'db-password')).rejects.toMatchObject({ code: 'secret_unreadable' });
      expect(await vault.read(one.store.id, 'db-password')).toBe(one.store.id);
    });

    it('does not open with another key, and is not made anew over it', async () => {
      const { lease, store } = await aLeasedStore(database);
      const row = { storeId: store.id, makers: { 'db-password': () => SECRET } };
      await createSecretVault(database.as('worker'), sealer).getOrCreate(row, lease);
      const wrong = createSecretVault(
        database.as('worker'),
        createSealer(createSealingKeys(deriveKey('another key', 'sealed-secrets'))),
      );

      await expect(wrong.getOrCreate(row, lease)).rejects.toMatchObject({
        code: 'secret_unreadable',
        hint: expect.stringContaining('SECRET_KEY'),
      });
    });
  });

  describe('the outbox', () => {
    const mail = (uniqueKey: string, over = {}) => ({
      uniqueKey,
      storeId: null,
      recipient: 'owner@example.test',
      kind: 'welcome',
      payload: { url: 'https://x.localhost/', list: [1, 'zwei', null] },
      now: NOW,
      ...over,
    });
    const claim = (limit = 10, owner = 'worker-1') =>
      database.repositories.outbox.claimDue({ owner, limit, lane: 'platform', now: new Date(), leaseMs: MINUTE });

    it('takes a mail once, whoever asks', async () => {
      const { outbox } = database.repositories;

      const taken = await Promise.all([
        outbox.enqueue(mail('a')),
        outbox.enqueue(mail('a')),
        outbox.enqueue(mail('a')),
      ]);

      expect(taken.filter(Boolean)).toHaveLength(1);
      expect(await outbox.counts()).toEqual({ queued: 1, sent: 0, failed: 0, oldestQueuedAt: NOW });
    });

    it('goes on in the same transaction after a mail it had already', async () => {
      const { lease, store } = await aLeasedStore(database);
      const { outbox } = database.repositories;

      expect(await outbox.enqueue(mail('a', { storeId: store.id }), lease)).toBe(true);
      expect(await outbox.enqueue(mail('a', { storeId: store.id }), lease)).toBe(false);
    });

    it('hands each mail to one worker only', async () => {
      const { outbox } = database.repositories;
      await Promise.all(Array.from({ length: 30 }, (_unused, index) => outbox.enqueue(mail(`m${index}`))));

      const hands = await Promise.all(Array.from({ length: 5 }, (_unused, index) => claim(10, `worker-${index}`)));
      const rest = await claim(30);

      const keys = [...hands.flat(), ...rest].map(({ uniqueKey }) => uniqueKey);
      expect(keys).toHaveLength(30);
      expect(new Set(keys).size).toBe(30);
      expect(await claim(30)).toEqual([]);
    });

    it('carries payload and raw mail through byte by byte', async () => {
      const { outbox } = database.repositories;
      const raw = Buffer.from(Array.from({ length: 70_000 }, (_unused, index) => index % 256));
      await outbox.enqueue(mail('a', { recipient: null, payload: undefined, raw }));
      await outbox.enqueue(mail('b', { now: new Date(NOW.getTime() + 1) }));

      const [first, second] = await claim();

      expect(first).toMatchObject({ payload: null, recipient: null, attempts: 1, createdAt: NOW });
      expect(first?.raw?.equals(raw)).toBe(true);
      expect(second).toMatchObject({ payload: mail('b').payload, raw: null });
    });

    it('tries again when told to, gives up when told to, and forgets nothing', async () => {
      const { outbox } = database.repositories;
      await outbox.enqueue(mail('a'));
      const [first] = await claim();
      await outbox.markFailed(first?.id ?? '', { code: 'mail_failed', message: 'refused' }, new Date(Date.now() - 1));
      const [second] = await claim();
      expect(second).toMatchObject({ id: first?.id, attempts: 2 });
      await outbox.markFailed(second?.id ?? '', { code: 'mail_failed', message: 'refused' }, null);

      expect(await claim()).toEqual([]);
      expect(await outbox.counts()).toMatchObject({ queued: 0, failed: 1 });
      await outbox.markSent(first?.id ?? '');
      expect(await outbox.counts()).toMatchObject({ sent: 1, failed: 0 });
    });

    it('refuses a mail of a store that is gone', async () => {
      await expect(database.repositories.outbox.enqueue(mail('a', { storeId: 'sto_nobody' }))).rejects.toMatchObject({
        code: 'not_found',
      });
    });
  });

  describe('a recurring task', () => {
    it('is had by one worker per period', async () => {
      const { tasks } = database.repositories;
      const race = () => Promise.all(Array.from({ length: 10 }, () => tasks.claim('sweep', MINUTE)));

      expect((await race()).filter(Boolean)).toHaveLength(1);
      expect((await race()).filter(Boolean)).toHaveLength(0);
      expect(await tasks.claim('cron', MINUTE)).toBe(true);
      await database
        .as('admin')
        .kysely.updateTable('scheduled_tasks')
        .set({ ran_at: new Date(Date.now() - 2 * MINUTE) })
        .execute();
      expect((await race()).filter(Boolean)).toHaveLength(1);
    });
  });

  describe('workers', () => {
    const worker = { id: 'wrk_1', hostname: 'box', bootId: 'boot', pid: 42, startedAt: NOW };

    it('register, give signs of life, and leave', async () => {
      const { workers } = database.repositories;
      await workers.register(worker);
      await workers.register({ ...worker, pid: 43 });

      expect(await workers.heartbeat('wrk_1')).toBe(true);
      expect(await workers.heartbeat('wrk_1')).toBe(true);
      expect(await workers.heartbeat('wrk_2')).toBe(false);

      const [known] = await workers.list();
      expect(known).toMatchObject({ ...worker, pid: 43 });
      expect(known?.silentMs).toBeGreaterThanOrEqual(0);
      expect(known?.silentMs).toBeLessThan(5 * SECOND);
      await workers.remove('wrk_1');
      expect(await workers.list()).toEqual([]);
    });
  });

  describe('customers', () => {
    it('made by an operator are one per address, however it is written and however many ask at once', async () => {
      const { customers } = database.repositories;

      const made = await Promise.all(
        [' Ann@Example.test', 'ann@example.TEST', 'ann@example.test '].map((email) =>
          customers.getOrCreate({ email, now: NOW }),
        ),
      );

      expect(new Set(made.map(({ id }) => id)).size).toBe(1);
      expect(await customers.findByEmail('ANN@EXAMPLE.TEST')).toMatchObject({
        email: 'ann@example.test',
        createdAt: NOW,
      });
      await expect(customers.create({ email: 'Ann@example.test', role: 'operator' })).rejects.toMatchObject({
        code: 'name_taken',
      });
      expect(await customers.list()).toHaveLength(1);
    });

    it('show their password hash only to signing in', async () => {
      const { customers } = database.repositories;
      const { id } = await customers.create({ email: 'ops@example.test', role: 'operator', passwordHash: 'h1' });
      await customers.setPasswordHash(id, 'h2');

      expect(await customers.findForLogin(id)).toMatchObject({
        id,
        role: 'operator',
        passwordHash: 'h2',
      });
      expect(await customers.find(id)).not.toHaveProperty('passwordHash');
      await expect(customers.setPasswordHash('cus_nobody', 'x')).rejects.toMatchObject({ code: 'not_found' });
    });
  });

  describe('routes', () => {
    it('lead a host to one store, and change with its state', async () => {
      const one = await aLeasedStore(database);
      const other = await aLeasedStore(database);
      const { routes } = database.repositories;
      const route = {
        hostname: one.store.domain,
        storeId: one.store.id,
        port: one.store.port,
        state: 'making' as const,
        redirectTo: null,
      };
      await routes.put(one.lease, route);
      await routes.put(one.lease, { ...route, state: 'live' });

      expect(await routes.list()).toEqual([{ ...route, state: 'live', uploadMb: null, pageLifetime: '10m' }]);
      await expect(routes.put(other.lease, { ...route, storeId: other.store.id })).rejects.toMatchObject({
        code: 'name_taken',
      });
      await routes.setState(other.lease, 'failed');
      expect(await routes.list()).toEqual([{ ...route, state: 'live', uploadMb: null, pageLifetime: '10m' }]);
      await routes.announce(one.lease, { ...route, state: 'making' });
      expect(await routes.list()).toEqual([{ ...route, state: 'live', uploadMb: null, pageLifetime: '10m' }]);
      await routes.setState(one.lease, 'failed');
      expect(await routes.list()).toEqual([{ ...route, state: 'failed', uploadMb: null, pageLifetime: '10m' }]);
      await routes.announce(one.lease, { ...route, state: 'making' });
      expect(await routes.list()).toEqual([{ ...route, state: 'making', uploadMb: null, pageLifetime: '10m' }]);
      await routes.remove(one.lease);
      expect(await routes.list()).toEqual([]);
    });
  });

  describe('settings', () => {
    it.each([8443, 'text', '{"looks":"like json"}', null, { nested: [1, '🙂'] }, false])(
      'keep %j as it is',
      async (value) => {
        const { settings } = database.repositories;
        await settings.set('x', 'before');
        await settings.set('x', value);

        expect(await settings.get('x')).toEqual(value);
        expect(await settings.get('y')).toBeUndefined();
      },
    );
  });

  describe('the audit log', () => {
    it('takes any text as it is, newest first', async () => {
      const { audit } = database.repositories;
      const details = { text: `'"\\ 🙂 \u202E ${'x'.repeat(10_000)}` };
      await audit.append({ actor: 'a', action: 'one', target: 't', details, at: NOW });
      await audit.append({ actor: 'a', action: 'two', target: 't', details: {}, at: NOW });

      const lines = await audit.list({ target: 't' });

      expect(lines.map(({ action }) => action)).toEqual(['two', 'one']);
      expect(lines[1]).toMatchObject({ details, at: NOW });
      expect(await audit.list({ limit: 1 })).toHaveLength(1);
    });
  });

  describe('times', () => {
    it.each(['2026-03-29T01:30:00.001Z', '2026-10-25T00:30:00.999Z', '2039-01-01T00:00:00.000Z'])(
      '%s survives to the millisecond',
      async (text) => {
        const { store } = await aStore(database, { now: new Date(text) });

        expect((await database.repositories.stores.get(store.id)).createdAt.toISOString()).toBe(text);
        const { rows } = await sql<{ clock: Date }>`SELECT CURRENT_TIMESTAMP(3) AS clock`.execute(
          database.as('worker').kysely,
        );
        expect(Math.abs((rows[0]?.clock.getTime() ?? 0) - Date.now())).toBeLessThan(5 * SECOND);
      },
    );
  });

  describe('a named lock', () => {
    it('is held by one at a time, and is free again afterwards', async () => {
      const order: string[] = [];
      const hold = (who: string) =>
        database.as('worker').withLock('edge', 10 * SECOND, new AbortController().signal, async () => {
          order.push(`${who} in`);
          await new Promise((resolve) => setTimeout(resolve, 20));
          order.push(`${who} out`);
        });

      await Promise.all([hold('a'), hold('b'), hold('c')]);

      expect(order.filter((_entry, index) => index % 2 === 0).map((entry) => entry.replace('in', 'out'))).toEqual(
        order.filter((_entry, index) => index % 2 === 1),
      );
    });

    it('is not waited for longer than asked, nor after an abort, and is not shared between databases', async () => {
      const db = database.as('worker');
      const other = (await connect()).as('worker');
      const { signal } = new AbortController();

      await db.withLock('edge', 0, signal, async () => {
        await expect(db.withLock('edge', 0, signal, () => Promise.resolve())).rejects.toMatchObject({
          code: 'already_running',
        });
        await expect(
          db.withLock('edge', MINUTE, AbortSignal.timeout(30), () => Promise.resolve()),
        ).rejects.toMatchObject({ name: 'TimeoutError' });
        await expect(other.withLock('edge', 0, signal, () => Promise.resolve('mine'))).resolves.toBe('mine');
      });
    });

    it('tells its holder when it was lost', async () => {
      const admin = database.as('admin').kysely;
      const holding = database.as('worker').withLock('edge', 0, new AbortController().signal, async (signal) => {
        const { rows } = await sql<{ id: number }>`
          SELECT id FROM information_schema.processlist WHERE user = 'shop_worker' ORDER BY id DESC LIMIT 1
        `.execute(admin);
        await sql`KILL ${sql.lit(rows[0]?.id ?? 0)}`.execute(admin);
        await expect.poll(() => signal.aborted, { timeout: 20 * SECOND }).toBe(true);
        throw signal.reason as Error;
      });

      await expect(holding).rejects.toMatchObject({ code: 'database_unavailable' });
    });
  });

  describe('a database that is not there', () => {
    it('is a retryable error with a hint, also for a wrong password', async () => {
      const address = database.address('worker');
      const nobody = openDatabase({ ...address, port: 1, poolSize: 1 });
      const stranger = openDatabase({ ...address, password: 'wrong', poolSize: 1 });

      for (const db of [nobody, stranger]) {
        await expect(db.ping(AbortSignal.timeout(5000))).rejects.toMatchObject({
          code: 'database_unavailable',
          retryable: true,
          hint: expect.stringContaining('DB_'),
        });
        await db.close();
      }
    });

    it('is told within the limit when a statement does not end, and the next statement is answered', async () => {
      const db = openDatabase({ ...database.address('worker'), poolSize: 1, queryWithinMs: 2 * SECOND });

      await expect(sql`SELECT SLEEP(60)`.execute(db.kysely)).rejects.toMatchObject({
        code: 'database_unavailable',
        retryable: true,
      });
      const { rows } = await sql`SELECT 1 AS one`.execute(db.kysely);

      expect(rows).toEqual([{ one: 1 }]);
      await db.close();
    });

    it('can be waited for, but not for ever', async () => {
      await expect(waitForDatabase(database.address('worker'), AbortSignal.timeout(5000))).resolves.toBeUndefined();
      await expect(
        waitForDatabase({ ...database.address('worker'), port: 1 }, AbortSignal.timeout(100)),
      ).rejects.toMatchObject({ code: 'database_unavailable' });
    });

    it('comes back into use after its connections were cut', async () => {
      const db = database.as('worker');
      const admin = database.as('admin').kysely;
      await Promise.all(Array.from({ length: 4 }, () => db.ping(AbortSignal.timeout(5000))));
      const { rows } = await sql<{ id: number }>`
        SELECT id FROM information_schema.processlist WHERE user = 'shop_worker' AND db = ${database.name}
      `.execute(admin);
      for (const { id } of rows) await sql`KILL ${sql.lit(id)}`.execute(admin);

      const answers = await Promise.allSettled(Array.from({ length: 4 }, () => database.repositories.stores.list()));

      for (const answer of answers) {
        if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'database_unavailable' });
      }
      expect(rows.length).toBeGreaterThan(0);
      await expect
        .poll(() => database.repositories.stores.list().catch(() => null), { timeout: 5 * SECOND })
        .toEqual([]);
    });
  });
});
