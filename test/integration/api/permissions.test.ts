import { afterAll, beforeAll, expect, test } from 'vitest';
import { MINUTE } from '../../../src/lib/time.ts';
import { ROUTE_TABLE } from '../../../src/web/api/route-table.ts';
import { forEachDatabase } from '../../services/for-each-database.ts';
import { type ApiWorld, openApiWorld, type Person } from './api-world.ts';
import { ACTORS, PERMISSIONS } from './permission-matrix.ts';

const ROUTES = ROUTE_TABLE.map(({ method, path }) => `${method.toUpperCase()} ${path}`);

test('the matrix has a line for every route, and no other', () => {
  expect(Object.keys(PERMISSIONS).toSorted()).toEqual(ROUTES.toSorted());
});

forEachDatabase(
  (_name, connect) => {
    let world: ApiWorld;

    beforeAll(async () => {
      world = await openApiWorld(await connect());
    }, 5 * MINUTE);
    afterAll(() => world?.web.stop());

    test('the document holds exactly the routes of the table', () => {
      expect(world.operations.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(ROUTES.toSorted());
    });

    test.each(ROUTES)('%s gives everybody what the matrix says', async (route) => {
      const people: Readonly<Record<string, Person | undefined>> = {
        ann: world.ann,
        bob: world.bob,
        operator: world.operator,
      };
      const got = [];
      for (const actor of ACTORS) {
        got.push((await world.ask(route, { storeId: world.ann.storeId }, { as: people[actor] })).status);
      }

      expect(got).toEqual(PERMISSIONS[route]);
    });
  },
  { only: 'MySQL' },
);
