import { createPageCaching, type PageCaching } from '../stores/page-caching.ts';
import type { Adapters } from './adapters.ts';

/** The page cache of shops, for the worker on their owners' behalf and for `shopctl`. */
export function pageCachingOf({ config, repositories, keptPages, edge }: Adapters): PageCaching {
  return createPageCaching({
    choices: repositories.pageCaching,
    keptPages,
    apply: (signal) => edge.apply(signal),
    pageCacheMb: config.pageCacheMb,
    now: () => new Date(),
  });
}
