import { operatorName } from '../adapters/process/operator-name.ts';
import type { PoolActions, SnapshotView } from '../cli/pool-actions.ts';
import { createPoolDesk } from '../desk/look-after-pool.ts';
import { AppError, type ErrorCode, InvalidInputError, toAppError } from '../domain/errors.ts';
import { originOfOperator } from '../domain/origin.ts';
import type { PlatformName } from '../domain/store.ts';
import { parsePlatform } from '../domain/store-input.ts';
import { MINUTE } from '../lib/time.ts';
import type { Adapters } from './adapters.ts';
import { createAhead } from './ahead.ts';
import { whyUnavailable } from './availability.ts';
import { goldenKeyOfToday } from './choose-parts.ts';
import { PLATFORMS_AHEAD, poolWishes } from './pool-wishes.ts';

/** Codes of a platform that is not up, or was never. */
const AWAY: ReadonlySet<ErrorCode> = new Set(['database_unavailable', 'schema_outdated', 'configuration_invalid']);
const LOOK_WITHIN_MS = MINUTE;

/** `shopctl golden …`, `shopctl pool …` */
export function createPoolActions(opened: () => Adapters): PoolActions {
  /** Of platforms that can be had here. */
  async function keysOfToday(): Promise<ReadonlyMap<PlatformName, string>> {
    const keys = new Map<PlatformName, string>();
    for (const platform of PLATFORMS_AHEAD) {
      if ((await whyUnavailable(platform, opened())) !== undefined) continue;
      keys.set(platform, await goldenKeyOfToday(platform, opened(), AbortSignal.timeout(LOOK_WITHIN_MS)));
    }
    return keys;
  }

  async function listSnapshots(): Promise<SnapshotView[]> {
    const keys = await keysOfToday();
    const all = await opened().golden.list();
    return all.map(({ platform, key, versions, files, bytes, madeAt }) => ({
      platform,
      key,
      versions,
      files,
      bytes,
      madeAt,
      isOfToday: keys.get(platform) === key,
    }));
  }

  const desk = () => {
    const { repositories } = opened();
    return createPoolDesk({ ...repositories, poolWishes: () => poolWishes(opened()), now: () => new Date() });
  };
  const origin = () => originOfOperator(operatorName());

  async function buildSnapshots({
    platform,
    signal,
    onProgress,
  }: Parameters<PoolActions['buildSnapshots']>[0]): Promise<readonly SnapshotView[]> {
    const wished = platform === undefined ? undefined : aheadOf(platform);
    const ahead = createAhead(opened(), `shopctl_${process.pid}`);
    const keys = await keysOfToday();
    if (wished !== undefined && !keys.has(wished)) {
      const why = await whyUnavailable(wished, opened());
      throw new AppError('platform_unavailable', `${wished} cannot be had here: ${why?.reason ?? ''}`, {
        ...(why === undefined ? {} : { hint: why.fix }),
      });
    }
    for (const [name, key] of keys) {
      if ((wished !== undefined && wished !== name) || (await isWhole(key))) continue;
      onProgress(`${name}: installing a shop to be copied`);
      await ahead.buildSnapshot(name, signal, (line) => onProgress(`${name}: ${line}`));
    }
    return (await listSnapshots()).filter(({ isOfToday, platform: of }) => isOfToday && (wished ?? of) === of);
  }

  return {
    listSnapshots,
    buildSnapshots,
    async prepareSnapshots({ platform, ...progress }) {
      const { config } = opened();
      if (!config.usesSnapshots) return;
      const wished = PLATFORMS_AHEAD.filter((name) => platform === undefined || name === platform);
      try {
        const keys = await keysOfToday();
        for (const name of wished.filter((each) => keys.has(each))) {
          await buildSnapshots({ ...progress, platform: name }).catch((thrown: unknown) => {
            const failure = toAppError(thrown);
            if (AWAY.has(failure.code) || progress.signal.aborted) throw thrown;
            // The images are there, which is what was asked for; a worker tries again.
            progress.onProgress(`${name}: no snapshot, so its stores are installed: ${failure.message}`);
          });
        }
      } catch (thrown) {
        if (!(thrown instanceof AppError) || !AWAY.has(thrown.code)) throw thrown;
        progress.onProgress('The platform does not run: its worker makes the snapshots for new stores when it does.');
      }
    },
    async verifySnapshots() {
      const { golden } = opened();
      const all = await golden.list();
      return Promise.all(
        all.map(async ({ platform, key }) => ({ platform, key, differs: (await golden.verify(key)) ?? null })),
      );
    },
    poolStatus: async () => (await desk().pool()).pools,
    async resizePool({ size, ...pool }) {
      await desk().resizePool(origin(), pool, size);
      return (await desk().pool()).pools;
    },
    drainPool: async (of) => ({ drained: await desk().drainPool(origin(), of) }),
  };

  async function isWhole(key: string): Promise<boolean> {
    return (await opened().golden.verify(key)) === undefined;
  }
}

/** Throws `invalid_input` where its shops are made for somebody only. */
function aheadOf(text: string): PlatformName {
  const platform = parsePlatform(text);
  if (PLATFORMS_AHEAD.includes(platform)) return platform;
  throw new InvalidInputError('platform', `Shops of ${platform} are not made before somebody wants one.`);
}
