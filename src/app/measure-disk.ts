import { join } from 'node:path';
import { folderSize } from '../adapters/filesystem/folder-size.ts';
import { directoryOf } from '../domain/names.ts';
import type { Store } from '../domain/store.ts';
import type { Adapters } from './adapters.ts';

/** Counts what a store's folder takes on disk, in bytes, and keeps it for those who may not look themselves. */
export function createDiskMeasure({ config, repositories }: Pick<Adapters, 'config' | 'repositories'>) {
  return async (store: Pick<Store, 'id'>, signal: AbortSignal): Promise<number> => {
    const diskBytes = await folderSize(join(config.customersDir, directoryOf(store)), signal);
    await repositories.usage.record(store.id, { diskBytes, measuredAt: new Date() });
    return diskBytes;
  };
}
