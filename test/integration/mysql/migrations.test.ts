import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDatabaseAndUsers } from '../../../src/adapters/mysql/create-database.ts';
import {
  createRepositories,
  migrate,
  migrationStatus,
  readDatabaseIdentity,
} from '../../../src/adapters/mysql/index.ts';
import { MIGRATIONS } from '../../../src/adapters/mysql/migrations/index.ts';
import { FOREIGN_KEY_COUNT } from '../../../src/adapters/mysql/schema.ts';
import { forEachDatabase, type TestDatabase } from '../../services/for-each-database.ts';
import { aFailedStore, NOW } from './fixtures.ts';

const NAMES = Object.keys(MIGRATIONS);
const GRANT_TO = { worker: 'shop_worker', web: 'shop_web' };

forEachDatabase((_, connect) => {
  describe('migrations', () => {
    let empty: TestDatabase;
    beforeAll(async () => {
      empty = await connect({ schema: 'empty' });
    });

    it('make everything from nothing, and nothing the second time', async () => {
      expect(await migrationStatus(empty.as('migrate'))).toEqual({ upToDate: false, applied: [], pending: NAMES });

      const first = await migrate(empty.as('migrate'), { grantTo: GRANT_TO });
      const second = await migrate(empty.as('migrate'), { grantTo: GRANT_TO });

      expect(first.applied).toEqual(NAMES);
      expect(second.applied).toEqual([]);
      expect(await migrationStatus(empty.as('migrate'))).toEqual({ upToDate: true, applied: NAMES, pending: [] });
    });

    it('are seen as up to date by worker and web, who may not run them', async () => {
      expect((await migrationStatus(empty.as('worker'))).upToDate).toBe(true);
      expect((await migrationStatus(empty.as('web'))).upToDate).toBe(true);
    });

    it('go on after a crash between any statement and its record', async () => {
      const { as } = await connect({ schema: 'empty' });
      const db = as('migrate');
      await migrate(db);
      for (const name of NAMES) {
        await sql`DELETE FROM kysely_migration WHERE name >= ${name}`.execute(db.kysely);

        const { applied } = await migrate(db);

        expect(applied).toEqual(NAMES.filter((other) => other >= name));
      }
    });

    it('make up for one that came to a version later than its successors', async () => {
      const { as } = await connect({ schema: 'empty' });
      const db = as('migrate');
      await migrate(db);
      const [late = ''] = NAMES.slice(-3);
      await sql`DELETE FROM kysely_migration WHERE name = ${late}`.execute(db.kysely);

      expect((await migrate(db)).applied).toEqual([late]);
      expect((await migrationStatus(db)).upToDate).toBe(true);
    });

    it('give a database what tells it from every other; what is migrated later leaves it', async () => {
      const [one, other] = [await connect(), await connect()];
      const identity = await readDatabaseIdentity(one.as('worker'));

      await sql`DELETE FROM kysely_migration WHERE name > ${NAMES[0]}`.execute(one.as('migrate').kysely);
      await migrate(one.as('migrate'));

      expect(await readDatabaseIdentity(one.as('worker'))).toBe(identity);
      expect(await readDatabaseIdentity(other.as('worker'))).not.toBe(identity);
      await sql`DELETE FROM kysely_migration`.execute(other.as('migrate').kysely);
      await expect(readDatabaseIdentity(other.as('worker'))).rejects.toMatchObject({ code: 'schema_outdated' });
    });

    it('let sizes of pools that were said of a platform be those of its default plan', async () => {
      const { repositories, as } = await connect();
      const { kysely } = as('migrate');
      const said = async (name: string, value: unknown) => {
        const value_json = JSON.stringify(value);
        const row = kysely.insertInto('platform_settings').values({ name, value_json });
        await row.onDuplicateKeyUpdate({ value_json }).execute();
      };
      const again = async () => {
        await sql`DELETE FROM kysely_migration WHERE name >= '121'`.execute(kysely);
        await migrate(as('migrate'));
        return (await repositories.platformSettings.read()).poolSizes;
      };

      await said('pool-sizes', { woocommerce: 5 });
      expect(await again()).toEqual({ woocommerce: { starter: 5 } });
      await said('default-plan', 'business');
      await said('pool-sizes', { woocommerce: { starter: 5 }, wordpress: 0 });
      expect(await again()).toEqual({ woocommerce: { starter: 5 }, wordpress: { business: 0 } });
      await sql`DELETE FROM platform_settings`.execute(kysely);
      expect(await again()).toEqual({});
    });

    it('may be started twice at the same moment', async () => {
      const { as } = await connect({ schema: 'empty' });

      const both = await Promise.all([migrate(as('migrate')), migrate(as('admin'))]);

      expect(both.flatMap(({ applied }) => applied).toSorted()).toEqual(NAMES);
    });

    it('make every foreign key for real', async () => {
      const { rows } = await sql<{ count: number }>`
        SELECT COUNT(*) AS count FROM information_schema.referential_constraints
        WHERE constraint_schema = ${empty.name}
      `.execute(empty.as('admin').kysely);

      expect(Number(rows[0]?.count)).toBe(FOREIGN_KEY_COUNT);
    });

    it('make every table InnoDB and utf8mb4', async () => {
      const { rows } = await sql<{ engine: string; collation: string }>`
        SELECT DISTINCT engine AS engine, SUBSTRING_INDEX(table_collation, '_', 1) AS collation
        FROM information_schema.tables WHERE table_schema = ${empty.name}
      `.execute(empty.as('admin').kysely);

      expect(rows).toEqual([{ engine: 'InnoDB', collation: 'utf8mb4' }]);
    });

    it('seed the three plans, and leave them as an operator changed them', async () => {
      const { repositories, as } = await connect();
      await repositories.plans.syncDefaultPlan({ memoryMb: 1536, cpuMillis: undefined });
      await sql`DELETE FROM kysely_migration`.execute(as('migrate').kysely);
      await migrate(as('migrate'));

      const plans = await repositories.plans.list();

      expect(plans.map(({ name, memoryMb, isDefault }) => [name, memoryMb, isDefault])).toEqual([
        ['starter', 1536, true],
        ['business', 2048, false],
        ['scale', 4096, false],
      ]);
      expect(await repositories.plans.default()).toEqual(await repositories.plans.get('starter'));
      await expect(repositories.plans.get('gold')).rejects.toMatchObject({
        code: 'not_found',
        hint: expect.stringContaining('starter, business, scale'),
      });
    });

    it('let every account that is there hold its address, and several carry one from then on', async () => {
      const { as } = await connect({ schema: 'empty' });
      const { kysely } = as('admin');
      const before = NAMES.slice(0, NAMES.indexOf('021-claimed-emails'));
      for (const name of before) await MIGRATIONS[name]?.up(kysely);
      await sql`INSERT INTO customers (id, email, role, created_at) VALUES ('cus_a', 'a@x.test', 'customer', NOW(3))`.execute(
        kysely,
      );

      await migrate(as('migrate'));

      const repositories = createRepositories(as('admin'));
      expect(await repositories.customers.listForLogin('a@x.test')).toMatchObject([{ id: 'cus_a', isClaimed: true }]);
      await expect(repositories.customers.create({ email: 'a@x.test', role: 'customer' })).rejects.toMatchObject({
        code: 'name_taken',
      });
      await sql`INSERT INTO customers (id, email, role, created_at) VALUES ('cus_b', 'a@x.test', 'customer', NOW(3))`.execute(
        kysely,
      );
      expect(await repositories.customers.listForLogin('a@x.test')).toMatchObject([
        { id: 'cus_a', isClaimed: true },
        { id: 'cus_b', isClaimed: false },
      ]);
    });

    it('are said to be missing in words when a table is not there', async () => {
      const { as } = await connect({ schema: 'empty' });

      await expect(as('migrate').kysely.selectFrom('stores').selectAll().execute()).rejects.toMatchObject({
        code: 'schema_outdated',
        hint: expect.stringContaining('migrate'),
      });
    });

    it('can be preceded by making database and users as often as one likes', async () => {
      await createDatabaseAndUsers(empty.address('admin'), empty.wanted);

      await expect(empty.as('worker').ping(AbortSignal.timeout(5000))).resolves.toBeUndefined();
    });
  });

  describe('the rights of the users', () => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await connect();
    });
    const run = (role: 'migrate' | 'worker' | 'web', statement: string) =>
      sql.raw(statement).execute(database.as(role).kysely);
    const denied = { code: 'permission_denied' };

    it('keep web away from sealed secrets', async () => {
      await expect(run('web', 'SELECT * FROM sealed_secrets')).rejects.toMatchObject(denied);
      await expect(run('web', 'DELETE FROM sealed_secrets')).rejects.toMatchObject(denied);
    });

    it.each(['worker', 'web'] as const)('let %s add to the audit log, never change or delete a line', async (role) => {
      await expect(run(role, 'UPDATE ledger_seals SET position = 1')).rejects.toMatchObject(denied);
      await expect(run(role, 'DELETE FROM ledger_seals')).rejects.toMatchObject(denied);
      const insert = `INSERT INTO audit_log (actor, action, target, details_json, at) VALUES ('a', 'b', 'c', '{}', NOW())`;

      await expect(run(role, insert)).resolves.toBeDefined();
      await expect(run(role, `UPDATE audit_log SET actor = 'x'`)).rejects.toMatchObject(denied);
      await expect(run(role, 'DELETE FROM audit_log')).rejects.toMatchObject(denied);
      await expect(run(role, 'TRUNCATE TABLE audit_log')).rejects.toMatchObject(denied);
    });

    it.each(['worker', 'web'] as const)('let %s change no table', async (role) => {
      await expect(run(role, 'CREATE TABLE mine (id INT)')).rejects.toMatchObject(denied);
      await expect(run(role, 'ALTER TABLE stores ADD COLUMN mine INT')).rejects.toMatchObject(denied);
      await expect(run(role, 'DROP TABLE settings')).rejects.toMatchObject(denied);
      await expect(run(role, 'CREATE INDEX mine ON stores (title(10))')).rejects.toMatchObject(denied);
    });

    it('let nobody of ours see another database', async () => {
      const other = await connect();
      for (const role of ['migrate', 'worker', 'web'] as const) {
        const { rows } = await sql<{ Database: string }>`SHOW DATABASES LIKE 'mysql'`.execute(other.as(role).kysely);
        expect(rows).toEqual([]);
      }
    });

    it('let web do what a visitor may ask for', async () => {
      await expect(run('web', 'SELECT * FROM stores FOR UPDATE')).resolves.toBeDefined();
      await expect(run('web', 'SELECT * FROM ledger_seals')).rejects.toMatchObject(denied);
      await expect(run('web', 'DELETE FROM stores')).rejects.toMatchObject(denied);
    });

    it('let web have a failed store retried', async () => {
      const { store, runId } = await aFailedStore(database);
      const asked = { storeId: store.id, actor: store.customerId, now: NOW };

      expect(await createRepositories(database.as('web')).runs.queueRetry(asked)).toBe(runId);
    });

    it('let web make no domain anybody’s, and give no store a second name of the platform', async () => {
      const { store } = await aFailedStore(database);
      const insert = (columns: string, values: string) =>
        run(
          'web',
          `INSERT INTO domains (hostname, store_id, created_at${columns}) VALUES ('stolen.example', '${store.id}', NOW(3)${values})`,
        );

      await expect(insert(', kind', `, 'custom'`)).rejects.toMatchObject(denied);
      await expect(insert('', '')).rejects.toThrow(/domains_platform_unique/);
      await expect(run('web', `INSERT INTO stores (id, active_at) VALUES ('sto_x', NOW(3))`)).rejects.toMatchObject(
        denied,
      );
    });

    // What root acts on, and who may do more than others.
    it.each([
      ['stores', 'images_json'],
      ['stores', 'status'],
      ['stores', 'customer_id'],
      ['stores', 'fence'],
      ['stores', 'lease_owner'],
      ['customers', 'role'],
      ['customers', 'created_at'],
      ['provisioning_jobs', 'kind'],
      ['provisioning_jobs', 'store_id'],
      ['provisioning_steps', 'name'],
      ['pools', 'name'],
      ['domains', 'hostname'],
      ['ports', 'port'],
      ['subnets', 'subnet'],
      ['uids', 'uid'],
      ['routes', 'port'],
      ['settings', 'value_json'],
    ])('let web change of %s no %s', async (table, column) => {
      await expect(run('web', `UPDATE ${table} SET ${column} = ${column}`)).rejects.toMatchObject(denied);
      await expect(run('web', `DELETE FROM ${table}`)).rejects.toMatchObject(denied);
    });

    it('are no more than they should be, also after a version that gave more', async () => {
      const { as, name } = await connect();
      const rightsOf = async () => {
        const { rows } = await sql<{ what: string }>`
          SELECT CONCAT_WS(' ', grantee, table_name, privilege_type) AS what FROM information_schema.table_privileges
          WHERE table_schema = ${name} AND grantee LIKE '%shop_w%'
          UNION ALL
          SELECT CONCAT_WS(' ', grantee, table_name, column_name, privilege_type)
          FROM information_schema.column_privileges WHERE table_schema = ${name} AND grantee LIKE '%shop_w%'
          ORDER BY what
        `.execute(as('admin').kysely);
        return rows.map(({ what }) => what);
      };
      const today = await rightsOf();
      for (const table of ['customers', 'stores', 'sealed_secrets', 'uids', 'plans', 'audit_log'])
        for (const user of ['shop_web', 'shop_worker'])
          await sql`GRANT SELECT, INSERT, UPDATE, DELETE ON ${sql.table(table)} TO ${sql.lit(user)}@'%'`.execute(
            as('migrate').kysely,
          );
      await sql`GRANT UPDATE (images_json) ON stores TO 'shop_web'@'%'`.execute(as('migrate').kysely);
      expect(await rightsOf()).not.toEqual(today);

      await migrate(as('migrate'), { grantTo: GRANT_TO });

      expect(today).toContain(`'shop_web'@'%' customers password_hash UPDATE`);
      expect(await rightsOf()).toEqual(today);
      await expect(sql`UPDATE stores SET images_json = '{}'`.execute(as('web').kysely)).rejects.toMatchObject(denied);
    });
  });
});
