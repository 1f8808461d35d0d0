import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ANN, ANNS_STORE, asAnn, fakeWeb, PUBLIC_URL } from '../../../test/fakes/fake-web.ts';
import { AppError, TooManyTriesError } from '../../domain/errors.ts';
import type { StoreView } from '../../stores/present-store.ts';
import { API_ROUTES } from './api.ts';
import { EDGE_ADDRESS } from './visitor.ts';

const { origin, host } = new URL(PUBLIC_URL);

describe('who may call what', () => {
  const urlOf = (path: string): string => path.replace(':id', ANNS_STORE);

  test.each(API_ROUTES.filter(({ access }) => access === 'customer'))(
    '$path is for the signed in',
    async ({ path }) => {
      const { ask } = fakeWeb();
      for (const headers of [{}, { cookie: '__Host-session=somebody-elses' }]) {
        const refused = await ask(urlOf(path), { headers });
        expect(refused.status).toBe(401);
        expect(await refused.json()).toMatchObject({ code: 'not_signed_in', status: 401 });
      }
      expect((await ask(urlOf(path), { headers: asAnn })).status).not.toBe(404);
    },
  );

  test.each(API_ROUTES.filter(({ access, method }) => access === 'anyone' && method === undefined))(
    '$path is for anyone',
    async ({ path }) => {
      expect((await fakeWeb().ask(urlOf(path))).status).toBe(200);
    },
  );

  test("somebody else's store and one that never was get the same answer", async () => {
    const { ask } = fakeWeb();
    for (const path of ['/api/status?store=sto_bobs', '/api/stores/sto_none/events']) {
      const answer = await ask(path, { headers: asAnn });
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([404, 'not_found']);
    }
  });

  test('the newest store is the one that is meant when none is named', async () => {
    const answer = await fakeWeb().ask('/api/status', { headers: asAnn });
    expect(await answer.json()).toMatchObject({ id: ANNS_STORE, customerId: ANN.customerId });
  });
});

test('a status that has not changed since is answered without its body', async () => {
  const { ask, services } = fakeWeb();
  const first = await ask('/api/status', { headers: asAnn });
  const tag = first.headers.get('etag') ?? '';
  const again = await ask('/api/status', { headers: { ...asAnn, 'if-none-match': tag } });
  const store = (await first.json()) as StoreView;
  services.stores.newest = async () => ({ ...store, health: 'down' });
  const changed = await ask('/api/status', { headers: { ...asAnn, 'if-none-match': tag } });

  expect([again.status, await again.text(), again.headers.get('cache-control')]).toEqual([304, '', 'no-store']);
  expect([changed.status, await changed.json()]).toEqual([200, { ...store, health: 'down' }]);
});

describe('a change', () => {
  const cases: readonly (readonly [string, Record<string, string>, number])[] = [
    ['from our own page', { 'sec-fetch-site': 'same-origin', origin }, 200],
    ['from our own page in a browser without Sec-Fetch-Site', { origin }, 200],
    ['from a program that is no browser', {}, 200],
    ['from elsewhere', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.test' }, 403],
    ['from a shop on a name beside ours', { 'sec-fetch-site': 'same-site', origin: 'https://shop.panel.test' }, 403],
    ['from elsewhere in a browser without Sec-Fetch-Site', { origin: 'https://evil.test' }, 403],
    ['from our host on another port', { origin: 'https://panel.test' }, 403],
    ['from a sandboxed frame', { origin: 'null' }, 403],
    ['typed into the address bar', { 'sec-fetch-site': 'none' }, 403],
  ];
  test.each(cases)('%s', async (_what, headers, status) => {
    const { ask } = fakeWeb();
    const answer = await ask('/login', { method: 'POST', headers: { ...headers, ...asAnn } });
    const body = (await answer.json()) as { method: string; refusal?: string };
    // The page of the refusal is rendered; what was asked for is not done.
    expect(body.refusal).toBe(status === 403 ? 'request_refused' : undefined);
    expect(body.method).toBe(status === 403 ? 'GET' : 'POST');
  });

  test('larger than any form of ours is refused before a page sees it', async () => {
    const { ask } = fakeWeb();
    const answer = await ask('/signup', { method: 'POST', body: 'x'.repeat(65 * 1024), headers: { origin } });
    expect(await answer.json()).toMatchObject({ refusal: 'body_too_large', method: 'GET' });
    const program = await ask('/api/v1/stores', { method: 'POST', body: 'x'.repeat(65 * 1024), headers: { origin } });
    expect(program.status).toBe(413);
  });
});

describe('what the edge says of the visitor', () => {
  const spoofed = { 'x-forwarded-for': '203.0.113.9', 'x-real-ip': '203.0.113.9', forwarded: 'for=203.0.113.9' };

  test('is believed', async () => {
    const { ask, services } = fakeWeb();
    await ask('/api/names?name=a', { peer: `::ffff:${EDGE_ADDRESS}`, headers: spoofed });
    expect(services.addresses).toEqual(['203.0.113.9']);
  });

  test('is not believed from anybody else, nor when it is no address', async () => {
    const { ask, services } = fakeWeb();
    await ask('/api/names?name=a', { peer: '127.0.0.1', headers: spoofed });
    await ask('/api/names?name=a', { peer: EDGE_ADDRESS, headers: { 'x-forwarded-for': '203.0.113.9, 10.0.0.1' } });
    expect(services.addresses).toEqual(['127.0.0.1', EDGE_ADDRESS]);
  });
});

describe('a page', () => {
  test('is asked for under the address that the public knows, whatever host, scheme or header it came with', async () => {
    const { ask } = fakeWeb();
    const answer = await ask('http://10.0.0.7:5000/stores/x?tab=1', {
      headers: { host: 'evil.test', 'x-forwarded-host': 'evil.test', 'x-forwarded-proto': 'http', origin, ...asAnn },
    });
    expect(await answer.json()).toEqual({
      url: `${PUBLIC_URL}stores/x?tab=1`,
      method: 'GET',
      host,
      origin,
      forwarded: [],
      customerId: ANN.customerId,
    });
  });

  test('that fails before it is reached is still a page, with the time to come back', async () => {
    const { ask, services } = fakeWeb();
    services.accounts.findSession = () => Promise.reject(new AppError('database_unavailable', 'gone'));
    expect(await (await ask('/dashboard', { headers: asAnn })).json()).toMatchObject({
      refusal: 'database_unavailable',
    });
    services.accounts.findSession = () => Promise.reject(new TooManyTriesError('x', 1500));
    expect((await ask('/dashboard', { headers: asAnn })).headers.get('retry-after')).toBe('2');
  });
});

describe('every answer', () => {
  let folder: string;
  beforeAll(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'shophosting-files-')), 'files');
    mkdirSync(join(folder, 'assets'), { recursive: true });
    writeFileSync(join(folder, 'assets', 'a-1.js'), 'let a;');
    writeFileSync(join(folder, '..', 'outside.txt'), 'not for anybody');
  });
  afterAll(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

  test.each(['/', '/healthz', '/api/none', '/api/status', '/assets/a-1.js', '/../outside.txt', '/%2e%2e/outside.txt'])(
    '%s carries the policy, and scripts need a nonce that no other answer has',
    async (path) => {
      const { ask } = fakeWeb({ filesFolder: folder });
      const [one, other] = await Promise.all([ask(path), ask(path)]);
      const policy = one.headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/^default-src 'none'; script-src 'nonce-[A-Za-z0-9+/]{22}==' 'strict-dynamic'; /);
      expect(policy).not.toContain("script-src 'unsafe");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toBe(other.headers.get('content-security-policy'));
      expect(one.headers.get('x-content-type-options')).toBe('nosniff');
      expect(one.headers.get('x-request-id')).toMatch(/^req_/);
      expect(await one.text()).not.toContain('not for anybody');
    },
  );

  test.each(['/reset-password', '/verify-email.data', '/login', '/login/second-step'])(
    '%s, whose address may hold a token, is named by nothing that it loads',
    async (path) => {
      const policyOf = async (at: string) => (await fakeWeb().ask(at)).headers.get('referrer-policy');
      expect([await policyOf(`${path}?token=secret`), await policyOf('/loginless')]).toEqual([
        'strict-origin',
        'same-origin',
      ]);
    },
  );

  test('is for nobody to keep, except files that are named by their content', async () => {
    const { ask } = fakeWeb({ filesFolder: folder });
    expect((await ask('/assets/a-1.js')).headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    for (const path of ['/', '/api/names?name=a', '/api/none']) {
      expect((await ask(path)).headers.get('cache-control')).toBe('no-store');
    }
  });

  test('of a failure tells the customer’s sentence and never the operator’s', async () => {
    const { ask, services, logged } = fakeWeb();
    services.stores.newest = () => Promise.reject(new Error('connect ECONNREFUSED 10.1.2.3:3306'));
    const answer = await ask('/api/status', { headers: asAnn });
    const text = await answer.text();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      500,
      'application/problem+json; charset=utf-8',
    ]);
    expect(text).not.toContain('10.1.2.3');
    // The one who reads the log finds it by the id that the customer was told.
    const { requestId } = JSON.parse(text) as { requestId: string };
    expect(logged.find((line) => line.includes('Request failed'))).toContain(requestId);
  });
});

test('a line of the log holds no query, no cookie and no token', async () => {
  const { ask, logged } = fakeWeb();
  await ask('/api/names?name=secret-name', { headers: asAnn });
  expect(logged).toHaveLength(1);
  expect(logged[0]).toContain('"path":"/api/names"');
  expect(logged[0]).not.toMatch(/secret-name|token-of-ann/);
});

test('a password is looked at by a post of our own pages alone, and stands in no log, whatever is wrong with the question', async () => {
  const { ask, logged, services } = fakeWeb();
  const look = { password: 'never-to-be-seen', email: 'ann@example.com', storeName: 'flowers' };
  const post = (body: string, headers: Record<string, string> = { origin }) =>
    ask('/api/passwords', { method: 'POST', body, headers });

  const answer = await post(JSON.stringify(look));
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
  expect(await answer.json()).toEqual({ isAccepted: true, sentence: 'Looked at.' });
  Object.assign(services, { lookAtPassword: () => Promise.reject(new TooManyTriesError('looks', 1000)) });
  const answers = [
    await post(JSON.stringify(look)),
    await post(JSON.stringify({ ...look, password: [look.password] })),
    await post(look.password),
    await post(JSON.stringify(look), { origin: 'https://evil.example' }),
    await ask(`/api/passwords?password=${look.password}&email=&storeName=`),
  ];
  expect(answers.map(({ status }) => status)).toEqual([429, 422, 422, 403, 404]);
  for (const { text } of await Promise.all(answers.map(async (each) => ({ text: await each.text() })))) {
    expect(text).not.toContain(look.password);
  }
  expect(logged.join()).not.toContain(look.password);
});

test('a line of the log names whose program asked, and by which token, and nobody’s cookie beside it', async () => {
  const { ask, services, logged } = fakeWeb();
  const holder = {
    id: 'tok_1',
    customerId: 'cus_bob',
    email: 'b@example.com',
    isVerified: true,
    role: 'customer' as const,
  };
  services.tokens.find = async () => ({
    ...holder,
    hasSecondFactor: false,
    scopes: new Set(['account:read' as const]),
  });
  await ask('/api/v1/account', { headers: { ...asAnn, authorization: 'Bearer shp_secret' } });
  await ask('/api/v1/account', { headers: asAnn });
  expect(logged).toHaveLength(2);
  expect(logged[0]).toContain('"customerId":"cus_bob","tokenId":"tok_1"');
  expect(logged[0]).not.toContain('shp_secret');
  expect(logged[1]).toContain(`"customerId":"${ANN.customerId}"`);
  expect(logged[1]).not.toContain('tokenId');
});

describe('a store’s story', () => {
  const events = [1, 2, 3].map((id) => ({
    id,
    runId: 'run_1',
    step: 'activate',
    title: 'Switching on the lights',
    kind: 'started',
    at: '2026-11-25T10:00:00.000Z',
  }));
  const read = async (path: string, headers: Record<string, string>): Promise<string> =>
    (await fakeWeb({ events }).ask(path, { headers: { ...asAnn, ...headers } })).text();
  const idsIn = (text: string): string[] => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => id ?? '');

  test('is told from the beginning, and says when nothing more will come', async () => {
    const text = await read(`/api/stores/${ANNS_STORE}/events`, {});
    expect(idsIn(text)).toEqual(['1', '2', '3']);
    expect(text).toContain('"title":"Switching on the lights"');
    expect(text.trimEnd().endsWith('event: end\ndata: {}')).toBe(true);
  });

  test('goes on behind the last id, which a browser that dialled again names itself', async () => {
    expect(idsIn(await read(`/api/stores/${ANNS_STORE}/events?after=1`, {}))).toEqual(['2', '3']);
    expect(idsIn(await read(`/api/stores/${ANNS_STORE}/events?after=1`, { 'last-event-id': '2' }))).toEqual(['3']);
    expect(idsIn(await read(`/api/stores/${ANNS_STORE}/events`, { 'last-event-id': '-1 OR 1=1' }))).toHaveLength(3);
  });

  test('is not begun for a HEAD, whose stream nobody would ever read or end', async () => {
    const web = fakeWeb({ events });
    let begun = 0;
    const follow = web.services.progress.follow;
    web.services.progress.follow = (...all) => {
      begun += 1;
      return follow(...all);
    };
    const answer = await web.ask(`/api/stores/${ANNS_STORE}/events`, { method: 'HEAD', headers: asAnn });
    expect([answer.status, answer.headers.get('content-type'), begun]).toEqual([200, 'text/event-stream', 0]);
  });

  test('ends without a word once its session has ended elsewhere', async () => {
    const web = fakeWeb();
    web.services.progress.follow = async function* (_storeId, _afterId, signal) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      yield* [];
    };
    const answer = await web.ask(`/api/stores/${ANNS_STORE}/events`, { headers: asAnn });

    web.services.accounts.stillOpening = async () => new Set();

    expect(await answer.text()).toBe('retry: 1000\n\n');
  });

  test('is told in eight tabs at once; a ninth waits until one is closed', async () => {
    const web = fakeWeb();
    web.services.progress.follow = async function* (_storeId, _afterId, signal) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      yield* [];
    };
    const open = () => web.ask(`/api/stores/${ANNS_STORE}/events`, { headers: asAnn });
    const tabs = await Promise.all(Array.from({ length: 8 }, open));
    expect(tabs.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    const ninth = await open();
    expect([ninth.status, ninth.headers.get('retry-after')]).toEqual([429, '30']);
    await tabs[0]?.body?.cancel();
    await vi.waitFor(async () => expect((await open()).status).toBe(200));
    await Promise.all(tabs.slice(1).map(async ({ body }) => body?.cancel()));
  });
});

test('what needs nobody’s session answers also while sessions cannot be looked up', async () => {
  const { ask, services } = fakeWeb();
  services.accounts.findSession = () => Promise.reject(new AppError('database_unavailable', 'gone'));
  for (const path of ['/healthz', '/readyz', '/version'])
    expect((await ask(path, { headers: asAnn })).status).toBe(200);
});

test('readiness tells its parts to the machine itself and to operators; everybody else learns the status alone', async () => {
  const { ask, services } = fakeWeb();
  const outside = { peer: EDGE_ADDRESS, headers: { 'x-forwarded-for': '198.51.100.7' } };
  const tells = async (init: Parameters<typeof ask>[1]) =>
    Object.keys((await (await ask('/readyz', init)).json()) as object);
  const asSomebody = { ...outside, headers: { ...outside.headers, ...asAnn } };
  const find = services.accounts.findSession;

  expect(await tells({})).toEqual(['status', 'parts']);
  expect(await tells(outside)).toEqual(['status']);
  expect(await tells(asSomebody)).toEqual(['status']);
  services.accounts.findSession = async (token) => {
    const session = await find(token);
    return session && { ...session, role: 'operator', hasSecondFactor: true };
  };
  expect(await tells(asSomebody)).toEqual(['status', 'parts']);
  services.accounts.findSession = () => Promise.reject(new AppError('database_unavailable', 'gone'));
  expect(await tells(asSomebody)).toEqual(['status']);
});
