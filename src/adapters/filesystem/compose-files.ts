import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../domain/errors.ts';
import { directoryOf } from '../../domain/names.ts';
import type { Store } from '../../domain/store.ts';
import { fileWork } from './file-error.ts';
import { pathBelow } from './path-below.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

export interface ComposeFilesDeps {
  readonly customersDir: string;
  /** The compose file that a store's platform has in the tree. */
  readonly templateOf: (store: Pick<Store, 'platform'>) => string;
  /** What Compose puts into it. Holds nothing that changes with a store's name, owner, domain or plan, and no secret. */
  readonly variablesOf: (store: Store) => Readonly<Record<string, string>>;
}

const MODE = 0o640;
/** Letters that mean the same to Compose's `.env` reader quoted or not; none of our values needs more. */
const PLAIN_VALUE = /^[A-Za-z0-9_./:@,-]*$/;

/** `compose.yml` and `.env` of a store: a real compose file an operator can read and run by hand. */
export function createComposeFiles(deps: ComposeFilesDeps) {
  const rootOf = (store: Pick<Store, 'id'>): Promise<string> => pathBelow(deps.customersDir, directoryOf(store));
  const templateOf = (store: Pick<Store, 'platform'>): Promise<Buffer> => readFile(deps.templateOf(store));
  return {
    /** The compose file that a store of its platform would be given today. */
    templateOf,

    write: (store: Store): Promise<void> =>
      fileWork(`Writing the compose file of ${store.id}`, async () => {
        const root = await rootOf(store);
        const facts = { mode: MODE, uid: 0, gid: 0 };
        await writeFileAtomically(join(root, 'compose.yml'), await templateOf(store), facts);
        await writeFileAtomically(join(root, '.env'), renderEnv(deps.variablesOf(store)), facts);
      }),

    remove: (store: Pick<Store, 'id'>): Promise<void> =>
      fileWork(`Removing the compose file of ${store.id}`, async () => {
        const root = await rootOf(store);
        await rm(join(root, 'compose.yml'), { force: true });
        await rm(join(root, '.env'), { force: true });
      }),
  };
}

/** `NAME=value` lines. A value that would need quoting is a bug of ours and is refused. */
export function renderEnv(variables: Readonly<Record<string, string>>): string {
  const lines = Object.entries(variables).map(([name, value]) => {
    if (!/^[A-Z][A-Z0-9_]*$/.test(name) || !PLAIN_VALUE.test(value)) {
      throw new AppError('internal_error', `${name} cannot be written into a .env file.`);
    }
    return `${name}=${value}`;
  });
  return `${lines.join('\n')}\n`;
}
