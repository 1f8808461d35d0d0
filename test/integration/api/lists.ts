import { beforeAll, expect, test } from 'vitest';
import { newId } from '../../../src/lib/new-id.ts';
import type { ApiWorld } from './api-world.ts';

/** Lists, page by page. */
export function testLists(open: () => ApiWorld): void {
  let world: ApiWorld;

  beforeAll(() => {
    world = open();
  });

  test('a list goes on where its last page ended, whatever is added meanwhile', async () => {
    const { operator, database } = world;
    await world.begin();
    const first = await world.ask('GET /admin/mail?limit=2', {}, { as: operator });
    const { items, next } = first.json as { items: { id: string }[]; next: string };
    await database.repositories.outbox.enqueue({
      ...{ uniqueKey: 'later', storeId: null, recipient: 'a@example.com', kind: 'test' },
      ...{ payload: {}, now: new Date() },
    });
    const second = await world.ask(`GET /admin/mail?limit=100&cursor=${next}`, {}, { as: operator });
    const rest = (second.json as { items: { id: string }[] }).items;
    expect(items).toHaveLength(2);
    expect(rest.map(({ id }) => id)).toEqual(
      rest
        .map(({ id }) => id)
        .toSorted()
        .toReversed(),
    );
    expect(rest.filter(({ id }) => id >= (items[1]?.id ?? ''))).toEqual([]);
  });

  test('a cursor that is none of ours, a day at the end of time and a full last page are no trouble', async () => {
    const { operator, database, web } = world;
    await world.begin();
    const ask = (route: string) => world.ask(route, {}, { as: operator });
    const at = (moment: string, id: string) => Buffer.from(JSON.stringify({ at: moment, id })).toString('base64url');
    for (const list of ['stores', 'customers', 'runs']) {
      for (const id of ['', 'STO_1', 'a~b', "' OR 1=1", 'x'.repeat(65)]) {
        const refused = await ask(`GET /admin/${list}?cursor=${at('2026-11-26T10:00:00.000Z', id)}`);
        expect([list, id, refused.status, refused.json]).toEqual([
          ...[list, id, 422],
          expect.objectContaining({ code: 'invalid_input', fields: { cursor: expect.any(String) } }),
        ]);
      }
      for (const [moment, count] of [
        ['0001-01-01T00:00:00.000Z', 0],
        ['9999-12-31T23:59:59.999Z', 1],
      ] as const) {
        const { status, json } = await ask(`GET /admin/${list}?cursor=${at(moment, 'a')}`);
        expect([list, moment, status]).toEqual([list, moment, 200]);
        expect((json as { items: unknown[] }).items.length).toBeGreaterThanOrEqual(count);
      }
    }
    for (const query of ['until=9999-12-31', 'since=0001-01-01&until=9999-12-31', 'since=9999-12-31']) {
      const headers = { cookie: operator.cookie };
      const answers = [
        await ask(`GET /admin/ledger?${query}`),
        await ask(`GET /admin/ledger/export?${query}`),
        await fetch(`${web.base}/admin/ledger?${query}`, { headers }),
      ];
      expect([query, answers.map(({ status }) => status)]).toEqual([query, [200, 200, 200]]);
    }
    const all = (await ask('GET /admin/ledger')).json;
    expect((await ask('GET /admin/ledger?until=9999-12-31')).json).toEqual(all);

    const { kysely } = database.as('admin');
    const [template] = await kysely.selectFrom('customers').selectAll().limit(1).execute();
    const customers = async () =>
      Number(
        (
          await kysely
            .selectFrom('customers')
            .select(({ fn }) => fn.countAll<number>().as('count'))
            .executeTakeFirstOrThrow()
        ).count,
      );
    const add = async () => {
      if (template === undefined) throw new Error('There is no customer.');
      const [id, email] = [newId('cus'), `${newId('cus')}@example.com`];
      await kysely
        .insertInto('customers')
        .values({ ...template, id, email, claimed_email: null, role: 'customer' })
        .execute();
    };
    while ((await customers()) < 50) await add();
    const full = (await ask('GET /admin/customers')).json as { items: unknown[]; next: string | null };
    expect([full.items.length, full.next]).toEqual([50, null]);
    await add();
    const first = (await ask('GET /admin/customers')).json as { items: unknown[]; next: string };
    const second = (await ask(`GET /admin/customers?cursor=${first.next}`)).json as typeof full;
    expect([first.items.length, second.items.length, second.next]).toEqual([50, 1, null]);
  });
}
