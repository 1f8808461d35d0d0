import { describe, expect, test } from 'vitest';
import { aStore } from '../../test/fakes/fake-world.ts';
import { AppError, type InvalidFormError } from '../domain/errors.ts';
import type { NewStore } from '../domain/new-store.ts';
import { FIRST_PLANS } from '../domain/plans.ts';
import { type CreateStoreDeps, type CreateStoreInput, createStoreCreation } from './create-store.ts';

const OPERATOR = { actor: 'operator:ops' };
const INPUT: CreateStoreInput = { platform: 'wordpress', name: 'demo', email: 'o@example.com' };

function bench(changes: Partial<CreateStoreDeps> = {}) {
  const inserted: NewStore[] = [];
  const rung: string[] = [];
  const create = createStoreCreation({
    baseDomain: 'localhost',
    builtLocales: ['en_US', 'de_DE'],
    ownHosts: ['localhost'],
    unavailable: async () => undefined,
    assertRoom: async () => undefined,
    customers: { getOrCreate: async () => ({ id: 'cus_1' }) },
    plans: { list: async () => FIRST_PLANS },
    insert: async (store) => {
      inserted.push(store);
      return { store: aStore({ name: store.name }), runId: 'run_1' };
    },
    ring: async (runId) => void rung.push(runId),
    now: () => new Date(0),
    ...changes,
  });
  return { inserted, rung, create };
}

describe('an accepted store', () => {
  test('has its platform name, the default plan and its name as title, and the bell is rung after the insert', async () => {
    const { create, inserted, rung } = bench();
    await create(INPUT, OPERATOR);
    expect(inserted).toEqual([
      expect.objectContaining({
        domain: 'demo.localhost',
        plan: 'starter',
        title: 'demo',
        wishedDomain: null,
        customerId: 'cus_1',
      }),
    ]);
    expect(rung).toEqual(['run_1']);
  });

  test('of Magento has the smallest plan that is large enough, and an administration that nobody guesses', async () => {
    const { create, inserted } = bench();
    await create({ ...INPUT, platform: 'magento' }, OPERATOR);
    await create({ ...INPUT, platform: 'magento', name: 'other' }, OPERATOR);
    expect(inserted.map(({ plan }) => plan)).toEqual(['business', 'business']);
    const paths = inserted.map(({ adminPath }) => adminPath);
    expect(paths).toEqual(paths.map(() => expect.stringMatching(/^\/admin_[a-z0-9]{6,}\/$/)));
    expect(new Set(paths).size).toBe(2);
  });

  test.each(['--exec=echo X', '`id` $(id) "quotes\'', '🛒\u00a0Laden'])(
    'may be called %s, literally',
    async (title) => {
      const { create, inserted } = bench();
      await create({ ...INPUT, title }, OPERATOR);
      expect(inserted[0]?.title).toBe(title.trim());
    },
  );

  test('begins with what was said, its title too; what was left empty is nobody’s wish', async () => {
    const { create, inserted } = bench();
    const start = { title: ' Roses & more ', country: 'DE', currency: 'EUR', timezone: '', locale: 'de_DE' };
    await create({ ...INPUT, platform: 'magento', ...start }, OPERATOR);

    expect(inserted[0]).toMatchObject({
      title: 'Roses & more',
      start: { title: 'Roses & more', country: 'DE', currency: 'EUR', locale: 'de_DE' },
    });
    expect(Object.keys(inserted[0]?.start ?? {})).not.toContain('timezone');
  });

  test('keeps a wished domain in the one form we compare', async () => {
    const { create, inserted } = bench();
    await create({ ...INPUT, domain: 'Müller.Example.COM.' }, OPERATOR);
    expect(inserted[0]?.wishedDomain).toBe('xn--mller-kva.example.com');
  });
});

describe('refused before anything is made', () => {
  const hostile = [
    '',
    '-x',
    'a',
    'www',
    'admin',
    'api',
    'xn--bcher-kva',
    'a.b',
    'a/../b',
    '$(id)',
    'x\ny',
    '🛒',
    'x'.repeat(10_000),
    'shop_1',
    ' ',
  ];
  test.each(hostile)('the name %j', async (name) => {
    const { create, inserted } = bench();
    await expect(create({ ...INPUT, name }, OPERATOR)).rejects.toMatchObject({
      code: 'invalid_input',
      field: 'name',
    });
    expect(inserted).toEqual([]);
  });

  const cases: [string, Partial<CreateStoreInput>][] = [
    ['platform', { platform: 'joomla' }],
    ['platform', { platform: '__proto__' }],
    ['plan', { plan: 'gold' }],
    ['plan', { platform: 'magento', plan: 'starter' }],
    ['email', { email: '-x@example.com' }],
    ['domain', { domain: 'localhost' }],
    ['domain', { domain: 'other.localhost' }],
    ['domain', { domain: 'a..b' }],
    ['domain', { domain: `${'x'.repeat(64)}.example.com` }],
  ];
  test.each(cases)('the %s in %j', async (field, change) => {
    const { create, inserted } = bench();
    await expect(create({ ...INPUT, ...change }, OPERATOR)).rejects.toMatchObject({ code: 'invalid_input', field });
    expect(inserted).toEqual([]);
  });

  test.each([
    [{ title: 'a\nb', timezone: 'Mars/Base', country: 'XX', currency: '--exec' }, 'title timezone country currency'],
    // A plain WordPress sells nothing, and its other languages come later.
    [{ country: 'DE', currency: 'EUR', locale: 'de_DE', timezone: 'Europe/Berlin' }, 'country currency locale'],
  ])('what %j would begin with that it cannot, all of it at once', async (start, wrong) => {
    const { create, inserted } = bench();
    const refusal: unknown = await create({ ...INPUT, ...start }, OPERATOR).catch((thrown: unknown) => thrown);

    expect(refusal).toMatchObject({ code: 'invalid_input' });
    expect(Object.keys((refusal as InvalidFormError).fields).toSorted()).toEqual(wrong.split(' ').toSorted());
    expect(inserted).toEqual([]);
  });

  test('a platform that cannot be had here, with the cure', async () => {
    const { create, inserted } = bench({ unavailable: async () => ({ reason: 'no archive.', fix: 'add it' }) });
    await expect(create(INPUT, OPERATOR)).rejects.toMatchObject({ code: 'platform_unavailable', hint: 'add it' });
    expect(inserted).toEqual([]);
  });

  test('a machine without room', async () => {
    const { create, inserted } = bench({ assertRoom: () => Promise.reject(new AppError('disk_full', 'full')) });
    await expect(create(INPUT, OPERATOR)).rejects.toMatchObject({ code: 'disk_full' });
    expect(inserted).toEqual([]);
  });
});

test('a bell that cannot be rung is no failure: the sweep finds the run', async () => {
  const { create } = bench({ ring: async () => false });
  await expect(create(INPUT, OPERATOR)).resolves.toMatchObject({ name: 'demo' });
});
