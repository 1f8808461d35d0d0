import { readFileSync } from 'node:fs';
import type { RouteConfigEntry } from '@react-router/dev/routes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scopesFor } from '../../../src/domain/api-token.ts';
import { MINUTE } from '../../../src/lib/time.ts';
import { ROUTE_TABLE } from '../../../src/web/api/route-table.ts';
import pageRoutes from '../../../src/web/pages/routes.ts';
import { API_ROUTES } from '../../../src/web/server/api.ts';
import { forEachDatabase } from '../../services/for-each-database.ts';
import { differenceOf } from '../../services/table-copies.ts';
import { type ApiWorld, CHANGES_ANYWAY, openApiWorld } from './api-world.ts';
import { ADMIN_PASSWORD, giveToken } from './people.ts';
import { PERMISSIONS } from './permission-matrix.ts';

/** Only Ann's own answers ever hold these. */
const ANNS_TITLE = 'Annotated Flowers';
const ANNS_OWN = [ANNS_TITLE, 'anns-shop@example.com', 'proof-anns-shop', ADMIN_PASSWORD];

/** What forms ask for by their fields `intent` and `section`. */
const WISHES = 'add check primary redirect stay remove resume pause plan revoke close mail mail-test shop'.split(' ');

/** The address of every page, with its places as `:name`, and the wishes that its module names: to others it is deaf. */
function pagesOf(entries: readonly RouteConfigEntry[], above = ''): { path: string; wishes: readonly string[] }[] {
  return entries.flatMap(({ path = '', file, children }) => {
    const here = path === '' ? above : `${above}/${path}`;
    if (children !== undefined) return pagesOf(children, here);
    const text = readFileSync(new URL(`../../../src/web/pages/${file}`, import.meta.url), 'utf8');
    const wishes = WISHES.filter((wish) => new RegExp(`\\b${wish}\\b`).test(text));
    return [{ path: here === '' ? '/' : here, wishes: ['', ...wishes] }];
  });
}
const PAGES = pagesOf(pageRoutes).filter(({ path }) => !path.includes('*'));

forEachDatabase(
  (_name, connect) => {
    let world: ApiWorld;
    let bobsToken: string;

    beforeAll(async () => {
      world = await openApiWorld(await connect());
      const { ann, bob, database, copies } = world;
      const titled = database.as('admin').kysely.updateTable('stores').set({ title: ANNS_TITLE });
      await titled.where('id', '=', ann.storeId).execute();
      bobsToken = (await giveToken(database, bob.customerId, scopesFor('customer'))).secret;
      await copies.hold();
    }, 5 * MINUTE);
    afterAll(() => world?.stop());

    /** The rows that hold something of Ann's. */
    async function annsRows() {
      const { ann, copies } = world;
      const hers = [...Object.values(ann.places), ann.email];
      const all = await copies.read(CHANGES_ANYWAY);
      return new Map(
        [...all].map(([table, rows]) => [table, rows.filter((row) => hers.some((id) => row.includes(id)))]),
      );
    }

    /** Ann's ids in every place, and in every field that any form or body of ours has. */
    function fill(path: string): string {
      return path.replaceAll(/[:{](\w+)\}?/g, (_all, name: string) => {
        const places: Readonly<Record<string, string>> = { ...world.ann.places, id: world.ann.storeId, factor: 'totp' };
        return encodeURIComponent(places[name] ?? world.ann.storeId);
      });
    }

    test('whatever Ann has, Bob’s browser and his program find and change none of it by any route of the API', async () => {
      const { ann, bob } = world;
      for (const as of [bob, { secret: bobsToken }]) {
        for (const route of ROUTE_TABLE) {
          const name = `${route.method.toUpperCase()} ${route.path}`;
          const { body, state } = PERMISSIONS[name] ?? {};
          const isLook = route.method === 'get';
          if (!isLook) await world.begin(state);
          const before = isLook ? new Map() : await annsRows();
          const { text } = await world.ask(name, ann.places, { as, body });
          expect([name, ANNS_OWN.filter((secret) => text.includes(secret))]).toEqual([name, []]);
          if (!isLook) expect([name, differenceOf(before, await annsRows())]).toEqual([name, []]);
        }
      }
    });

    test('what is Ann’s is told from what never was by nothing in the answer', async () => {
      const { ann, bob } = world;
      const nobodys = Object.fromEntries(
        Object.entries(ann.places).map(([name, id]) => [name, id.replace(/.{4}$/, 'zzzz')]),
      );
      await world.begin();
      for (const route of ROUTE_TABLE.filter(({ path }) => path.includes('{') && !path.startsWith('/names'))) {
        const name = `${route.method.toUpperCase()} ${route.path}`;
        const asked = { as: bob, body: PERMISSIONS[name]?.body };
        const [hers, none] = [await world.ask(name, ann.places, asked), await world.ask(name, nobodys, asked)];
        const told = ({ json }: typeof hers) => ({ ...(json as object), requestId: '' });
        expect([name, hers.status, told(hers)]).toEqual([name, none.status, told(none)]);
      }
    });

    test('nor by any page, form or older route', async () => {
      const { ann, bob, web } = world;
      // Not Ann's address: whoever knows one may try to log in with it, or have a mail sent there.
      const form = (wish: string) => ({
        ...{
          intent: wish,
          section: wish,
          whose: 'admin',
          domain: ann.places['hostname'] ?? '',
          session: ann.places['sessionId'] ?? '',
        },
        ...{ token: ann.places['tokenId'] ?? '', id: ann.places['tokenId'] ?? '', store: ann.storeId },
        ...{
          storeId: ann.storeId,
          name: 'anns-shop',
          email: bob.email,
          plan: 'business',
          customerId: ann.customerId,
        },
      });
      const older = API_ROUTES.map(({ path }) => ({ path: `${path}?store=${ann.storeId}`, wishes: [''] }));
      expect(PAGES.length + older.length).toBeGreaterThan(50);
      expect(new Set(PAGES.flatMap(({ wishes }) => wishes)).size).toBe(WISHES.length + 1);
      for (const { path: route, wishes } of [...PAGES, ...older]) {
        const path = fill(route);
        await world.begin();
        const before = await annsRows();
        for (const init of [{}, ...wishes.map((wish) => ({ method: 'POST', body: new URLSearchParams(form(wish)) }))]) {
          const headers = { cookie: bob.cookie };
          const answer = await fetch(`${web.base}${path}`, { ...init, headers, redirect: 'manual' });
          const isStream = answer.headers.get('content-type') === 'text/event-stream';
          expect([path, isStream, answer.status >= 500]).toEqual([path, false, false]);
          const text = await answer.text();
          expect([path, ANNS_OWN.filter((secret) => text.includes(secret))]).toEqual([path, []]);
        }
        expect([path, differenceOf(before, await annsRows())]).toEqual([path, []]);
      }
    });
  },
  { only: 'MySQL' },
);
