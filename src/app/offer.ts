import { SILENT_AFTER_MS } from '../operating/look-at.ts';
import { createOfferKeeper } from '../stores/offer.ts';
import { usualDurationsOf } from '../stores/usual-durations.ts';
import type { Adapters } from './adapters.ts';
import { whyUnavailable } from './availability.ts';
import { hasRoom } from './capacity.ts';

/** Looks what can be had on this machine and writes it down for the web process, which cannot look. */
export function createOfferChore(adapters: Adapters): () => Promise<void> {
  const { config, repositories } = adapters;
  const { workers, runStatistics, settings } = repositories;
  return createOfferKeeper({
    settings,
    isOpen: config.signUps.areOpen,
    isAvailable: async (platform) => (await whyUnavailable(platform, adapters)) === undefined,
    hasRoom: () => hasRoom(adapters),
    lanes: async () =>
      (await workers.list()).filter(({ silentMs }) => silentMs < SILENT_AFTER_MS).length * config.workerConcurrency,
    usualDurations: async (platform) => usualDurationsOf(await runStatistics.stepDurations(platform)),
    now: () => Date.now(),
  });
}
