import { AppError } from '../domain/errors.ts';
import type { Origin } from '../domain/origin.ts';
import {
  HAS_PAGE_CACHE,
  type PageCacheChoice,
  type PageCacheTexts,
  parsePageCache,
  USUAL_PAGE_LIFETIME,
} from '../domain/page-cache.ts';
import type { Store } from '../domain/store.ts';
import type { PageCacheView } from '../web/services/settings.ts';

export interface PageCachingDeps {
  readonly choices: {
    find(storeId: string): Promise<PageCacheChoice>;
    choose(change: Origin & { storeId: string; choice: PageCacheChoice; now: Date }): Promise<void>;
    noteEmptied(line: Origin & { storeId: string; now: Date }): Promise<void>;
  };
  readonly keptPages: { empty(storeId: string): Promise<void> };
  /** The edge goes by what is chosen. */
  readonly apply: (signal: AbortSignal) => Promise<unknown>;
  /** What pages of all shops may take on this platform; 0: none are kept. */
  readonly pageCacheMb: number;
  readonly now: () => Date;
}

type Described = Pick<Store, 'id' | 'platform'>;

/** Who may choose here, and what holds. */
export async function showPageCache(
  {
    choices,
    pageCacheMb,
  }: Pick<PageCachingDeps, 'pageCacheMb'> & { readonly choices: { find: PageCachingDeps['choices']['find'] } },
  { id, platform }: Described,
): Promise<PageCacheView> {
  const choice = await choices.find(id);
  const lifetime = choice === 'off' ? USUAL_PAGE_LIFETIME : choice;
  if (!HAS_PAGE_CACHE[platform]) return { pageCache: 'off', lifetime, kept: 'by-the-shop' };
  return { pageCache: choice === 'off' ? 'off' : 'on', lifetime, kept: pageCacheMb === 0 ? 'nowhere' : 'at-the-edge' };
}

export type PageCaching = ReturnType<typeof createPageCaching>;

/** Whether, and how long, the edge shows pages of a shop by itself. For who may reach the edge. */
export function createPageCaching(deps: PageCachingDeps) {
  const { choices, keptPages, now } = deps;
  return {
    show: (store: Described): Promise<PageCacheView> => showPageCache(deps, store),

    /**
     * In effect when it resolves. Throws `InvalidFormError`, `not_allowed_now` for a shop that keeps its pages itself, and
     * what applying the routes throws: then it is chosen, and holds with the next change of any route.
     */
    async change(
      store: Described,
      texts: PageCacheTexts,
      options: { origin: Origin; signal: AbortSignal },
    ): Promise<void> {
      assertOffered(store);
      const choice = parsePageCache(texts, await choices.find(store.id));
      await choices.choose({ storeId: store.id, choice, ...options.origin, now: now() });
      // What was kept before may be old by now: nobody told of changes while it was off.
      await keptPages.empty(store.id);
      await deps.apply(options.signal);
    },

    /** From the next request on visitors see what the shop answers now. Throws `not_allowed_now` as above. */
    async empty(store: Described, origin: Origin): Promise<void> {
      assertOffered(store);
      await keptPages.empty(store.id);
      await choices.noteEmptied({ storeId: store.id, ...origin, now: now() });
    },
  };
}

function assertOffered({ id, platform }: Described): void {
  if (HAS_PAGE_CACHE[platform]) return;
  throw new AppError('not_allowed_now', `${id} keeps its pages itself.`);
}
