import { join } from 'node:path';
import { AppError } from '../../../domain/errors.ts';
import type { CatalogueEntry, ComposerSource } from '../catalogue.ts';
import { packTree } from '../pack-tree.ts';
import type { Fetched, SourceRoom } from './source.ts';

/** What `composer create-project` is asked for. */
export interface ComposerWish {
  readonly package: string;
  readonly version: string;
  readonly repository: string;
  readonly keys?: { readonly username: string; readonly password: string };
}

export interface ComposerAccess {
  /** Makes the project somewhere below `work` and returns its folder. Throws `artifact_missing` with composer's reason. */
  readonly createProject: (
    wish: ComposerWish,
    work: string,
    signal: AbortSignal,
    onProgress: (line: string) => void,
  ) => Promise<string>;
  /** The operator's, for repositories that want some. */
  readonly keys?: ComposerWish['keys'];
}

/** Has composer fetch a project from its vendor, and packs it as an operator would. */
export async function takeFromComposer(
  source: ComposerSource,
  entry: CatalogueEntry,
  access: ComposerAccess | undefined,
  room: SourceRoom,
): Promise<Fetched> {
  const { host } = new URL(source.repository);
  const { package: name, version, repository } = source;
  if (access === undefined) throw new AppError('artifact_missing', `${host}: composer cannot be run here.`);
  if (source.wantsKeys && access.keys === undefined) {
    throw new AppError('artifact_missing', `${host} wants keys (MAGENTO_REPO_PUBLIC_KEY, MAGENTO_REPO_PRIVATE_KEY).`);
  }
  room.onProgress(`Asking ${host} for ${name} ${version} by composer`);
  const keys = source.wantsKeys ? access.keys : undefined;
  const wish = { package: name, version, repository, ...(keys === undefined ? {} : { keys }) };
  const tree = await access.createProject(wish, room.work, room.signal, room.onProgress);
  room.onProgress(`Packing ${name} ${version}`);
  const file = join(room.work, 'packed.tar.gz');
  await packTree(tree, entry.name, file);
  return { file, from: `${host} (${name} ${version})`, checkedBy: "composer, by the repository's own sums" };
}
