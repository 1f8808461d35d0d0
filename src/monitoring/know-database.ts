import { type DatabaseLook, judgeDatabase } from '../domain/known-database.ts';
import { SECOND } from '../lib/time.ts';

export interface KnownDatabaseDeps {
  readonly identity: () => Promise<string>;
  /** The note on this machine. */
  readonly memory: { read(): Promise<string | undefined>; write(identity: string): Promise<void> };
  /** Ids of stores that the engine knows something of. */
  readonly inEngine: () => Promise<Iterable<string>>;
  /** Ids of stores that have a folder. */
  readonly inFolders: () => Promise<Iterable<string>>;
  /** Ids of all stores, and of all shops that may become one, in the database. */
  readonly rows: () => Promise<Iterable<string>>;
}

export interface KnownDatabase {
  /** Changes nothing. Asks for a row and a small file while the database is `known`, for engine and folders only else. */
  look(): Promise<DatabaseLook>;
  /** Has this machine noted another one? Asks neither engine nor folders; false where nothing was noted yet. */
  isAnother(): Promise<boolean>;
  /** Notes that this machine works with that one from now on. */
  remember(identity: string): Promise<void>;
}

/** Is the database the one that this machine has worked with? Decision 043. */
export function createKnownDatabase(deps: KnownDatabaseDeps): KnownDatabase {
  const compared = async () => {
    const [identity, remembered] = await Promise.all([deps.identity(), deps.memory.read()]);
    return { identity, remembered };
  };
  return {
    async look() {
      const { identity, remembered } = await compared();
      if (identity === remembered) return { kind: 'known', identity, forgotten: [] };
      // Folders alone, without a note: what was left when somebody removed a platform. Nothing of it runs.
      const inFolders = remembered === undefined ? [] : await deps.inFolders();
      // Rows last: a store that is being ordered meanwhile has one before it is anywhere else.
      const here = new Set([...(await deps.inEngine()), ...inFolders]);
      return judgeDatabase({ identity, remembered, here, rows: new Set(await deps.rows()) });
    },
    async isAnother() {
      const { identity, remembered } = await compared();
      return remembered !== undefined && remembered !== identity;
    },
    remember: (identity) => deps.memory.write(identity),
  };
}

/** A server that is made anew takes longer to come up, and whoever wished for something is not to wait for a look. */
const KNOWN_FOR_MS = SECOND;
/** A strange one is looked at less often: that asks the engine for everything. */
const LOOK_AGAIN_MS = 5 * SECOND;

/**
 * Asked before whatever a worker does: true on the database that this machine knows, and on a new one, which it knows from
 * then on. False on a strange one: there, a missing row is no sign that a store is gone. Told once, and when it is over.
 * Throws where it cannot be told.
 */
export function createWorkPermit(deps: {
  readonly database: KnownDatabase;
  readonly onStrange: (look: DatabaseLook) => void;
  readonly onKnownAgain: () => void;
  readonly now: () => number;
}): () => Promise<boolean> {
  let isStrange = false;
  let lookAgainAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<boolean> | undefined;

  async function look(): Promise<boolean> {
    const found = await deps.database.look();
    if (found.kind === 'new') await deps.database.remember(found.identity);
    if (found.kind === 'strange') {
      if (!isStrange) deps.onStrange(found);
    } else if (isStrange) deps.onKnownAgain();
    isStrange = found.kind === 'strange';
    lookAgainAt = deps.now() + (isStrange ? LOOK_AGAIN_MS : KNOWN_FOR_MS);
    return !isStrange;
  }

  return async () => {
    if (deps.now() < lookAgainAt) return !isStrange;
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return await looking;
  };
}
