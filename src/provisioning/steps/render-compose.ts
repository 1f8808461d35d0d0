import type { Lease } from '../../domain/run.ts';
import type { Store } from '../../domain/store.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import type { Step } from '../step.ts';
import { STEP_TITLES } from '../step-titles.ts';

/** What a store is made of: image ids by service, and the unpacked applications it mounts. */
export interface StackParts {
  readonly images: Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, string>>;
}

/** Says what a new store is made of: what it was made of ahead, else what there is today. Throws `image_missing` or `artifact_missing` with the cure. */
export type ChooseParts = (store: Store, signal: AbortSignal, log: (line: string) => void) => Promise<StackParts>;

export interface ComposeFiles {
  /** Writes `compose.yml` and `.env`; equal bytes are left alone. Neither holds a name, owner, domain, plan or secret. */
  write(store: Store): Promise<void>;
  remove(store: Store): Promise<void>;
}

export function renderCompose(deps: {
  chooseParts: ChooseParts;
  stores: { recordMade(lease: Lease, parts: StackParts): Promise<void>; get(id: string): Promise<Store> };
  files: ComposeFiles;
}): Step {
  return {
    name: 'render-compose',
    title: STEP_TITLES['render-compose'],
    deadlineMs: MINUTE,
    retry: { attempts: 3, backoffMs: SECOND },
    async ensure(store, { lease, signal, log }) {
      // Recorded once: a repair, or a retry after an image was renewed, uses what the store was made with.
      if (Object.keys(store.images).length === 0) {
        const parts = await deps.chooseParts(store, signal, log);
        await deps.stores.recordMade(lease, parts);
        for (const [service, image] of Object.entries(parts.images)) log(`${service}: ${image}`);
      }
      await deps.files.write(await deps.stores.get(store.id));
    },
    undo: (store) => deps.files.remove(store),
  };
}
