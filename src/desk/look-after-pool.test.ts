import { expect, test } from 'vitest';
import { SYSTEM } from '../domain/origin.ts';
import type { PlatformSettings } from '../domain/platform-settings.ts';
import type { MemberStatus, WaitingMember } from '../domain/pool-member.ts';
import { createPoolDesk } from './look-after-pool.ts';

const aMember = (id: string, status: MemberStatus, plan = 'starter'): WaitingMember => ({
  id,
  platform: 'wordpress',
  plan,
  status,
  createdAt: new Date(0),
  readyAt: null,
});

function aDesk(poolSizes: PlatformSettings['poolSizes'] = {}) {
  const did: unknown[] = [];
  const desk = createPoolDesk({
    poolMembers: {
      listWaiting: async () => [aMember('a', 'ready'), aMember('b', 'making'), aMember('c', 'ready', 'old')],
      async drain(of) {
        did.push(['drain', of]);
        return 2;
      },
    },
    platformSettings: {
      read: async () => ({ signUpsOpen: true, signUpsSentence: '', banner: '', defaultPlan: null, poolSizes }),
      change: async (wanted) => void did.push(wanted.poolSizes),
    },
    poolWishes: async () => [
      { platform: 'woocommerce', plan: 'starter', size: 0 },
      { platform: 'wordpress', plan: 'starter', size: 3 },
      { platform: 'wordpress', plan: 'business', size: 0 },
    ],
    now: () => new Date(0),
  });
  return { desk, did };
}

test('says how many wait and should, by platform and plan, and who said so', async () => {
  const facts = { platform: 'wordpress', plan: 'starter', wished: 3, ready: 1, making: 1, leaving: 0 };
  expect((await aDesk().desk.pool()).pools).toContainEqual({ ...facts, sizedBy: 'auto' });
  const { pools } = await aDesk({ wordpress: { starter: 3 } }).desk.pool();
  expect(pools).toContainEqual({ ...facts, sizedBy: 'operator' });
  expect(pools.map(({ platform, plan, sizedBy }) => `${platform} ${plan} ${sizedBy}`)).toEqual([
    'woocommerce starter auto',
    'wordpress starter operator',
    'wordpress business auto',
  ]);
});

test('a size is a whole number or auto, of a platform and plan that is made ahead; others keep theirs', async () => {
  const { desk, did } = aDesk({ woocommerce: { starter: 2 }, wordpress: { business: 1 } });
  for (const size of ['5', '0', 'auto']) await desk.resizePool(SYSTEM, { platform: 'wordpress' }, size);
  await desk.resizePool(SYSTEM, { platform: 'wordpress', plan: 'business' }, '4');
  const woocommerce = { starter: 2 };
  expect(did).toEqual([
    { woocommerce, wordpress: { business: 1, starter: 5 } },
    { woocommerce, wordpress: { business: 1, starter: 0 } },
    { woocommerce, wordpress: { business: 1 } },
    { woocommerce, wordpress: { business: 4 } },
  ]);

  for (const size of ['-1', '1.5', '1e3', '1000', 'many', '', ' 1']) {
    await expect(desk.resizePool(SYSTEM, { platform: 'wordpress' }, size)).rejects.toMatchObject({
      code: 'invalid_input',
    });
  }
  const unknown = [
    { platform: 'magento' },
    { platform: 'toString' },
    { platform: '' },
    { platform: 'woocommerce', plan: 'business' },
    { platform: 'wordpress', plan: '' },
    { platform: 'wordpress', plan: '__proto__' },
  ];
  for (const of of unknown) {
    await expect(desk.resizePool(SYSTEM, of, '1')).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(desk.drainPool(SYSTEM, of)).rejects.toMatchObject({ code: 'invalid_input' });
  }
  expect(did).toHaveLength(4);
});

test('drains one plan of a platform, one platform, or all', async () => {
  const { desk, did } = aDesk();
  const all = [{ platform: 'wordpress', plan: 'starter' }, { platform: 'wordpress' }, {}] as const;
  for (const of of all) expect(await desk.drainPool(SYSTEM, of)).toBe(2);
  expect(did).toEqual(all.map((of) => ['drain', of]));
});
