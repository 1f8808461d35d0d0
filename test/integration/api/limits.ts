import { beforeAll, expect, test } from 'vitest';
import { type ApiWorld, type Asker } from './api-world.ts';
import { giveToken } from './people.ts';
import { PERMISSIONS } from './permission-matrix.ts';

/** How often may be asked, by whom and from where. */
export function testLimits(open: () => ApiWorld): void {
  let world: ApiWorld;

  beforeAll(() => {
    world = open();
  });

  test('every answer says what is left, and a caller who asks without end is told when to come back', async () => {
    const { ann, tokens } = world;
    await world.begin();
    const as = { secret: tokens.get('stores:read')?.only ?? '' };
    const left = [];
    for (let at = 0; at < 3; at += 1) {
      const { headers } = await world.ask(at === 1 ? 'GET /account' : 'GET /stores', {}, { as });
      left.push(['limit', 'remaining'].map((name) => Number(headers.get(`ratelimit-${name}`))));
      expect(Number(headers.get('ratelimit-reset'))).toBeGreaterThan(0);
    }
    expect(left).toEqual([
      [300, 299],
      [300, 298],
      [300, 297],
    ]);
    await Promise.all(Array.from({ length: 297 }, () => world.ask('GET /offer', {}, { as })));
    const refused = await world.ask('GET /offer', {}, { as });
    expect([refused.status, refused.headers.get('ratelimit-remaining')]).toEqual([429, '0']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    // Nobody else is kept waiting for it.
    expect((await world.ask('GET /offer', {}, { as: ann })).status).toBe(200);
  });

  test('no number of tokens lets one account ask without end, and another one never waits for it', async () => {
    const { ann, bob, database } = world;
    await world.begin();
    const ask = async (as: Asker) => (await world.ask('GET /offer', {}, { as })).status;
    expect(await ask(ann)).toBe(200);
    // As if tokens of hers had asked all but one of the account's times.
    await world.useUp('api-calls-of-customer', 898);
    const { secret } = await giveToken(database, ann.customerId, ['stores:read']);
    expect([await ask({ secret }), await ask({ secret }), await ask(ann)]).toEqual([200, 429, 429]);
    expect(await ask(bob)).toBe(200);
  });

  test('what an account changes is counted once more, however many programs do it; who only looks goes on', async () => {
    const { ann, bob, annsAll, database } = world;
    await world.begin();
    const write = async (as: Asker) => {
      const body = { name: 'Books', url: 'https://hooks.example.com/', events: ['none'] };
      return (await world.ask('POST /webhooks', {}, { as, body })).status;
    };
    expect(await write({ secret: annsAll })).toBe(422);
    await world.useUp('api-writes-of-customer');
    const { secret } = await giveToken(database, ann.customerId, ['webhooks:write', 'webhooks:read']);
    expect([await write({ secret: annsAll }), await write({ secret }), await write(ann)]).toEqual([429, 429, 429]);
    expect((await world.ask('GET /webhooks', {}, { as: { secret } })).status).toBe(200);
    expect(await write(bob)).toBe(422);
  });

  test('who is let in nowhere is told to wait after a while, and keeps nobody who is let in waiting', async () => {
    const { ann, annsAll } = world;
    await world.begin();
    const ask = async (as: Asker) => (await world.ask('GET /account', {}, { as })).status;
    const wrong = { secret: `${annsAll.slice(0, -1)}_` };
    expect([await ask(wrong), await ask(undefined)]).toEqual([401, 401]);
    await world.useUp('api-refusals-from-address');
    expect([await ask(wrong), await ask(undefined)]).toEqual([429, 429]);
    expect([await ask({ secret: annsAll }), await ask(ann)]).toEqual([200, 200]);
  });

  test.each([
    ['changes-of-customer', 'PATCH /stores/{storeId}/settings', { timezone: 'Europe/Berlin' }, 202],
    ['store-mail-of-customer', 'POST /stores/{storeId}/mail/test', undefined, 200],
  ])('%s are counted for the account, whoever of its programs asks', async (bucket, route, body, usual) => {
    const { ann, bob, annsAll } = world;
    await world.begin();
    const ask = async (as: Asker, places = ann.places) => (await world.ask(route, places, { as, body })).status;
    expect(await ask({ secret: annsAll })).toBe(usual);
    await world.useUp(bucket);
    expect([await ask({ secret: annsAll }), await ask(ann)]).toEqual([429, 429]);
    expect(await ask(bob, bob.places)).toBe(usual);
    if (bucket !== 'changes-of-customer') return;
    // Of one kind with it: whatever closes, opens or changes a store.
    for (const change of ['pause', 'resume', 'restart', 'plan', 'deletion', 'credentials/rotate', 'page-cache/purge']) {
      const { status } = await world.ask(`POST /stores/{storeId}/${change}`, ann.places, {
        as: ann,
        body: PERMISSIONS[`POST /stores/{storeId}/${change}`]?.body,
      });
      expect([change, status]).toEqual([change, 429]);
    }
  });
}
