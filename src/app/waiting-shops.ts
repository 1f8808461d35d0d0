import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { filesBelow } from '../adapters/filesystem/files-below.ts';
import { goldenKeyOf } from '../domain/golden-snapshot.ts';
import { directoryOf } from '../domain/names.ts';
import type { Store } from '../domain/store.ts';
import { SECOND } from '../lib/time.ts';
import type { TakenOver } from '../provisioning/steps/create-directory.ts';
import { stackOf } from '../stacks/index.ts';
import type { Adapters } from './adapters.ts';
import { goldenKeyOfToday } from './choose-parts.ts';

/** Somebody waits for it. */
const LOOK_WITHIN_MS = 2 * SECOND;

/**
 * What a shop that waits for an owner is made of, as it stands: its containers by the engine's ids, and its secrets and
 * code by size, owner, mode and the kernel's time of their last change, which nobody can set; and the compose file that
 * it would be given as a store, or Compose would make its containers anew. Takes some milliseconds.
 */
export async function fingerprintOf(
  store: Store,
  { config, containers, composeFiles }: Pick<Adapters, 'config' | 'containers' | 'composeFiles'>,
): Promise<string> {
  const root = join(config.customersDir, directoryOf(store));
  const still = stackOf(store.platform).ahead?.still ?? [];
  const hash = createHash('sha256').update(await composeFiles.templateOf(store));
  for (const line of await containers.identities(store)) hash.update(`${line}\n`);
  for (const folder of ['secrets', ...still.map((name) => join('data', name))]) {
    const files = [...(await filesBelow(join(root, folder)))].toSorted(([one], [other]) => (one < other ? -1 : 1));
    for (const [name, { ino, size, mode, uid, ctimeMs }] of files) {
      hash.update(`${JSON.stringify([folder, name, ino, size, mode, uid, ctimeMs])}\n`);
    }
  }
  return hash.digest('hex');
}

/** Looks once at what a store takes over, before anything is written to it. */
export function takenOverOf(
  adapters: Pick<
    Adapters,
    | 'config'
    | 'containers'
    | 'composeFiles'
    | 'directories'
    | 'takenMarks'
    | 'repositories'
    | 'images'
    | 'artifacts'
    | 'compiledCode'
  >,
): TakenOver {
  const { containers, directories, repositories, takenMarks } = adapters;

  /** Images or applications were renewed, and nobody has cleared it away yet. What cannot be told now is no reason. */
  async function isOfOlderParts({ platform, images }: Store, signal: AbortSignal): Promise<boolean> {
    const within = AbortSignal.any([signal, AbortSignal.timeout(LOOK_WITHIN_MS)]);
    const today = await goldenKeyOfToday(platform, adapters, within).catch(() => undefined);
    signal.throwIfAborted();
    return today !== undefined && today !== goldenKeyOf(platform, images);
  }

  return {
    mark: takenMarks.put,
    async dropIfChanged(store, signal, log) {
      // Looked at already, and its owner's since then: with a database from a backup, for long.
      if (await takenMarks.isOwn(store)) return;
      const expected = await repositories.poolMembers.fingerprintOf(store.id);
      if (expected === undefined) return;
      // Its own row does not say yet what it is made of, and so which services it has.
      const parts = await repositories.poolMembers.partsOf(store.id);
      const waiting = { ...store, images: parts?.images ?? {} };
      const [found, isOlder] = await Promise.all([fingerprintOf(waiting, adapters), isOfOlderParts(waiting, signal)]);
      if (expected === found && !isOlder) return;
      const why = expected === found ? 'made of older parts than there are' : 'not as it was made';
      log(`the shop that waited is ${why}: it is thrown away, and made anew`);
      await containers.remove(store, signal);
      await directories.remove(store);
      // Last: until then the next try comes here again. From then on it is made of what there is today.
      await repositories.poolMembers.forget(store.id);
    },
  };
}
