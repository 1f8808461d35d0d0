import { access, constants, lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { directoryOf } from '../../domain/names.ts';
import type { Store } from '../../domain/store.ts';
import { type Check, fail, ok, quoted } from './check.ts';

const MAX_NAMED = 5;

interface WantedFolder {
  readonly path: string;
  readonly owner: number;
  /** Rights that others must not have; what the owner needs is what rwx means. */
  readonly mode: number;
}

/**
 * The seed's first trouble, permission denied on the stores' folder: who owns what, and may it be written? Looks at the
 * top of each tree only; what shops do inside is theirs.
 */
export const storeFoldersCheck = (parts: {
  readonly customersDir: string;
  readonly activeStores: () => Promise<readonly Store[]>;
  /** The folders under `data/` that belong to the store's own user. */
  readonly dataFoldersOf: (store: Store) => readonly string[];
}): Check => ({
  name: 'store-folders',
  async run() {
    const stores = join(parts.customersDir, 'stores');
    // Stores are unknown while the database is away; the folders above them can be looked at all the same.
    const active = await parts.activeStores().catch(() => []);
    const wanted: WantedFolder[] = [
      { path: parts.customersDir, owner: 0, mode: 0o750 },
      { path: stores, owner: 0, mode: 0o750 },
      ...active.flatMap((store) => foldersOf(store, parts)),
    ];
    const troubles = (await Promise.all(wanted.map(troubleOf))).filter((trouble) => trouble !== undefined);
    const [first] = troubles;
    if (first !== undefined) {
      const shown = troubles.slice(0, MAX_NAMED);
      const more = troubles.length > shown.length ? ` and ${troubles.length - shown.length} more` : '';
      return fail(
        `${shown.map(({ message }) => message).join('; ')}${more}.`,
        troubles.map(({ fix }) => fix).join(' && '),
      );
    }
    await access(stores, constants.W_OK);
    return ok(`${parts.customersDir} and the folders of ${active.length} stores have their owners and modes`);
  },
});

function foldersOf(
  store: Store,
  { customersDir, dataFoldersOf }: Parameters<typeof storeFoldersCheck>[0],
): WantedFolder[] {
  const root = join(customersDir, directoryOf(store));
  return [
    { path: root, owner: 0, mode: 0o750 },
    { path: join(root, 'data'), owner: 0, mode: 0o750 },
    ...dataFoldersOf(store).map((name) => ({ path: join(root, 'data', name), owner: store.uid, mode: 0o750 })),
  ];
}

interface Trouble {
  readonly message: string;
  readonly fix: string;
}

async function troubleOf({ path, owner, mode }: WantedFolder): Promise<Trouble | undefined> {
  const facts = await lstat(path).catch(() => undefined);
  const make = `install --directory --owner=${owner} --group=${owner} --mode=${mode.toString(8)} ${quoted(path)}`;
  if (facts === undefined) return { message: `${path} is not there`, fix: make };
  if (!facts.isDirectory())
    return { message: `${path} is not a folder`, fix: `mv ${quoted(path)} ${quoted(`${path}.moved`)} && ${make}` };
  if (facts.uid !== owner) {
    // What lies in a store's data folder was made by the same wrong hand.
    const deep = owner === 0 ? '' : '--recursive --no-dereference ';
    return {
      message: `${path} belongs to user ${facts.uid}, not ${owner}`,
      fix: `chown ${deep}${owner}:${owner} ${quoted(path)}`,
    };
  }
  const actual = facts.mode & 0o777;
  const isUsable = (actual & 0o700) === 0o700;
  const isTooOpen = (actual & ~mode & 0o077) !== 0;
  if (isUsable && !isTooOpen) return undefined;
  return {
    message: `${path} has mode ${actual.toString(8)}, not ${mode.toString(8)}`,
    fix: `chmod ${mode.toString(8)} ${quoted(path)}`,
  };
}
