import { beforeAll, expect, test } from 'vitest';
import { ROUTE_TABLE } from '../../../src/web/api/route-table.ts';
import { API_ROUTES } from '../../../src/web/server/api.ts';
import { differenceOf } from '../../services/table-copies.ts';
import { ANNS_TITLE, type ApiWorld, CHANGES_ANYWAY, hookNameOf, type Person, tokenNameOf } from './api-world.ts';
import { PAGE_MODULES } from './page-modules.ts';
import { adminPasswordOf } from './people.ts';
import { PERMISSIONS } from './permission-matrix.ts';

/** Only Ann's own answers ever hold these. */
const ANNS_OWN = [
  ...[ANNS_TITLE, 'anns-shop@example.com', 'proof-anns-shop', adminPasswordOf('anns-shop')],
  ...[hookNameOf('anns-shop'), tokenNameOf('anns-shop'), 'anns-shop.example/hook'],
];

/** Fields that say which of several things is meant: an id of Ann's in them must lead nowhere. */
const ID_FIELDS = ['session', 'token', 'delivery', 'domain', 'account', 'store'];

/** A name that leads to somebody's shop is told from one that leads nowhere by everybody who opens it. */
const IS_PUBLIC_ANYWAY = 'add';

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

  /** As if somebody had all that Ann has, under other ids: nobody ever did. */
  function nobody(): Person {
    const other = (id: string): string => id.replace(/.{4}$/, 'zzzz');
    const places = Object.entries(world.ann.places).map(([name, id]) => [name, other(id)]);
    return { ...world.ann, storeId: other(world.ann.storeId), places: Object.fromEntries(places) };
  }

  /** Every field that a form of ours is read by, filled with ids of whomever: a new field gets one, too. */
  function formWith({ places, storeId }: Person, wish: string): Record<string, string> {
    const read = PAGE_MODULES.flatMap(({ fields }) => fields).map((field) => [field, storeId]);
    return {
      ...Object.fromEntries(read),
      ...{ intent: wish, section: wish, act: wish, store: storeId, id: places['tokenId'] ?? '' },
      ...{ domain: places['hostname'] ?? '', session: places['sessionId'] ?? '', token: places['tokenId'] ?? '' },
      ...{ delivery: places['deliveryId'] ?? '', account: places['customerId'] ?? '' },
      // Not Ann's address: whoever knows one may try to log in with it, or have a mail sent there.
      ...{ email: world.bob.email, name: 'anns-shop', plan: 'business', whose: 'admin' },
    };
  }

  /** What Bob's browser is answered, as far as it tells one id from another. */
  async function toldBob(path: string, form?: Record<string, string>) {
    const { web, bob, ann } = world;
    const init = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) };
    const answer = await fetch(`${web.base}${path}`, {
      ...init,
      headers: { cookie: bob.cookie },
      redirect: 'manual',
    });
    const ids = [ann, nobody()].flatMap(({ places, storeId }) => [...Object.values(places), storeId]);
    const blank = (text: string): string =>
      ids
        .toSorted((one, other) => other.length - one.length)
        .reduce((left, id) => left.replaceAll(id, 'ID').replaceAll(encodeURIComponent(id), 'ID'), text)
        .replaceAll(/nonce=\\?"[^"\\]*\\?"/g, 'nonce')
        .replaceAll(/req_[0-9a-z]{26}/g, 'REQUEST')
        // What is his own is a moment older the second time.
        .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z|\b1\d{12}\b|<time[^>]*>[^<]*/g, 'TIME');
    const { status, headers } = answer;
    const type = headers.get('content-type');
    return { status, type, to: blank(headers.get('location') ?? ''), body: blank(await answer.text()) };
  }

  test('what is Ann’s is told from what never was by nothing in the answer', async () => {
    const { ann, bob } = world;
    const { places: nobodys } = nobody();
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
    const older = API_ROUTES.map(({ path }) => ({ path: fill(`${path}?store=${ann.storeId}`, ann), wishes: [''] }));
    const pages = PAGE_MODULES.map(({ path, wishes }) => ({ path: fill(path, ann), wishes }));
    // Bob's own pages, with Ann's in the fields of their forms.
    const own = PAGE_MODULES.filter(({ path }) => path.includes(':') && !path.startsWith('/admin'));
    const bobs = own.map(({ path, wishes }) => ({ path: fill(path, bob), wishes }));
    expect(PAGE_MODULES.length + older.length).toBeGreaterThan(50);
    for (const { path, wishes } of [...pages, ...bobs, ...older]) {
      await world.begin();
      const before = await annsRows();
      for (const init of [
        {},
        ...wishes.map((wish) => ({ method: 'POST', body: new URLSearchParams(formWith(ann, wish)) })),
      ]) {
        const headers = { cookie: bob.cookie };
        const answer = await fetch(`${web.base}${path}`, { ...init, headers, redirect: 'manual' });
        const isStream = answer.headers.get('content-type') === 'text/event-stream';
        expect([path, isStream, answer.status >= 500]).toEqual([path, false, false]);
        const text = await answer.text();
        const asked = `${path} ${'body' in init ? Object.values(formWith(ann, '')).join(' ') : ''}`;
        expect([path, toldOfAnn(text, asked)]).toEqual([path, []]);
      }
      expect([path, differenceOf(before, await annsRows())]).toEqual([path, []]);
    }
  });

  test('every form is known by what its module reads', () => {
    const wishesOf = (path: string) => PAGE_MODULES.find((page) => page.path === path)?.wishes ?? [];
    const { fields } = PAGE_MODULES.find(({ path }) => path === '/account/webhooks/:webhookId') ?? { fields: [] };

    expect(wishesOf('/stores/:storeId/settings')).toEqual(
      expect.arrayContaining(['', 'plan', 'pause', 'resume', 'mail', 'mail-test', 'shop', 'maintenance', 'php']),
    );
    expect(wishesOf('/stores/:storeId/domains')).toEqual(
      expect.arrayContaining(['add', 'check', 'primary', 'redirect']),
    );
    expect(wishesOf('/admin/customers/:customerId/lock')).toEqual(expect.arrayContaining(['unlock']));
    expect(fields).toEqual(expect.arrayContaining(['intent', 'delivery']));
    const read = new Set(PAGE_MODULES.flatMap((page) => page.fields));
    expect(ID_FIELDS.filter((field) => field !== 'store' && !read.has(field))).toEqual([]);
  });

  test('no page tells what is Ann’s from what never was, whatever is asked of it', async () => {
    const { ann } = world;
    const pages = PAGE_MODULES.filter(({ path }) => /:(?!factor\b)/.test(path));
    expect(pages.length).toBeGreaterThan(25);
    for (const { path, wishes } of pages) {
      await world.begin();
      for (const wish of [undefined, ...wishes]) {
        const asked = (who: Person) => toldBob(fill(path, who), wish === undefined ? undefined : formWith(who, wish));
        expect([path, wish, await asked(ann)]).toEqual([path, wish, await asked(nobody())]);
      }
    }
  });

  test('nor does a form of Bob’s own that names something of Ann’s', async () => {
    const { ann, bob } = world;
    const pages = PAGE_MODULES.filter(
      ({ layout, fields }) =>
        layout === 'access/customers.tsx' && fields.some((field) => field !== 'account' && ID_FIELDS.includes(field)),
    );
    expect(pages.length).toBeGreaterThan(3);
    for (const { path, wishes } of pages) {
      for (const wish of wishes.filter((each) => each !== IS_PUBLIC_ANYWAY)) {
        const asked = async (who: Person) => {
          await world.begin();
          return toldBob(fill(path, bob), formWith(who, wish));
        };
        expect([path, wish, await asked(ann)]).toEqual([path, wish, await asked(nobody())]);
      }
    }
  });
}
