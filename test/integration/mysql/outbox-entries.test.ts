import { CompiledQuery, type KyselyPlugin, sql } from 'kysely';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRepositories, type Database } from '../../../src/adapters/mysql/index.ts';
import { MINUTE } from '../../../src/lib/time.ts';
import { forEachDatabase, type TestDatabase } from '../../services/for-each-database.ts';
import { aStore, NOW } from './fixtures.ts';

const MANY = 3000;

forEachDatabase((_, connect) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await connect();
  });
  beforeEach(() => database.reset());

  /** So many mails, the last of them about a store; the first was given up. */
  async function mails() {
    const { store } = await aStore(database);
    const { outbox } = database.repositories;
    for (const at of [1, 2, 3]) {
      await outbox.enqueue({
        uniqueKey: `m-${at}`,
        storeId: at === 3 ? store.id : null,
        recipient: `o${at}@example.com`,
        kind: at === 3 ? 'ready' : 'welcome',
        payload: { at },
        now: NOW,
      });
    }
    const [first] = await outbox.claimDue({ owner: 'w', limit: 1, lane: 'platform', now: NOW, leaseMs: MINUTE });
    if (first === undefined) throw new Error('no mail is due');
    await outbox.markFailed(first.id, { code: 'mail_failed', message: '550 no such user' }, null);
    return { store, failedId: first.id, failedTo: first.recipient };
  }
  const entries = () => createRepositories(database.as('web')).outboxEntries;

  describe('the outbox, to the web process', () => {
    it('tells how many wait, since when, and how many were given up', async () => {
      expect(await entries().backlog()).toEqual({ waiting: 0, failed: 0, oldestWaitingAt: null });
      await mails();
      expect(await entries().backlog()).toEqual({ waiting: 2, failed: 1, oldestWaitingAt: NOW });
    });

    it('shows newest first what fits, page by page', async () => {
      const { store, failedTo } = await mails();
      const toOf = async (filter: Parameters<ReturnType<typeof entries>['page']>[0]) =>
        (await entries().page(filter, { limit: 10 })).mails.map(({ recipient }) => recipient);

      expect((await toOf({})).length).toBe(3);
      expect(await toOf({ status: 'failed' })).toEqual([failedTo]);
      expect(await toOf({ kind: 'ready', storeId: store.id })).toEqual(['o3@example.com']);
      expect(await toOf({ recipient: 'o2@example.com' })).toEqual(['o2@example.com']);
      expect(await toOf({ recipient: 'nobody@example.com' })).toEqual([]);
      const first = await entries().page({}, { limit: 2 });
      const rest = await entries().page({}, { limit: 2, before: first.before ?? '' });
      expect([first.mails.length, rest.mails.length, rest.before]).toEqual([2, 1, null]);
      expect([...first.mails, ...rest.mails].map(({ id }) => id)).toEqual(
        [...first.mails, ...rest.mails]
          .map(({ id }) => id)
          .toSorted()
          .toReversed(),
      );
    });

    it('finds those to one address among many without reading all, as do a person’s own file and the end of an account', async () => {
      const admin = database.as('admin').kysely;
      const rows = Array.from({ length: MANY }, (_, at) => ({
        id: `msg_many${at}`,
        unique_key: `many-${at}`,
        recipient: `o${at}@example.com`,
        kind: 'welcome',
        next_attempt_at: NOW,
        created_at: NOW,
      }));
      await admin.insertInto('outbox').values(rows).execute();
      await sql`ANALYZE TABLE outbox`.execute(admin);
      const asked: CompiledQuery[] = [];
      const spied = { ...database.as('admin'), kysely: admin.withPlugin(spyOn(admin, asked)) };
      const { outbox, outboxEntries } = createRepositories(spied);

      await outbox.sentTo('o7@example.com');
      await outboxEntries.page({ recipient: 'o7@example.com' }, { limit: 50 });
      asked.push(admin.deleteFrom('outbox').where('recipient', '=', 'o7@example.com').compile());

      const keys = [];
      for (const { sql: text, parameters } of asked) {
        const plan = CompiledQuery.raw(`EXPLAIN FORMAT=TRADITIONAL ${text}`, [...parameters]);
        keys.push(...(await admin.executeQuery<{ key: string | null }>(plan)).rows.map(({ key }) => key));
      }
      expect(keys).toEqual(['outbox_recipient', 'outbox_recipient', 'outbox_recipient']);
    });

    it('has a mail that was given up sent once more, with all its attempts, and a line says who wanted it', async () => {
      const { failedId } = await mails();

      await entries().resend({ id: failedId, actor: 'cus_op', requestId: 'req_1', now: NOW });

      expect((await entries().get(failedId)).entry).toMatchObject({ status: 'queued', attempts: 0, error: null });
      const due = await database.repositories.outbox.claimDue({
        owner: 'w',
        limit: 10,
        lane: 'platform',
        now: NOW,
        leaseMs: MINUTE,
      });
      expect(due.find(({ id }) => id === failedId)).toMatchObject({ attempts: 1 });
      expect(await database.repositories.audit.list({ target: failedId })).toMatchObject([
        { actor: 'cus_op', requestId: 'req_1', action: 'mail.resent', details: { was: 'failed', kind: 'welcome' } },
      ]);
      await expect(entries().resend({ id: 'msg_none', actor: 'a', now: NOW })).rejects.toMatchObject({
        code: 'not_found',
      });
    });

    it('gives neither a shop’s own mail away, nor lets anybody write to somebody else', async () => {
      await mails();
      const denied = { code: 'permission_denied' };
      const run = (statement: string) => sql.raw(statement).execute(database.as('web').kysely);

      await expect(run('SELECT raw FROM outbox')).rejects.toMatchObject(denied);
      for (const column of ['recipient', 'payload_json', 'raw', 'kind', 'store_id']) {
        await expect(run(`UPDATE outbox SET ${column} = ${column}`)).rejects.toMatchObject(denied);
      }
      await expect(run('DELETE FROM outbox')).rejects.toMatchObject(denied);
    });
  });
});

/** Writes down what is asked. */
function spyOn(kysely: Database['kysely'], asked: CompiledQuery[]): KyselyPlugin {
  return {
    transformQuery({ node, queryId }) {
      asked.push(kysely.getExecutor().compileQuery(node, queryId));
      return node;
    },
    transformResult: async ({ result }) => result,
  };
}
