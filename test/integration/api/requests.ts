import { beforeAll, expect, test } from 'vitest';
import { ROUTE_TABLE } from '../../../src/web/api/route-table.ts';
import { differenceOf } from '../../services/table-copies.ts';
import { type ApiWorld, CHANGES_ANYWAY } from './api-world.ts';
import { PERMISSIONS } from './permission-matrix.ts';

/** What no field of ours takes, of every kind that a program may send. */
const HOSTILE: readonly unknown[] = [
  null,
  [],
  {},
  -1,
  1e308,
  'x'.repeat(20_000),
  '\u0000',
  '\ud800',
  '../../etc/passwd',
  "' OR 1=1 --",
  '--exec=x',
  ['a', { b: [] }],
  JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`),
];

const HOSTILE_PLACES = ['\u0000', '..', '../../etc/passwd', "' OR 1=1 --", '%ff', 'x'.repeat(5000), '🛒'];

/** What requests say: keys that count once, hostile values, lists, answers. */
export function testRequests(open: () => ApiWorld): void {
  let world: ApiWorld;

  beforeAll(() => {
    world = open();
  });

  const aStore = (name: string) => ({ name, platform: 'wordpress', plan: 'business' });

  test('the same key twenty times at once makes one store and gives equal answers; for another wish it is refused', async () => {
    const { ann, tokens, database } = world;
    await world.begin();
    const as = { secret: tokens.get('stores:write')?.only ?? '' };
    const post = (key: string, name: string) =>
      world.ask('POST /stores', {}, { as, body: aStore(name), headers: { 'idempotency-key': key } });
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('one-wish', 'only-once')));

    // Some wait for the first one; who comes behind them is told to ask again, and then gets the same.
    const [made] = answers.filter(({ status }) => status === 202);
    expect(made).toBeDefined();
    for (const { status, text, json } of [...answers, await post('one-wish', 'only-once')]) {
      if (status === 409) expect(json).toMatchObject({ code: 'already_running' });
      else expect([status, text]).toEqual([202, made?.text]);
    }
    expect((await post('one-wish', 'only-once')).text).toBe(made?.text);
    const stores = await database.repositories.stores.list({ customerId: ann.customerId });
    expect(stores.map(({ name }) => name).toSorted()).toEqual(['anns-shop', 'only-once']);
    expect((await post('one-wish', 'another')).json).toMatchObject({ status: 422, code: 'key_reused' });

    // Whoever did it died before it could tell: the key's own store is the answer, not another one.
    await database.as('admin').kysely.deleteFrom('kept_answers').execute();
    expect((await post('one-wish', 'only-once')).json).toMatchObject({
      id: stores.find(({ name }) => name === 'only-once')?.id,
    });
    expect(await database.repositories.stores.list({ customerId: ann.customerId })).toHaveLength(2);
  });

  test('what was refused counts as not done, another customer’s key is another key, and no secret is kept', async () => {
    const { ann, bob, database } = world;
    await world.begin();
    const headers = { 'idempotency-key': 'k' };
    const make = (as: typeof ann, name: string) =>
      world.ask('POST /tokens', {}, { as, headers, body: { name, scopes: ['stores:read'] } });
    expect((await make(ann, ' ')).status).toBe(422);
    const made = await make(ann, 'nightly');
    expect([made.status, (await make(bob, 'nightly')).status]).toEqual([201, 201]);
    expect((await make(ann, 'nightly')).json).toMatchObject({ status: 409, code: 'answer_not_kept' });
    const { secret } = made.json as { secret: string };
    const rows = await world.copies.read([]);
    expect([...rows.values()].flat().filter((row) => row.includes(secret))).toEqual([]);
    const mails = await database.as('admin').kysely.selectFrom('outbox').select('kind').execute();
    expect(mails.filter(({ kind }) => kind === 'api-token-made').length).toBeGreaterThanOrEqual(2);
  });

  test.each([
    ['POST /tokens', { name: 'nightly', scopes: ['stores:read'] }, 'api_tokens'],
    ['POST /webhooks', PERMISSIONS['POST /webhooks']?.body, 'webhook_endpoints'],
    ['POST /stores/{storeId}/domains', { domain: 'another.example.com' }, 'own_domains'],
  ] as const)('twenty times %s under one key at once makes one', async (route, body, table) => {
    const { ann, copies } = world;
    await world.begin();
    const rowsOf = async () => (await copies.read([])).get(table)?.length ?? 0;
    const before = await rowsOf();
    const headers = { 'idempotency-key': 'twenty' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => world.ask(route, ann.places, { as: ann, headers, body })),
    );
    const statuses = new Set(answers.map(({ status }) => status));
    expect([201, 409]).toEqual(expect.arrayContaining([...statuses]));
    expect(statuses).toContain(201);
    expect(await rowsOf()).toBe(before + 1);
  });

  test('nobody makes tokens for an address that may be a stranger’s', async () => {
    const { bob, database } = world;
    await world.begin();
    const { kysely } = database.as('admin');
    await kysely.updateTable('customers').set({ claimed_email: null }).where('id', '=', bob.customerId).execute();
    const before = await world.copies.read(CHANGES_ANYWAY);
    const body = { name: 'nightly', scopes: ['stores:read'] };
    expect((await world.ask('POST /tokens', {}, { as: bob, body })).json).toMatchObject({ code: 'email_unverified' });
    const page = await fetch(`${world.web.base}/account/tokens`, {
      method: 'POST',
      headers: { cookie: bob.cookie },
      body: new URLSearchParams({ name: 'nightly', scopes: 'stores:read', days: '30' }),
    });
    expect([page.status, await page.text()]).toEqual([403, expect.stringContaining('confirm your e-mail address')]);
    expect(differenceOf(before, await world.copies.read(CHANGES_ANYWAY))).toEqual([]);
  });

  test('who makes and revokes tokens without end is told to wait, and sends few mails', async () => {
    const { ann, bob, database } = world;
    await world.begin();
    const mails = async () => {
      const query = database.as('admin').kysely.selectFrom('outbox').select('id');
      return (await query.where('kind', '=', 'api-token-made').where('recipient', '=', ann.email).execute()).length;
    };
    const before = await mails();
    const body = { name: 'nightly', scopes: ['stores:read'] };
    const got = [];
    for (let at = 0; at < 11; at += 1) {
      const made = await world.ask('POST /tokens', {}, { as: ann, body });
      got.push(made.status);
      const { token } = made.json as { token?: { id: string } };
      if (token !== undefined) await world.ask('DELETE /tokens/{tokenId}', { tokenId: token.id }, { as: ann });
    }
    expect(got).toEqual([...Array.from({ length: 10 }, () => 201), 429]);
    expect((await mails()) - before).toBe(5);
    expect((await world.ask('POST /tokens', {}, { as: bob, body })).status).toBe(201);
    // Nothing is left of them to be revoked, and asking for it comes to an end, too.
    const revoke = () => world.ask('DELETE /tokens/{tokenId}', { tokenId: 'tok_none' }, { as: ann });
    const revoked = (await Promise.all(Array.from({ length: 60 }, revoke))).map(({ status }) => status);
    expect(new Set(revoked)).toEqual(new Set([404, 429]));
  });

  test('whatever a program sends is refused in words, and changes nothing', async () => {
    const { ann, operator } = world;
    for (const route of ROUTE_TABLE) {
      const name = `${route.method.toUpperCase()} ${route.path}`;
      const as = route.who === 'operator' ? operator : ann;
      await world.begin();
      // A copy of the account leaves its line, whatever stands behind its address.
      const aside = name === 'GET /account/export' ? [...CHANGES_ANYWAY, 'audit_log'] : CHANGES_ANYWAY;
      const before = await world.copies.read(aside);
      const fields = Object.keys(route.body?.shape ?? {});
      const bodies =
        route.body === undefined
          ? route.method === 'get'
            ? []
            : ['{}']
          : [
              ...HOSTILE.filter((value) => JSON.stringify(value) !== '{}'),
              ...fields.flatMap((field) => HOSTILE.map((value) => ({ [field]: value, more: 1 }))),
              '{"__proto__":{"role":"operator"},"constructor":1}',
              '{',
              '\u0000',
            ];
      for (const body of bodies) {
        const { status } = await world.ask(name, ann.places, {
          as,
          body: typeof body === 'string' && body === '' ? '""' : body,
        });
        expect([name, body, status >= 400 && status < 500]).toEqual([name, body, true]);
      }
      if (route.body !== undefined) {
        const plain = await world.ask(name, ann.places, {
          as,
          body: '{}',
          headers: { 'content-type': 'text/plain' },
        });
        expect(plain.status).toBe(415);
      }
      for (const query of [
        'cursor=x',
        'cursor=eyJhIjoxfQ',
        'limit=0',
        'limit=1&limit=2',
        'unknown=1',
        '__proto__=1',
        'q=%00',
      ]) {
        if (route.method !== 'get') continue;
        const response = await fetch(
          `${world.web.base}/api/v1${route.path.replaceAll(/\{(\w+)\}/g, (_all, place: string) => ann.places[place] ?? '')}?${query}`,
          {
            headers: { cookie: as.cookie },
          },
        );
        await response.body?.cancel();
        expect([name, query, response.status < 500]).toEqual([name, query, true]);
      }
      expect([name, differenceOf(before, await world.copies.read(aside))]).toEqual([name, []]);
    }
  });

  test('one hostile value among right ones, or in the address, is refused or taken, and is never our own failure', async () => {
    const { ann, operator } = world;
    const failures: string[] = [];
    for (const route of ROUTE_TABLE) {
      const name = `${route.method.toUpperCase()} ${route.path}`;
      const as = route.who === 'operator' ? operator : ann;
      const { body, state } = PERMISSIONS[name] ?? {};
      const right = typeof body === 'object' && body !== null ? body : {};
      const wishes = [
        ...(route.body === undefined ? [] : Object.keys(route.body.shape)).flatMap((field) =>
          HOSTILE.map((value) => ({ places: ann.places, body: { ...right, [field]: value } })),
        ),
        ...[...route.path.matchAll(/\{(\w+)\}/g)].flatMap(([, place = '']) =>
          HOSTILE_PLACES.map((value) => ({ places: { ...ann.places, [place]: value }, body })),
        ),
      ];
      for (const [at, wish] of wishes.entries()) {
        // So that what was taken, or counted, is not what answers the next one.
        if (at % HOSTILE.length === 0) await world.begin(state);
        const { status, text } = await world.ask(name, wish.places, { as, body: wish.body });
        if (status >= 500 || status === 429)
          failures.push(`${name} ${status} ${JSON.stringify(wish.body).slice(0, 120)} ${text.slice(0, 100)}`);
      }
    }
    expect(failures).toEqual([]);
  });

  test('a new store begins with what its order says; what its platform cannot have is named as it was sent', async () => {
    const { ann, database } = world;
    await world.begin();
    const order = (start: object) =>
      world.ask('POST /stores', {}, { as: ann, body: { ...aStore('begins-so'), ...start } });
    const refused = await order({ currency: 'EUR', timezone: 'Mars/Base', locale: 'de_DE' });
    expect([refused.status, refused.json]).toEqual([
      422,
      expect.objectContaining({
        fields: { currency: expect.any(String), timezone: expect.any(String), locale: expect.any(String) },
      }),
    ]);

    const made = await order({ title: 'Roses', timezone: 'Europe/Berlin' });
    expect([made.status, made.json]).toEqual([202, expect.objectContaining({ title: 'Roses' })]);
    const store = await database.repositories.stores.findByName('begins-so');
    expect(store?.start).toEqual({ title: 'Roses', timezone: 'Europe/Berlin' });
  });

  test('what is wrong with a mail server is named as it was sent, and its password is never told again', async () => {
    const { ann } = world;
    await world.begin();
    const server = { host: 'smtp.example.com', port: 587, tls: 'starttls', user: 'ann', from: 'ann@example.com' };
    const put = (changed: object) =>
      world.ask('PUT /stores/{storeId}/mail', ann.places, {
        as: ann,
        body: { senderName: 'Flowers', replyTo: null, server: { ...server, ...changed } },
      });
    const wrong = await put({ port: 22 });
    expect([wrong.status, wrong.json]).toEqual([
      422,
      expect.objectContaining({
        fields: { 'server.port': expect.any(String), 'server.password': expect.any(String) },
      }),
    ]);
    const password = 'annotated-mail-password';
    const answers = [await put({ password }), await world.ask('GET /stores/{storeId}/mail', ann.places, { as: ann })];
    for (const { status, json, text } of answers) {
      expect([status, json]).toEqual([200, { senderName: 'Flowers', replyTo: null, server }]);
      expect(text).not.toContain(password);
    }
  });

  test('what a request to a shop may take is told with what each plan allows, and is bounded by the store’s own', async () => {
    const { ann, database } = world;
    await world.begin();
    const held = { phpMemory: 256, phpUpload: 64, phpSeconds: 120, phpInputVars: 5000, phpWorkers: 5 };
    const said = { timezone: 'UTC', locale: 'en_US', country: null, currency: null, locales_json: '["en_US"]' };
    const { kysely } = database.as('admin');
    const [store] = await database.repositories.stores.list({ customerId: ann.customerId });
    const storeId = store?.id ?? '';
    await kysely.updateTable('stores').set({ status: 'active', plan: 'starter' }).where('id', '=', storeId).execute();
    await kysely
      .replaceInto('store_settings')
      .values({ store_id: storeId, ...said, php_json: JSON.stringify(held), read_at: new Date() })
      .execute();
    const path = '/stores/{storeId}/settings';
    const read = await world.ask(`GET ${path}`, ann.places, { as: ann });
    expect(read.json).toMatchObject({ now: { php: held } });
    expect((read.json as { phpChoices: { phpUpload: unknown[] } }).phpChoices.phpUpload.at(-1)).toEqual({
      value: 512,
      plan: 'scale',
    });

    const patch = (body: object) => world.ask(`PATCH ${path}`, ann.places, { as: ann, body });
    const refused = await patch({ phpUpload: 512, phpSeconds: 61 });
    expect([refused.status, refused.json]).toEqual([
      422,
      expect.objectContaining({
        fields: {
          phpUpload: expect.stringContaining('choose the plan scale'),
          phpSeconds: expect.stringContaining('Choose one of these'),
        },
      }),
    ]);
    expect((await patch({ phpUpload: 128 })).status).toBe(202);
    const { runs } = database.repositories;
    expect((await runs.latest(storeId, ['configure']))?.input).toMatchObject({ phpUpload: '128', by: 'owner' });
  });

  test('what an error says to operators is told at the desk alone', async () => {
    const { ann, operator, database, web } = world;
    await world.begin('failed');
    const error = {
      ...{ code: 'container_unhealthy', message: 'canary /srv', hint: 'canary shopctl', step: 'start-containers' },
      ...{ retryable: true, at: new Date() },
    };
    const error_json = JSON.stringify(error);
    const { kysely } = database.as('admin');
    await kysely.updateTable('stores').set({ error_json }).where('id', '=', ann.storeId).execute();
    await kysely.updateTable('provisioning_jobs').set({ error_json }).where('store_id', '=', ann.storeId).execute();
    for (const route of ['GET /stores', 'GET /stores/{storeId}', 'GET /stores/{storeId}/progress']) {
      const { text } = await world.ask(route, ann.places, { as: ann });
      expect([route, text.includes('canary')]).toEqual([route, false]);
    }
    const { json } = await world.ask('GET /stores/{storeId}', ann.places, { as: ann });
    expect(json).toMatchObject({ error: { code: 'container_unhealthy', message: expect.any(String) } });
    const status = await fetch(`${web.base}/api/status?store=${ann.storeId}`, { headers: { cookie: ann.cookie } });
    expect([status.status, (await status.text()).includes('canary')]).toEqual([200, false]);
    expect((await world.ask('GET /admin/stores/{storeId}', ann.places, { as: operator })).text).toContain('canary');
  });

  test('the document is a page, too, which names every route and runs no script', async () => {
    const page = await (await fetch(`${world.web.base}/api/docs`)).text();
    for (const { operation } of world.operations) expect(page).toContain(`id="${operation.operationId}"`);
    expect(page).not.toMatch(/<script|https?:\/\/(?!panel\.test)/);
  });
}
