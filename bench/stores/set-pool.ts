import { createPoolActions } from '../../src/app/pool-actions.ts';
import type { PlatformName } from '../../src/domain/store.ts';
import { probeUntil } from '../../src/lib/deadline.ts';
import { MINUTE, SECOND } from '../../src/lib/time.ts';
import type { TestPlatform } from '../../test/e2e/platform.ts';

const READY_WITHIN_MS = 15 * MINUTE;

/** So many shops wait for an owner from here on; resolves when they do, and nothing else is being made or taken away. */
export async function setPool({ adapters }: TestPlatform, platform: PlatformName, size: number): Promise<void> {
  const pool = createPoolActions(() => adapters);
  await pool.resizePool({ platform, size: String(size) });
  if (size === 0) await pool.drainPool({ platform });
  await probeUntil(
    async () => {
      const found = (await pool.poolStatus()).find((each) => each.platform === platform);
      const { ready, making, leaving } = found ?? { ready: 0, making: 0, leaving: 0 };
      return ready === size && making === 0 && leaving === 0 ? true : undefined;
    },
    { signal: AbortSignal.timeout(READY_WITHIN_MS), firstDelayMs: 100, maxDelayMs: SECOND },
  );
}

/** As of shops that have waited for a while: the engine has asked every service on this platform once how it is. */
export async function untilEngineHasLooked({ adapters, config }: TestPlatform): Promise<void> {
  const label = [`shophosting.instance=${config.instanceId}`];
  await probeUntil(
    async () => {
      const unknown = await adapters.docker.listContainers({ filters: { label, health: ['starting'] } });
      return unknown.length === 0 ? true : undefined;
    },
    { signal: AbortSignal.timeout(2 * MINUTE), firstDelayMs: 100, maxDelayMs: SECOND },
  );
}

/** A snapshot is there that new stores are copies of. */
export async function haveSnapshot({ adapters }: TestPlatform, platform: PlatformName): Promise<void> {
  const signal = AbortSignal.timeout(READY_WITHIN_MS);
  await createPoolActions(() => adapters).buildSnapshots({ platform, signal, onProgress: () => undefined });
}
