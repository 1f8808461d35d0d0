import type Docker from 'dockerode';
import type { ContainerInfo } from 'dockerode';
import { engineCall, ifThere, statusOf } from './docker-client.ts';

const STOP_GRACE_S = 20;
/** Stopping is mostly waiting; starting is not. */
const AT_ONCE = { stop: 16, start: 4 } as const;

/** The containers of all stores of one instance, for stopping and starting them as a whole. */
export function createInstanceStores({ docker, instanceId }: { docker: Docker; instanceId: string }) {
  const list = (): Promise<ContainerInfo[]> =>
    engineCall('list containers', () =>
      docker.listContainers({
        all: true,
        filters: JSON.stringify({ label: [`shophosting.instance=${instanceId}`, 'shophosting.store'] }),
      }),
    );

  return {
    /** Orderly; they stay stopped until somebody starts them. Returns how many were running. */
    async stopAll(signal: AbortSignal): Promise<number> {
      const running = (await list()).filter(({ State }) => State === 'running' || State === 'restarting');
      await inParallel(running, AT_ONCE.stop, signal, ({ Id }) =>
        ifThere('stop container', () => docker.getContainer(Id).stop({ t: STOP_GRACE_S }).catch(already)),
      );
      return running.length;
    },

    /** Starts what has ended of these stores; what was never started belongs to a run. Returns how many stores that were. */
    async startAll(storeIds: ReadonlySet<string>, signal: AbortSignal): Promise<number> {
      const ended = (await list()).filter(
        ({ State, Labels }) => State === 'exited' && storeIds.has(Labels['shophosting.store'] ?? ''),
      );
      await inParallel(ended, AT_ONCE.start, signal, ({ Id }) =>
        ifThere('start container', () => docker.getContainer(Id).start().catch(already)),
      );
      return new Set(ended.map(({ Labels }) => Labels['shophosting.store'])).size;
    },
  };
}

/** 304 = it already is as asked. */
function already(error: unknown): void {
  if (statusOf(error) !== 304) throw error;
}

async function inParallel<T>(
  items: readonly T[],
  atOnce: number,
  signal: AbortSignal,
  act: (item: T) => Promise<unknown>,
): Promise<void> {
  const waiting = [...items];
  const lane = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      signal.throwIfAborted();
      await act(item);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}
