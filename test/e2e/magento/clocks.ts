import { expect, test } from 'vitest';
import { MINUTE, SECOND } from '../../../src/lib/time.ts';
import { cronOffsetMs } from '../../../src/monitoring/run-store-cron.ts';
import { until } from '../until.ts';
import { inService, type MagentoWorld, ROSES, TULIPS } from './world.ts';

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
