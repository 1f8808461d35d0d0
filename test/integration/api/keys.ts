import { beforeAll, expect, test } from 'vitest';
import { ROUTE_TABLE } from '../../../src/web/api/route-table.ts';
import type { ApiWorld } from './api-world.ts';
import { PERMISSIONS } from './permission-matrix.ts';

const POSTS = ROUTE_TABLE.filter(({ method }) => method === 'post').map(
  (route) => [`POST ${route.path}`, route] as const,
);

/** So many come at one moment. */
const AT_ONCE = 20;

/** What is no key: empty, too long, more than one word, or not of ASCII. */
const NO_KEYS = ['', 'x'.repeat(201), 'two words', 'a, b', 'tab\there', 'ümlaut', '\u00a0'];
/** What is one, whatever it means elsewhere. */
const STRANGE_KEYS = [
  ...["'OR'1'='1';--", '../../etc/passwd', '%00%ff', '__proto__', 'constructor', '<script>', '${jndi:x}', '*', '-'],
  'x'.repeat(200),
];

/** What is asked under one `Idempotency-Key` is done once. */
export function testKeys(open: () => ApiWorld): void {
  let world: ApiWorld;

  beforeAll(() => {
    world = open();
  });

  /** How many rows each table has; what was answered under a key is no effect of what was asked. */
  async function countsOfRows(): Promise<Record<string, number>> {
    const all = await world.copies.read(['kept_answers']);
    return Object.fromEntries([...all].map(([table, rows]) => [table, rows.length]));
  }

  test.each(POSTS)('%s twice, and twenty times at once, under one key has one effect', async (name, route) => {
    const { ann, operator } = world;
    const { body, state } = PERMISSIONS[name] ?? {};
    const as = route.who === 'operator' ? operator : ann;
    const post = (key?: string) =>
      world.ask(name, ann.places, { as, body, ...(key !== undefined && { headers: { 'idempotency-key': key } }) });
    await world.begin(state);
    const once = await post();
    expect([name, once.status < 300]).toEqual([name, true]);
    const afterOne = await countsOfRows();
    // Whoever has their account deleted is signed out by it: who comes behind is nobody any more.
    const isOver = (await world.ask('GET /account', {}, { as })).status === 401;

    await world.begin(state);
    const atOnce = await Promise.all(Array.from({ length: AT_ONCE }, () => post('one-wish')));
    const later = [await post('one-wish'), await post('one-wish')];

    expect([name, await countsOfRows()]).toEqual([name, afterOne]);
    const done = atOnce.find(({ status }) => status < 300);
    expect([name, done?.status]).toEqual([name, once.status]);
    const isSecret = route.kind === 'json' && route.holdsSecret === true;
    for (const { status, text, json } of [...atOnce, ...later]) {
      if (status === 401 && isOver) expect(json).toMatchObject({ code: 'not_signed_in' });
      else if (status === 409) {
        expect(json).toMatchObject({ code: expect.stringMatching(/^(already_running|answer_not_kept)$/) });
      } else expect([name, status, text]).toEqual([name, once.status, done?.text]);
    }
    // Whoever comes later waits for nobody: the same answer, or word that it held a secret.
    const last = isOver ? 401 : isSecret ? 409 : once.status;
    expect(later.map(({ status }) => status)).toEqual([last, last]);
  });

  const aDomain = { domain: 'another.example.com' };
  const wishUnder = (key: string) =>
    world.ask('POST /stores/{storeId}/domains', world.ann.places, {
      ...{ as: world.ann, body: aDomain, headers: { 'idempotency-key': key } },
    });

  test.each(NO_KEYS)('%j is no key: it is refused in words, and nothing is done', async (key) => {
    await world.begin();
    const before = await countsOfRows();
    const { status, json } = await wishUnder(key);

    expect([status, json]).toEqual([
      422,
      expect.objectContaining({ fields: { 'Idempotency-Key': expect.any(String) } }),
    ]);
    expect(await countsOfRows()).toEqual(before);
  });

  test.each(STRANGE_KEYS)('%j is a key like any other: kept by its digest, and good for one domain', async (key) => {
    await world.begin();
    const before = (await countsOfRows())['own_domains'] ?? 0;
    const [first, second] = [await wishUnder(key), await wishUnder(key)];

    expect([first.status, second.status, second.text]).toEqual([201, 201, first.text]);
    expect((await countsOfRows())['own_domains']).toBe(before + 1);
    const kept = (await world.copies.read([])).get('kept_answers') ?? [];
    expect(kept.length).toBeGreaterThan(0);
    if (key.length > 10) expect(kept.filter((row) => row.includes(key))).toEqual([]);
  });
}
