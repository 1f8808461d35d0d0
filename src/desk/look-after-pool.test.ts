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
      async drain(platform) {
        did.push(['drain', platform]);
        return 2;
      },
    },
    platformSettings: {
      read: async () => ({ signUpsOpen: true, signUpsSentence: '', banner: '', defaultPlan: null, poolSizes }),
      change: async (wanted) => void did.push(wanted.poolSizes),
    },
    poolWishes: async () => [{ platform: 'wordpress', plan: 'starter', size: 3 }],
    platformsAhead: ['woocommerce', 'wordpress'],
    now: () => new Date(0),
  });
  return { desk, did };
}

test('says how many wait and should, by platform and plan, and who said so', async () => {
  const facts = { platform: 'wordpress', plan: 'starter', wished: 3, ready: 1, making: 1, leaving: 0 };
  expect((await aDesk().desk.pool()).pools).toEqual([{ ...facts, sizedBy: 'auto' }]);
  expect((await aDesk({ wordpress: 3 }).desk.pool()).pools).toEqual([{ ...facts, sizedBy: 'operator' }]);
});

test('a size is a whole number or auto, of a platform that is made ahead; others keep theirs', async () => {
  const { desk, did } = aDesk({ woocommerce: 2, wordpress: 1 });
  for (const size of ['5', '0', 'auto']) await desk.resizePool(SYSTEM, 'wordpress', size);
  expect(did).toEqual([{ woocommerce: 2, wordpress: 5 }, { woocommerce: 2, wordpress: 0 }, { woocommerce: 2 }]);

  for (const size of ['-1', '1.5', '1e3', '1000', 'many', '', ' 1']) {
    await expect(desk.resizePool(SYSTEM, 'wordpress', size)).rejects.toMatchObject({ code: 'invalid_input' });
  }
  for (const platform of ['magento', 'toString', '']) {
    await expect(desk.resizePool(SYSTEM, platform, '1')).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(desk.drainPool(SYSTEM, platform)).rejects.toMatchObject({ code: 'invalid_input' });
  }
  expect(did).toHaveLength(3);
});

test('drains one platform, or all', async () => {
  const { desk, did } = aDesk();
  expect(await desk.drainPool(SYSTEM, 'wordpress')).toBe(2);
  expect(await desk.drainPool(SYSTEM, undefined)).toBe(2);
  expect(did).toEqual([
    ['drain', 'wordpress'],
    ['drain', undefined],
  ]);
});
