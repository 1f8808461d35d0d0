import { describe, expect, test } from 'vitest';
import { containerOf } from '../../../src/domain/names.ts';
import type { PoolMember } from '../../../src/domain/pool-member.ts';
import { MINUTE } from '../../../src/lib/time.ts';
import type { TestPlatform } from '../platform.ts';
import { until } from '../until.ts';
import { killWorkers, killWorkersAfter, killWorkersWithin, untilAllDone } from '../workers.ts';
import { type AheadWorld, expectNothingOfNobodys, membersOf, snapshotFolders, whatRuns } from './world.ts';

const OFTEN_MS = 20;
/** What `shop-install` becomes. */
const INSTALLER = '/install/run.php';

/** Whether the program that installs a shop runs in its container. */
async function isBeingInstalled({ adapters }: TestPlatform, member: PoolMember): Promise<boolean> {
  const container = adapters.docker.getContainer(containerOf(member, 'web'));
  // There are none before it runs.
  const programs: { Processes: string[][] | null } = await container.top().catch(() => ({ Processes: null }));
  return programs.Processes?.some((words) => words.join(' ').includes(INSTALLER)) ?? false;
}

/** Whether it has lost a container already. */
async function isBeingTakenDown({ adapters }: TestPlatform, member: PoolMember): Promise<boolean> {
  const filters = JSON.stringify({ label: [`shophosting.store=${member.id}`] });
  return (await adapters.docker.listContainers({ all: true, filters })).length < 3;
}

/** All that wait, once there are so many, and nothing else is in the pool. */
const untilReady = (platform: TestPlatform, count: number): Promise<PoolMember[]> =>
  until(async (see) => {
    const all = await membersOf(platform);
    see(all.map(({ id, status }) => [id, status]));
    return all.length === count && all.every(({ status }) => status === 'ready') ? all : undefined;
  }, 2 * MINUTE);

/** Whose installation, and whose snapshot, nobody went on with. */
async function killTwice(platform: TestPlatform): Promise<readonly string[]> {
  const installed = await until(
    async (see) => {
      const [member] = await membersOf(platform).catch(() => []); // Its database is not up yet.
      see(member);
      return member !== undefined && (await isBeingInstalled(platform, member)) ? member : undefined;
    },
    3 * MINUTE,
    OFTEN_MS,
  );
  await killWorkers(platform);
  expect(await snapshotFolders(platform)).toEqual([]);

  // Of another platform where there is one; else of the same, once whoever died counts as gone.
  const half = await until(async () => (await snapshotFolders(platform))[0], 3 * MINUTE, OFTEN_MS);
  await killWorkers(platform);
  expect(await snapshotFolders(platform)).toEqual([half]);
  expect(half).toMatch(/^\.new-sto_/);
  return [installed.id, half.replace('.new-', '')];
}

/** Nothing is made ahead before this; from here on snapshots are. */
export function describeKilledSnapshots(theWorld: () => AheadWorld): void {
  describe('while snapshots are made', () => {
    test('workers are killed: amid an installation, and with half a snapshot on the disk', async () => {
      const { platform } = theWorld();
      // Nobody waits until all is up: the first shop is there about then.
      const [killed] = await Promise.all([killTwice(platform), platform.startAgain({ GOLDEN_SNAPSHOTS: '1' })]);
      expect(new Set(killed).size).toBe(2);
    });

    test('of neither anything is left, and whole ones are made again by themselves', async () => {
      const { platform, kind } = theWorld();
      const platforms = new Set([kind, 'wordpress']);
      await until(async (see) => {
        const [members, snapshots] = [await membersOf(platform), await platform.adapters.golden.list()];
        see({ members, snapshots });
        return members.length === 0 && snapshots.length === platforms.size ? true : undefined;
      }, 4 * MINUTE);

      await expectNothingOfNobodys(platform);
    });
  });
}

/** With a pool that has one shop; it has two afterwards. */
export function describeKilledClaim(theWorld: () => AheadWorld): void {
  test('workers killed when an order is accepted, amid its hand-over, and behind its open door: it is the shop that waited, and nobody else’s', async () => {
    const { platform, kind } = theWorld();
    const { stores } = platform.adapters.repositories;
    await platform.ok('pool', 'resize', kind, '2');
    const [waiting, other] = (await untilReady(platform, 2)).map(({ id }) => id) as [string, string];
    const runs = await Promise.all([waiting, other].map((id) => whatRuns(platform, { id })));

    const { id } = await killWorkersAfter(platform, () =>
      platform.createStore('killed-claim', { platform: kind, wait: false }),
    );
    const at = [
      await killWorkersWithin(platform, id, 'install-application'),
      await killWorkersWithin(platform, id, 'obtain-certificate'),
    ];
    const made = await untilAllDone(platform, id);

    expect([made.id, at[0]]).toEqual([waiting, 'install-application']);
    expect((await platform.visit(made.url)).body).toContain('killed-claim');
    expect(await Promise.all([waiting, other].map((id) => whatRuns(platform, { id })))).toEqual(runs);
    const now = await untilReady(platform, 2);
    expect(now.map((member) => member.id)).toContain(other);
    const ports = [...(await stores.list()), ...now].map(({ port }) => port);
    expect(new Set(ports).size).toBe(ports.length);
    await expectNothingOfNobodys(platform);

    await platform.ok('store', 'delete', id, '--yes');
    await platform.gone(id);
  });
}

/** With a pool that has two shops; it has one afterwards. */
export function describeKilledDrain(theWorld: () => AheadWorld): void {
  test('workers killed amid a drain: all that waited is gone, and another waits', async () => {
    const { platform, kind } = theWorld();
    const before = await untilReady(platform, 2);
    await platform.ok('pool', 'resize', kind, '1');
    await platform.ok('pool', 'drain');
    await until(
      async () => {
        const leaving = (await membersOf(platform)).filter(({ status }) => status === 'leaving');
        const gone = await Promise.all(leaving.map((member) => isBeingTakenDown(platform, member)));
        return gone.includes(true) ? true : undefined;
      },
      MINUTE,
      OFTEN_MS,
    );
    await killWorkers(platform);
    expect((await membersOf(platform)).some(({ status }) => status === 'leaving')).toBe(true);

    const [next] = await untilReady(platform, 1);

    expect(before.map(({ id }) => id)).not.toContain(next?.id);
    await expectNothingOfNobodys(platform);
  });
}
