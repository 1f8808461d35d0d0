import { expect, test } from 'vitest';
import { limitsOf } from '../../../src/domain/limits.ts';
import { cronTaskOf } from '../../../src/domain/names.ts';
import type { ServiceName } from '../../../src/domain/subnets.ts';
import { MINUTE, SECOND } from '../../../src/lib/time.ts';
import { cronOffsetMs } from '../../../src/monitoring/run-store-cron.ts';
import { servicesOf } from '../../../src/stacks/index.ts';
import { until } from '../until.ts';
import { inService, type MagentoWorld, OTHERS, ROSES, rowOf, serviceOf, TULIPS } from './world.ts';

/** A turn is taken up within a second; a busy machine may be late. */
const LATE_AT_MOST_MS = 20 * SECOND;

export function describeClocks(theWorld: () => MagentoWorld): void {
  test('the clock of each Magento shop goes round once a minute at its own moment', async () => {
    const { platform } = theWorld();
    const [roses, tulips] = await Promise.all([ROSES.name, TULIPS].map((name) => platform.store(name)));
    if (roses === undefined || tulips === undefined) throw new Error('Two shops are to be there');
    // Turns from before may be late: their workers were killed amid them.
    const from = Date.now();
    for (const store of [roses, tulips]) {
      const turns = await until(async () => {
        const found = (theWorld().turns.get(store.id) ?? []).filter((at) => at >= from);
        return found.length >= 2 ? [...found] : undefined;
      }, 4 * MINUTE);
      const offset = cronOffsetMs(store.id);
      for (const at of turns) {
        const late = (((at - offset) % MINUTE) + MINUTE) % MINUTE;
        expect([store.name, late < LATE_AT_MOST_MS]).toEqual([store.name, true]);
      }
      const minutes = turns.map((at) => Math.floor((at - offset) / MINUTE));
      expect(new Set(minutes).size).toBe(minutes.length);
    }
    expect(cronOffsetMs(roses.id)).not.toBe(cronOffsetMs(tulips.id));
  });
}

export function describeOneTurn(theWorld: () => MagentoWorld): void {
  test('two turns of one clock at the same moment: one runs, the other leaves it alone', async () => {
    const { platform } = theWorld();
    const store = await platform.store(TULIPS);
    const turn = async (): Promise<unknown> => {
      const printed = await inService(platform, store, 'web', '/usr/local/bin/shop-cron');
      return JSON.parse(printed.split('\n').at(-1) ?? '');
    };

    const answers = await until(async () => {
      const both = await Promise.all([turn(), turn()]);
      // When the platform's own turn is under way, both leave it alone.
      return both.some((answer) => (answer as { ran: boolean }).ran) ? both : undefined;
    });

    expect(answers).toEqual(expect.arrayContaining([{ ran: true }, { ran: false }]));
  });
}

/** Leaves the shop with a larger plan. */
export function describeRest(theWorld: () => MagentoWorld): void {
  test('a suspended shop has no turn while others have theirs; it is resumed as it was, and another plan binds', async () => {
    const { platform } = theWorld();
    const { tasks, plans } = platform.adapters.repositories;
    const ranAt = async (id: string): Promise<number> => (await tasks.ranAt(cronTaskOf(id)))?.getTime() ?? 0;
    const [store, other] = await Promise.all([TULIPS, OTHERS[0] ?? ''].map((name) => platform.store(name)));
    if (store === undefined || other === undefined) throw new Error('Two shops are to be there');

    await platform.ok('store', 'suspend', store.id, '--reason', 'a rest', '--wait');
    const closed = await platform.visit(store.url);
    expect([closed.status, closed.headers['x-edge-page']]).toEqual([503, 'suspended']);
    const [last, suspendedAt] = [await ranAt(store.id), Date.now()];
    // Within a minute every shop's moment comes once, this one's too.
    await until(async () => ((await ranAt(other.id)) > suspendedAt + MINUTE ? true : undefined), 3 * MINUTE);
    expect(await ranAt(store.id)).toBe(last);

    await platform.ok('store', 'resume', store.id, '--wait');
    expect((await platform.visit(store.url)).status).toBe(200);
    await platform.ok('store', 'resize', store.id, '--plan', 'scale', '--wait');
    expect(await platform.store(store.id)).toMatchObject({ status: 'active', plan: 'scale' });
    const plan = await plans.get('scale');
    const { NCPU: cores } = (await platform.adapters.docker.info()) as { NCPU: number };
    for (const [service, facts] of Object.entries(servicesOf(await rowOf(platform, store.id)))) {
      const { HostConfig, State } = await serviceOf(platform, store, service as ServiceName).inspect();
      const { memoryBytes, nanoCpus } = limitsOf(plan, facts, cores);
      expect([service, State.Running, HostConfig.Memory, HostConfig.NanoCpus]).toEqual([
        service,
        true,
        memoryBytes,
        nanoCpus,
      ]);
    }
    await until(async () => ((await ranAt(store.id)) > last ? true : undefined));
  });
}
