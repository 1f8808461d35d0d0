import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { newId } from '../../../src/lib/new-id.ts';
import { DAY } from '../../../src/lib/time.ts';
import { ROUTE_TABLE } from '../../../src/web/api/route-table.ts';
import type { ApiWorld, Person } from './api-world.ts';
import { PAGE_MODULES } from './page-modules.ts';

/** Shorter is no secret: an empty text stands in every answer. */
const SHORTEST = 16;

/** As long as a digest, and unlike anything else. */
const canary = (name: string): string => `canary${name}`.padEnd(64, 'q');

/** What is sealed or kept as a digest is told to nobody, not even to its owner or an operator. */
export function testCanaries(open: () => ApiWorld): void {
  let world: ApiWorld;

  beforeAll(() => {
    world = open();
  });

  /** `table.column` of all that is kept sealed or as a digest, as the schema itself names it: a new one is among them. */
  async function secretColumns(): Promise<{ table: string; column: string }[]> {
    const { kysely } = world.database.as('admin');
    const found = await sql<{ table: string; column: string }>`
      SELECT table_name AS \`table\`, column_name AS \`column\` FROM information_schema.columns
      WHERE table_schema = DATABASE() AND table_name NOT LIKE 'kysely%'
        AND (column_name REGEXP '(^|_)(sealed|hash|secret)$' OR column_name = 'public_key')
      ORDER BY table_name, column_name
    `.execute(kysely);
    return found.rows;
  }

  /** Something of Ann's and of the operator's in each of them. Digests of live sessions and tokens stay: they open the pages. */
  async function fillColumns(): Promise<void> {
    const { ann, operator, database } = world;
    const { kysely } = database.as('admin');
    const [now, later] = [new Date(), new Date(Date.now() + DAY)];
    for (const { customerId, storeId, places } of [ann, operator]) {
      const mark = customerId === ann.customerId ? 'ann' : 'operator';
      const theirs = { customer_id: customerId, created_at: now };
      await kysely
        .replaceInto('sealed_secrets')
        .values(
          ['admin-password', 'db-password', 'mail-password'].map((name, at) => ({
            ...{ store_id: storeId, name, key_id: 'k', sealed: canary(`secret${at}${mark}`), created_at: now },
          })),
        )
        .execute();
      await kysely
        .replaceInto('totp_factors')
        .values({ ...theirs, key_id: 'k', sealed: canary(`app${mark}`), last_step: 0 })
        .execute();
      await kysely
        .replaceInto('recovery_codes')
        .values({ ...theirs, code_hash: canary(`code${mark}`) })
        .execute();
      await kysely
        .insertInto('passkeys')
        .values({
          ...{ ...theirs, id: newId('pky'), credential_id: canary(`credential${mark}`), name: 'A key' },
          ...{ public_key: canary(`key${mark}`), counter: 0, transports_json: '[]' },
        })
        .execute();
      await kysely
        .insertInto('one_time_tokens')
        .values({
          ...{ token_hash: canary(`link${mark}`), subject: customerId, facts_json: '{}' },
          ...{ created_at: now, expires_at: later },
          purpose: 'verify-email',
        })
        .execute();
      await kysely
        .insertInto('kept_answers')
        .values({
          ...{ customer_id: customerId, key_hash: canary(`kept${mark}`), fingerprint: canary(`print${mark}`) },
          ...{ claimed_by: 'req', claimed_until: later, expires_at: later },
        })
        .execute();
      await kysely
        .replaceInto('database_openings')
        .values({
          ...{ store_id: storeId, token_hash: canary(`door${mark}`), session_id: places['sessionId'] ?? '' },
          ...{ opened_at: now, expires_at: later, closed_at: null },
        })
        .execute();
      await kysely
        .updateTable('customers')
        .set({ password_hash: canary(`password${mark}`) })
        .where('id', '=', customerId)
        .execute();
      await kysely
        .updateTable('webhook_endpoints')
        .set({ sealed: canary(`hook${mark}`), old_sealed: canary(`oldhook${mark}`), old_until: later })
        .where('customer_id', '=', customerId)
        .execute();
    }
  }

  test('nothing sealed and no digest stands on any page, in any answer of the API, in a mail or in the log', async () => {
    const { ann, operator, database, web } = world;
    await world.begin();
    await fillColumns();
    const { kysely } = database.as('admin');
    const columns = await secretColumns();
    const needles = new Map<string, string>();
    const empty: string[] = [];
    for (const { table, column } of columns) {
      const found = await sql<{ value: string | null }>`
        SELECT DISTINCT ${sql.ref(column)} AS value FROM ${sql.table(table)}
      `.execute(kysely);
      const values = found.rows.flatMap(({ value }) => (value !== null && value.length >= SHORTEST ? [value] : []));
      if (values.length === 0) empty.push(`${table}.${column}`);
      for (const value of values) needles.set(value, `${table}.${column}`);
    }
    // Each column holds something that could be found, and those that a changed key reaches are among them.
    expect(empty).toEqual([]);
    expect(columns.map(({ table, column }) => `${table}.${column}`)).toEqual(
      expect.arrayContaining([
        ...['sealed_secrets.sealed', 'totp_factors.sealed', 'webhook_endpoints.sealed', 'webhook_endpoints.old_sealed'],
        ...['customers.password_hash', 'sessions.token_hash', 'api_tokens.token_hash', 'recovery_codes.code_hash'],
      ]),
    );

    const hits: string[] = [];
    const search = (place: string, text: string): void => {
      for (const [value, column] of needles) if (text.includes(value)) hits.push(`${place}: ${column}`);
    };
    const fill = (path: string, { places, storeId }: Person): string =>
      path.replaceAll(/:(\w+)/g, (_all, name: string) =>
        encodeURIComponent({ ...places, factor: 'totp' }[name] ?? storeId),
      );
    const asked = [
      { who: 'ann', as: ann, of: ann },
      { who: 'operator', as: operator, of: operator },
      { who: 'operator', as: operator, of: ann },
    ];
    let seen = 0;
    for (const { who, as, of } of asked) {
      for (const { path } of PAGE_MODULES) {
        const url = fill(path, of);
        const answer = await fetch(`${web.base}${url}`, { headers: { cookie: as.cookie }, redirect: 'manual' });
        search(`${who} ${url}`, `${await answer.text()} ${answer.headers.get('location') ?? ''}`);
        if (answer.status === 200) seen += 1;
      }
      for (const route of ROUTE_TABLE.filter(({ method }) => method === 'get')) {
        const { status, text } = await world.ask(`GET ${route.path}`, of.places, { as });
        search(`${who} GET ${route.path}`, text);
        if (status === 200) seen += 1;
      }
    }
    expect(seen).toBeGreaterThan(100);
    for (const mail of await kysely.selectFrom('outbox').select(['id', 'recipient', 'payload_json']).execute()) {
      search(`outbox ${mail.id}`, mail.payload_json ?? '');
      // Those that the world itself wrote down have no facts to be shown with.
      if (![ann.email, operator.email].includes(mail.recipient ?? '')) continue;
      search(
        `mail ${mail.id}`,
        (await world.ask('GET /admin/mail/{mailId}', { mailId: mail.id }, { as: operator })).text,
      );
    }
    expect(web.logLines.length).toBeGreaterThan(100);
    search('log of web', web.logLines.join('\n'));
    expect(hits).toEqual([]);
  });
}
