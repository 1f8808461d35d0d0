import { AppError } from '../domain/errors.ts';
import { MINUTE } from '../lib/time.ts';
import { keepServicesUp } from './keep-services-up.ts';
import type { Platform, TakeLock } from './platform.ts';

const STOP_WITHIN_MS = MINUTE;

/**
 * What the unit of the services runs: brings engine, MySQL, Redis and the schema up, says that they are, then stays and
 * keeps them up until the signal aborts; stops MySQL and Redis at the end. Holds the lock of `DATA_DIR`, so that no
 * `shopctl up` begins beside it. Throws `already_running` when one has it.
 */
export function createHoldServices(parts: {
  readonly dataDir: string;
  readonly takeLock: TakeLock;
  readonly open: (
    onProgress: (line: string) => void,
  ) => Promise<Pick<Platform, 'ensureEngine' | 'services' | 'ensureSchema' | 'stores' | 'careForLogs' | 'close'>>;
  readonly onReady: (signal: AbortSignal) => Promise<void>;
}) {
  return async function holdServices(signal: AbortSignal, onProgress: (line: string) => void): Promise<void> {
    const lock = await parts.takeLock();
    if (lock === undefined) {
      throw new AppError('already_running', `The platform of ${parts.dataDir} is kept by a shopctl up.`, {
        hint: 'Stop it: shopctl down',
      });
    }
    let platform: Awaited<ReturnType<typeof parts.open>> | undefined;
    try {
      platform = await parts.open(onProgress);
      onProgress(await platform.ensureEngine(signal));
      await platform.services.ensure(signal);
      onProgress(`schema: ${await platform.ensureSchema(signal)}`);
      await platform.stores.startAll(signal);
      await parts.onReady(signal);
      await keepServicesUp(platform, onProgress, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      // An engine that is away has stopped them too.
      await platform?.services.stop(AbortSignal.timeout(STOP_WITHIN_MS)).catch(() => undefined);
      await platform?.close();
      lock.release();
    }
  };
}
