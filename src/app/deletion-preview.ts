import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readStoreBelongings } from '../adapters/docker/store-belongings.ts';
import { folderSize } from '../adapters/filesystem/folder-size.ts';
import type { DeletionPreview, OperatorActions } from '../cli/operator-actions.ts';
import { directoryOf, linkOf } from '../domain/names.ts';
import type { Store } from '../domain/store.ts';
import type { Adapters } from './adapters.ts';

/** `shopctl store delete --dry-run`: looked at where it is. Changes nothing; ends early with the signal. */
export function createDeletionActions(opened: () => Adapters): Pick<OperatorActions, 'previewDelete'> {
  const previewOf = async (storeId: string, signal: AbortSignal): Promise<DeletionPreview> => {
    const { config, docker, repositories } = opened();
    const { stores, ownDomains, outboxEntries } = repositories;
    const store = await stores.get(storeId);
    const [belongings, folders, served, wished, mails] = await Promise.all([
      readStoreBelongings(docker, store.id),
      foldersOf(config.customersDir, store, signal),
      stores.hostnamesOf(store.id),
      ownDomains.list(store.id),
      outboxEntries.countOf(store.id),
    ]);
    return {
      id: store.id,
      name: store.name,
      ...belongings,
      folders,
      link: join(config.customersDir, linkOf(store)),
      domains: [...new Set([...served, ...wished.map(({ hostname }) => hostname)])],
      mails,
      port: store.port,
      subnet: store.network.subnet,
      uid: store.uid,
    };
  };
  return { previewDelete: ({ storeId, signal }) => previewOf(storeId, signal) };
}

/** Its folder, then the folders of data in it; none where it has none yet. */
async function foldersOf(
  customersDir: string,
  store: Pick<Store, 'id'>,
  signal: AbortSignal,
): Promise<DeletionPreview['folders']> {
  const root = join(customersDir, directoryOf(store));
  const data = join(root, 'data');
  const names = await readdir(data).catch(() => []);
  const paths = [root, ...names.toSorted().map((name) => join(data, name))];
  const sizes: { path: string; bytes: number }[] = [];
  for (const path of paths) {
    const bytes = await folderSize(path, signal);
    if (bytes > 0 || path !== root) sizes.push({ path, bytes });
  }
  return sizes;
}
