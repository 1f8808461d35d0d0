import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { findTools } from '../../../src/adapters/docker/engine-tools.ts';
import { runCommand } from '../../../src/adapters/process/run-command.ts';
import type { ServiceName } from '../../../src/domain/subnets.ts';
import { MINUTE } from '../../../src/lib/time.ts';
import { servicesOf } from '../../../src/stacks/index.ts';
import type { StoreView } from '../../../src/stores/present-store.ts';
import { until } from '../until.ts';
import { tracesOf } from '../world-snapshot.ts';
import { ROSE, SEARCH_PATH } from './the-shop.ts';
import { type MagentoWorld, ROSES, rowOf, serviceOf, untilHealth } from './world.ts';

export function describeRepair(theWorld: () => MagentoWorld): void {
  describe('a shop that somebody lays hands on', () => {
    let store: StoreView;
    beforeAll(async () => {
      store = await theWorld().platform.store(ROSES.name);
    });

    const idsOf = async (): Promise<Record<string, string>> => {
      const services = Object.keys(servicesOf(await rowOf(theWorld().platform, store.id))) as ServiceName[];
      const found = await Promise.all(
        services.map(async (service) => {
          const { Id, State } = await serviceOf(theWorld().platform, store, service).inspect();
          return [service, `${Id} since ${State.StartedAt}`] as const;
        }),
      );
      return Object.fromEntries(found);
    };

    test('Compose, run by hand in its folder, changes nothing', async () => {
      const { platform } = theWorld();
      const { compose = '' } = findTools(platform.config.dataDir);
      const folder = join(platform.config.customersDir, 'stores', store.id);
      const before = await idsOf();

      await runCommand({ path: compose }, ['--project-directory', folder, 'up', '--detach', '--no-build'], {
        timeoutMs: 3 * MINUTE,
        env: { DOCKER_HOST: `unix://${platform.config.dockerSocket}` },
      });

      expect(await idsOf()).toEqual(before);
    });

    test('containers that were removed are made again, and what was in them is still there', async () => {
      const { platform } = theWorld();
      const before = await idsOf();
      await Promise.all(
        (['web', 'search', 'sessions'] as const).map((service) =>
          serviceOf(platform, store, service).remove({ force: true }),
        ),
      );

      await until(async () => {
        const page = await platform.visit(`${store.url}${SEARCH_PATH}`).catch(() => undefined);
        return page?.body.includes(ROSE.name) === true ? true : undefined;
      }, 3 * MINUTE);

      await untilHealth(platform, store, ['healthy']);
      const after = await idsOf();
      expect([after['db'], after['cache']]).toEqual([before['db'], before['cache']]);
    });

    test('is deleted, and nothing of it is left but the audit log', async () => {
      const { platform } = theWorld();
      await platform.ok('store', 'delete', store.id, '--yes', '--wait');

      expect(await tracesOf(platform, store)).toEqual({});
      expect((await platform.cli('store', 'show', store.id)).exitCode).toBe(3);
      const audit = await platform.adapters.repositories.audit.list({ target: store.id });
      expect(audit.map(({ action }) => action)).toEqual(
        expect.arrayContaining(['store.created', 'store.activated', 'store.deleted']),
      );
    });
  });
}
