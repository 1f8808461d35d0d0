import { AppError } from '../../domain/errors.ts';
import type { PhpLimits } from '../../domain/php-limits.ts';
import type { Lease } from '../../domain/run.ts';
import type { Store } from '../../domain/store.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import type { Step } from '../step.ts';
import { STEP_TITLES } from '../step-titles.ts';
import type { ComposeFiles } from './render-compose.ts';

/** A store's containers as one thing. */
export interface StoreContainers {
  /** Makes what is missing, and starts nothing. Throws `image_missing`. */
  create(store: Store, signal: AbortSignal, log: (line: string) => void): Promise<void>;
  /**
   * Makes what is missing, sets the plan's limits, starts (one that is being made behind all others where CPU is short),
   * waits until every service is healthy, and reads the profile back. Never recreates a healthy container. With `look` as `last`, a service that runs as it should is believed
   * what it said when the engine asked it last. Throws `container_unhealthy` with the log's tail,
   * `port_in_use` when somebody else holds the port, `container_profile_violated` when what runs is not what was asked.
   */
  ensureRunning(store: Store, signal: AbortSignal, log: (line: string) => void, look?: 'now' | 'last'): Promise<void>;
  /** From here on the shop has as much of a CPU that is short as any other. */
  giveFullWeight(store: Store): Promise<void>;
  /** Ends them, each in its own time, so that nothing half-written is left; what they have written stays. */
  stop(store: Store): Promise<void>;
  /** Removes containers, networks and volumes that carry the store's label. Works from any state, without its files. */
  remove(store: Store, signal: AbortSignal): Promise<void>;
}

/** What one request may take, as the store's containers find it. */
export interface PhpLimitsOfStores {
  readonly known: { find(storeId: string): Promise<PhpLimits | undefined> };
  /** A file that they can only read, and the folder that they mount; of none, the folder alone. */
  readonly files: { write(store: Store, limits: PhpLimits | undefined): Promise<void> };
}

/** Shops that were installed before, to be copied instead of installed again. */
export interface Snapshots {
  /**
   * Copies what a shop of these parts consists of into a store that has nothing yet; does nothing for any other, nor where
   * there is no such snapshot. Its containers may be there, but must never have been started. May be repeated after a kill.
   */
  lay(store: Store, signal: AbortSignal, log: (line: string) => void): Promise<void>;
}

export function startContainers(deps: {
  snapshots: Snapshots;
  phpLimits: PhpLimitsOfStores;
  containers: Pick<StoreContainers, 'create' | 'ensureRunning' | 'remove'>;
  /** What its owner looks into the database with; it is beside the store, and goes with it. */
  panels: { remove(storeId: string): Promise<void> };
  files: ComposeFiles;
  stores: { moveToAnotherPort(lease: Lease): Promise<Store> };
}): Step {
  return {
    name: 'start-containers',
    title: STEP_TITLES['start-containers'],
    deadlineMs: 3 * MINUTE,
    retry: { attempts: 3, backoffMs: 2 * SECOND },
    async ensure(store, { signal, lease, run, log }) {
      // One that waited for its owner was watched meanwhile, and its page is looked at before it opens.
      const look = run.kind === 'provision' ? 'last' : 'now';
      // Before they start, and again whenever they do: what was half done by a run that was called off is forgotten.
      await deps.phpLimits.files.write(store, await deps.phpLimits.known.find(store.id));
      // Side by side: a container opens its folders when it starts, and not before.
      await bothOf(deps.snapshots.lay(store, signal, log), deps.containers.create(store, signal, log));
      try {
        await deps.containers.ensureRunning(store, signal, log, look);
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'port_in_use') throw error;
        // Between allocation and start somebody else took the port. The store has never been reached: it may move.
        const moved = await deps.stores.moveToAnotherPort(lease);
        log(`port ${store.port} is used by somebody else; moved to ${moved.port}`);
        await deps.containers.remove(store, signal);
        await deps.files.write(moved);
        await deps.containers.ensureRunning(moved, signal, log);
      }
    },
    async undo(store, { signal }) {
      await deps.panels.remove(store.id);
      await deps.containers.remove(store, signal);
    },
  };
}

/** Ends when both have ended, so that nothing goes on behind a step that is tried again; throws what the first of them threw. */
async function bothOf(...work: readonly [Promise<void>, Promise<void>]): Promise<void> {
  await Promise.allSettled(work);
  await Promise.all(work);
}
