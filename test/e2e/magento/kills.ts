import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ADMIN_USERNAME } from '../../../src/domain/names.ts';
import { STEP_NAMES } from '../../../src/domain/run.ts';
import { MINUTE } from '../../../src/lib/time.ts';
import type { StoreView } from '../../../src/stores/present-store.ts';
import { mailsTo } from '../outbox.ts';
import type { TestPlatform } from '../platform.ts';
import { until } from '../until.ts';
import { killWorkersAt, untilAllDone, untilTwoWorkers } from '../workers.ts';
import { tracesOf } from '../world-snapshot.ts';
import { adminOf, expectRightPassword } from './administration.ts';
import { type MagentoWorld, serviceOf, shopQuery, TULIPS } from './world.ts';

const STEP_WITHIN_MS = 4 * MINUTE;
/** Magento has some 400: by then its installer is well under way, and far from its end. */
const TABLES_IN_THE_MIDDLE = 60;

export function describeKillsForward(theWorld: () => MagentoWorld): void {
  describe('a shop whose making is disturbed at every step', () => {
    let store: StoreView;

    test('workers killed at each of the ten steps, the database restarted amid setup:install: active in the end', async () => {
      const { platform } = theWorld();
      await untilTwoWorkers(platform);
      store = await platform.createStore(TULIPS, { platform: 'magento', wait: false });
      for (const step of STEP_NAMES) {
        await killWorkersAt(platform, store.id, { step, kind: 'started' }, STEP_WITHIN_MS);
        if (step === 'install-application') await disturbInstallation(platform, store);
      }

      const active = await untilAllDone(platform, store.id);

      expect(active).toMatchObject({ plan: 'business', platform: 'magento' });
      expect((await platform.visit(active.url)).status).toBe(200);
      expect((await adminOf(platform, active)).password).toMatch(/^\S{16,}$/);
      const events = await platform.adapters.repositories.runs.events(store.id, 0, 1000);
      const starts = (step: string): number =>
        events.filter((event) => event.step === step && event.kind === 'started').length;
      // Else nobody was disturbed.
      for (const step of ['start-containers', 'install-application']) expect(starts(step)).toBeGreaterThan(1);
    });

    test('has one administrator, whose password its owner reads, and told once that it is open', async () => {
      const { platform } = theWorld();
      const accounts = await shopQuery(platform, store, 'SELECT username, is_active FROM admin_user');
      const subjects = await until(async () => {
        const found = await mailsTo(platform, `${TULIPS}@example.com`);
        return found.some((subject) => subject.endsWith(' is open')) ? found : undefined;
      });

      expect(accounts).toBe(`${ADMIN_USERNAME}\t1`);
      expect(subjects.filter((subject) => subject.endsWith(' is open'))).toHaveLength(1);
      await expectRightPassword(platform, store);
    });
  });
}

export function describeKillsBackward(theWorld: () => MagentoWorld): void {
  test('a shop whose workers are killed at each step of its deletion is gone without a trace', async () => {
    const { platform } = theWorld();
    await untilTwoWorkers(platform);
    const store = await platform.store(TULIPS);
    await platform.ok('store', 'delete', store.id, '--yes');
    for (const step of STEP_NAMES.toReversed()) {
      await killWorkersAt(platform, store.id, { step, kind: 'undone' }, STEP_WITHIN_MS);
    }
    await platform.gone(store.id);
    expect(await tracesOf(platform, store)).toEqual({});
  });
}

/** Restarts the database while tables are made; goes on when the step is done, after a retry by hand where it gave up. */
async function disturbInstallation(platform: TestPlatform, store: StoreView): Promise<void> {
  const folder = join(platform.config.customersDir, 'stores', store.id, 'data/database/data/shop');
  await until(
    async () => {
      const files = await readdir(folder).catch(() => []);
      return files.filter((name) => name.endsWith('.ibd')).length >= TABLES_IN_THE_MIDDLE ? true : undefined;
    },
    STEP_WITHIN_MS,
    20,
  );
  await serviceOf(platform, store, 'db').restart({ t: 0 });
  await until(async () => {
    const now = await platform.store(store.id);
    if (now.status === 'failed') {
      expect(now.error).toMatchObject({
        step: 'install-application',
        code: 'application_install_failed',
        retryable: true,
        hint: expect.stringContaining('shopctl store retry'),
      });
      await platform.ok('store', 'retry', store.id);
    }
    const step = now.run?.steps.find(({ name }) => name === 'install-application');
    return step?.status === 'done' ? true : undefined;
  }, STEP_WITHIN_MS);
}
