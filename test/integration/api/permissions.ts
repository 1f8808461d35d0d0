import { beforeAll, expect, test } from 'vitest';
import { MINUTE } from '../../../src/lib/time.ts';
import { ROUTE_TABLE } from '../../../src/web/api/route-table.ts';
import { differenceOf } from '../../services/table-copies.ts';
import { type ApiWorld, type Asker, CHANGES_ANYWAY } from './api-world.ts';
import { giveToken } from './people.ts';
import { ACTORS, PERMISSIONS } from './permission-matrix.ts';

const nameOf = ({ method, path }: (typeof ROUTE_TABLE)[number]): string => `${method.toUpperCase()} ${path}`;
const ROUTES = ROUTE_TABLE.map(nameOf);

test('the matrix has a line for every route, and no other', () => {
  expect(Object.keys(PERMISSIONS).toSorted()).toEqual(ROUTES.toSorted());
});

/** Who may call what: the matrix, tokens, scopes, limits. */
export function testPermissions(open: () => ApiWorld): void {
  let world: ApiWorld;

  beforeAll(() => {
    world = open();
  });

  test('the document holds exactly the routes of the table', () => {
    expect(world.operations.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(ROUTES.toSorted());
  });

  test.each(ROUTE_TABLE.map((route) => [nameOf(route), route.scope] as const))(
    '%s gives everybody what the matrix says',
    async (route, scope) => {
      const { body, state, gets } = PERMISSIONS[route] ?? { gets: [] };
      const { ann, bob, operator, annsAll, acting, bare, operatorsAll } = world;
      const tokens = scope === null ? { only: annsAll, others: annsAll } : world.tokens.get(scope);
      const askers: Readonly<Record<string, Asker>> = {
        ann,
        bob,
        operator,
        'without scope': tokens && { secret: tokens.others },
        'with scope': tokens && { secret: tokens.only },
        'operator as ann': acting,
        'operator without factor': bare,
        'operator’s program': { secret: operatorsAll },
      };
      const got: number[] = [];
      for (const actor of ACTORS) {
        // A look leaves everything as it was, and so does what was refused.
        const isAsBefore = got.length > 0 && (route.startsWith('GET') || (got.at(-1) ?? 0) >= 400);
        if (!isAsBefore) await world.begin(state);
        got.push((await world.ask(route, ann.places, { as: askers[actor], body })).status);
      }

      expect(got).toEqual(gets);
    },
  );

  test('a browser whose proof is old is asked for it again by every route of consequence, and nothing is done', async () => {
    const { ann, operator } = world;
    const fresh = ROUTE_TABLE.filter(({ needsProof }) => needsProof === true);
    await world.begin();
    const long = new Date(Date.now() - 6 * MINUTE);
    await world.database.as('admin').kysely.updateTable('sessions').set({ proven_at: long }).execute();
    const before = await world.copies.read(CHANGES_ANYWAY);
    const got = [];
    for (const route of fresh) {
      const as = route.who === 'operator' ? operator : ann;
      const { status, json } = await world.ask(nameOf(route), ann.places, {
        as,
        body: PERMISSIONS[nameOf(route)]?.body,
      });
      got.push([status, (json as { code: string }).code]);
    }

    expect(fresh.length).toBeGreaterThan(8);
    expect(got).toEqual(fresh.map(() => [401, 'step_up_required']));
    expect(differenceOf(before, await world.copies.read(CHANGES_ANYWAY))).toEqual([]);
  });

  test('no token of a customer opens an operator’s route, whatever it may do; nor one that is over, revoked, changed or somebody’s no more', async () => {
    const { ann, annsAll, database } = world;
    await world.begin();
    for (const route of ROUTE_TABLE.filter(({ who }) => who === 'operator')) {
      expect((await world.ask(nameOf(route), ann.places, { as: { secret: annsAll } })).status).toBe(404);
    }
    const ask = async (secret: string) => (await world.ask('GET /account', {}, { as: { secret } })).status;
    const over = await giveToken(database, ann.customerId, ['account:read'], { expiresAt: new Date(Date.now() - 1) });
    const revoked = await giveToken(database, ann.customerId, ['account:read']);
    expect(await ask(revoked.secret)).toBe(200);
    const { customerId } = ann;
    await database.repositories.apiTokens.revoke({ actor: customerId, customerId, id: revoked.id, now: new Date() });
    for (const secret of [over.secret, revoked.secret, `${annsAll.slice(0, -1)}_`, 'shp_', 'x'.repeat(5000)]) {
      expect(await ask(secret)).toBe(401);
    }
  });

  test('who was an operator, or has lost the second factor, has a token that opens nothing of the desk', async () => {
    const { operator, tokens, database } = world;
    const { kysely } = database.as('admin');
    const as = { secret: tokens.get('desk:read')?.only ?? '' };
    await world.begin();
    await kysely.deleteFrom('totp_factors').where('customer_id', '=', operator.customerId).execute();
    expect((await world.ask('GET /admin/stores', {}, { as })).json).toMatchObject({ code: 'second_factor_required' });
    await world.begin();
    await kysely.updateTable('customers').set({ role: 'customer' }).where('id', '=', operator.customerId).execute();
    expect((await world.ask('GET /admin/stores', {}, { as })).status).toBe(404);
  });
}
