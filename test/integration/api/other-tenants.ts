import { readFileSync } from 'node:fs';
import type { RouteConfigEntry } from '@react-router/dev/routes';
import { beforeAll, expect, test } from 'vitest';
import { ROUTE_TABLE } from '../../../src/web/api/route-table.ts';
import pageRoutes from '../../../src/web/pages/routes.ts';
import { API_ROUTES } from '../../../src/web/server/api.ts';
import { differenceOf } from '../../services/table-copies.ts';
import { ANNS_TITLE, type ApiWorld, CHANGES_ANYWAY, hookNameOf, type Person, tokenNameOf } from './api-world.ts';
import { adminPasswordOf } from './people.ts';
import { PERMISSIONS } from './permission-matrix.ts';

/** Only Ann's own answers ever hold these. */
const ANNS_OWN = [
  ...[ANNS_TITLE, 'anns-shop@example.com', 'proof-anns-shop', adminPasswordOf('anns-shop')],
  ...[hookNameOf('anns-shop'), tokenNameOf('anns-shop'), 'anns-shop.example/hook'],
];

/** What forms ask for by their fields `intent` and `section`. */
const WISHES =
  'add check primary redirect stay remove resume pause plan revoke close mail mail-test shop test resend on off'.split(
    ' ',
  );

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

/** What is one customer’s is nobody else’s, whatever they ask. */
export function testOtherTenants(open: () => ApiWorld): void {
  let world: ApiWorld;

  beforeAll(() => {
    world = open();
  });

  /** The rows that hold something of Ann's. */
  async function annsRows() {
    const { ann, copies } = world;
    const hers = [...Object.values(ann.places), ann.email];
    const all = await copies.read(CHANGES_ANYWAY);
    return new Map([...all].map(([table, rows]) => [table, rows.filter((row) => hers.some((id) => row.includes(id)))]));
  }

  /** What of Ann's an answer tells that the question has not named. */
  function toldOfAnn(answer: string, asked: string): string[] {
    const { name: _name, ...ids } = world.ann.places;
    return [...ANNS_OWN, ...Object.values(ids)].filter((own) => answer.includes(own) && !asked.includes(own));
  }

  /** Ann's ids in every place, and in every field that any form or body of ours has. */
  function fill(path: string, { places, storeId }: Person): string {
    return path.replaceAll(/[:{](\w+)\}?/g, (_all, name: string) => {
      const all: Readonly<Record<string, string>> = { ...places, id: storeId, factor: 'totp' };
      return encodeURIComponent(all[name] ?? storeId);
    });
  }

  test('whatever Ann has, Bob’s browser and his program find and change none of it by any route of the API', async () => {
    const { ann, bob, bobsAll } = world;
    for (const as of [bob, { secret: bobsAll }]) {
      for (const route of ROUTE_TABLE) {
        const name = `${route.method.toUpperCase()} ${route.path}`;
        const { body, state } = PERMISSIONS[name] ?? {};
        const isLook = route.method === 'get';
        if (!isLook) await world.begin(state);
        const before = isLook ? new Map() : await annsRows();
        const { text } = await world.ask(name, ann.places, { as, body });
        expect([name, toldOfAnn(text, fill(route.path, ann) + JSON.stringify(body))]).toEqual([name, []]);
        if (!isLook) expect([name, differenceOf(before, await annsRows())]).toEqual([name, []]);
      }
    }
  });

  test('something of Bob’s beside something of Ann’s leads to neither', async () => {
    const { ann, bob } = world;
    const two = ROUTE_TABLE.flatMap((route) => {
      const [one = '', other, ...more] = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, place = '']) => place);
      return other === undefined || more.length > 0 ? [] : [{ route, one, other }];
    });
    expect(two.length).toBeGreaterThan(5);
    for (const { route, one, other } of two) {
      const name = `${route.method.toUpperCase()} ${route.path}`;
      const { body, state } = PERMISSIONS[name] ?? {};
      await world.begin(state);
      const before = await annsRows();
      for (const hers of [one, other]) {
        const places = { ...bob.places, [hers]: ann.places[hers] ?? '' };
        const { status, text } = await world.ask(name, places, { as: bob, body });
        const asked = Object.values(places).join(' ') + JSON.stringify(body);
        expect([name, hers, status, toldOfAnn(text, asked)]).toEqual([name, hers, 404, []]);
      }
      expect([name, differenceOf(before, await annsRows())]).toEqual([name, []]);
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
      delivery: ann.places['deliveryId'] ?? '',
      ...{
        storeId: ann.storeId,
        name: 'anns-shop',
        email: bob.email,
        plan: 'business',
        customerId: ann.customerId,
      },
    });
    const older = API_ROUTES.map(({ path }) => ({ path: fill(`${path}?store=${ann.storeId}`, ann), wishes: [''] }));
    const pages = PAGES.map(({ path, wishes }) => ({ path: fill(path, ann), wishes }));
    // Bob's own pages, with Ann's in the fields of their forms.
    const own = PAGES.filter(({ path }) => path.includes(':') && !path.startsWith('/admin'));
    const bobs = own.map(({ path, wishes }) => ({ path: fill(path, bob), wishes }));
    expect(PAGES.length + older.length).toBeGreaterThan(50);
    expect(new Set(PAGES.flatMap(({ wishes }) => wishes)).size).toBe(WISHES.length + 1);
    for (const { path, wishes } of [...pages, ...bobs, ...older]) {
      await world.begin();
      const before = await annsRows();
      for (const init of [{}, ...wishes.map((wish) => ({ method: 'POST', body: new URLSearchParams(form(wish)) }))]) {
        const headers = { cookie: bob.cookie };
        const answer = await fetch(`${web.base}${path}`, { ...init, headers, redirect: 'manual' });
        const isStream = answer.headers.get('content-type') === 'text/event-stream';
        expect([path, isStream, answer.status >= 500]).toEqual([path, false, false]);
        const text = await answer.text();
        const asked = `${path} ${'body' in init ? Object.values(form('')).join(' ') : ''}`;
        expect([path, toldOfAnn(text, asked)]).toEqual([path, []]);
      }
      expect([path, differenceOf(before, await annsRows())]).toEqual([path, []]);
    }
  });
}
