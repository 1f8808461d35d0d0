import { chmod, chown, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../domain/errors.ts';
import { directoryOf } from '../../domain/names.ts';
import type { SecretName, StoreSecrets } from '../../domain/secrets.ts';
import type { Store } from '../../domain/store.ts';
import { fileWork } from './file-error.ts';
import { ignoring } from './ignoring.ts';
import { pathBelow } from './path-below.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

/** Service → file name → which secret it holds. */
export type SecretLayout = Readonly<Record<string, { readonly secrets: Readonly<Record<string, SecretName>> }>>;

const ignoreMissing = ignoring('ENOENT');
const FOLDER_MODE = 0o500;
const FILE_MODE = 0o400;

/**
 * Secrets as files, one folder per service, so that the shop cannot read the database's root password. A folder is
 * mounted, never a file: a replaced file keeps its old content inside a container that mounts it alone.
 */
export function createSecretFiles(deps: { customersDir: string; layoutOf: (store: Store) => SecretLayout }) {
  const rootOf = (store: Pick<Store, 'id'>): Promise<string> =>
    pathBelow(deps.customersDir, `${directoryOf(store)}/secrets`);
  return {
    /** `undefined` where no service of the store has it, or its file is not there. */
    read: (store: Store, name: SecretName): Promise<string | undefined> =>
      fileWork(`Reading the secrets of ${store.id}`, async () => {
        const root = await rootOf(store);
        for (const [service, { secrets }] of Object.entries(deps.layoutOf(store))) {
          const [file] = Object.entries(secrets).find(([, secret]) => secret === name) ?? [];
          if (file === undefined) continue;
          return await readFile(join(root, service, file), 'utf8').catch(ignoreMissing);
        }
        return undefined;
      }),

    /** Each file whole or not at all. Where one of `kept` stands already, it stays as it is. */
    write: (store: Store, secrets: StoreSecrets, kept: readonly SecretName[] = []): Promise<void> =>
      fileWork(`Writing the secrets of ${store.id}`, async () => {
        const root = await rootOf(store);
        await mkdir(root, { recursive: true, mode: 0o750 });
        for (const [service, { secrets: files }] of Object.entries(deps.layoutOf(store))) {
          const folder = join(root, service);
          await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
          await chmod(folder, FOLDER_MODE);
          await chown(folder, store.uid, store.uid);
          const standing = new Set(await readdir(folder));
          for (const [file, secret] of Object.entries(files)) {
            const value = secrets[secret];
            if (value === undefined) throw new AppError('internal_error', `${store.id} has no ${secret} to write.`);
            if (kept.includes(secret) && standing.has(file)) continue;
            await writeFileAtomically(join(folder, file), value, { mode: FILE_MODE, uid: store.uid });
          }
          await removeStrangers(folder, new Set(Object.keys(files)));
        }
      }),

    remove: (store: Pick<Store, 'id'>): Promise<void> =>
      fileWork(`Removing the secrets of ${store.id}`, async () => {
        await rm(await rootOf(store), { recursive: true, force: true });
      }),
  };
}

/** A file that was left beside by a crash, or that the layout no longer has. */
async function removeStrangers(folder: string, known: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(folder)) if (!known.has(name)) await rm(join(folder, name), { force: true });
}
