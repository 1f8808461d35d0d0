import {
  DATABASE_GUEST,
  DATABASE_OPEN_FOR_MS,
  DATABASES_OPEN_AT_ALL,
  DATABASES_OPEN_OF_CUSTOMER,
  type DatabaseAnswer,
  type DatabaseOpening,
  databasePath,
  type OpeningLimit,
} from '../domain/database-opening.ts';
import { AppError } from '../domain/errors.ts';
import type { Origin } from '../domain/origin.ts';
import type { Store } from '../domain/store.ts';

export interface DatabaseOpeningDeps {
  readonly openings: {
    open(
      opening: { storeId: string; tokenHash: string; sessionId: string; now: Date; expiresAt: Date },
      origin: Origin,
    ): Promise<void>;
    close(storeId: string, now: Date, origin?: Origin): Promise<void>;
    remove(storeId: string): Promise<void>;
    list(now: Date): Promise<readonly DatabaseOpening[]>;
  };
  readonly panels: {
    /** Reached, from when this resolves, by the name that the digest has in the web process, and by nothing else. */
    start(
      store: Store,
      guest: { username: string; password: string; tokenHash: string },
      signal: AbortSignal,
    ): Promise<void>;
    remove(storeId: string): Promise<void>;
    storeIds(): Promise<ReadonlySet<string>>;
  };
  readonly guests: {
    /** May do everything with the store's database, and nothing else; an earlier one of the name is gone. */
    admit(store: Store, guest: { username: string; password: string }, signal: AbortSignal): Promise<void>;
    dismiss(store: Store, username: string, signal: AbortSignal): Promise<void>;
  };
  readonly stores: { get(id: string): Promise<Store> };
  /** False while the image is not here; it is then being made. Throws `image_missing` when that has failed lately. */
  readonly isPrepared: () => Promise<boolean>;
  readonly makePassword: () => string;
  readonly tokens: { make(): string; digestOf(token: string): string };
  /** Nobody else opens or closes this store's database meanwhile. */
  readonly alone: <T>(storeId: string, act: () => Promise<T>) => Promise<T>;
  /** Nobody else counts what is open on this machine, and adds to it, meanwhile. */
  readonly inTurn: <T>(act: () => Promise<T>) => Promise<T>;
  readonly onError: (storeId: string, thrown: unknown) => void;
  readonly now: () => Date;
}

/**
 * Owners' looks into their stores' databases. Each has a user of the database for itself, so that the shop's own
 * password goes nowhere; both end with it. What a crash leaves behind is cleared away by the next round.
 */
export function createDatabaseOpenings(deps: DatabaseOpeningDeps) {
  const { openings, panels, guests, tokens } = deps;

  /** The row goes last: as long as it is there somebody comes back to it. */
  async function clear(store: Store, isReachable: boolean, signal: AbortSignal): Promise<void> {
    await panels.remove(store.id);
    if (!isReachable) return;
    await guests.dismiss(store, DATABASE_GUEST, signal);
    await openings.remove(store.id);
  }

  const find = async (storeId: string): Promise<DatabaseOpening | undefined> =>
    (await openings.list(deps.now())).find((opening) => opening.storeId === storeId);

  /** What keeps the store's from being one more. An earlier one of the same store makes room for the next. */
  async function limitReached({ id, customerId }: Store): Promise<OpeningLimit | undefined> {
    const others = (await openings.list(deps.now())).filter(({ storeId, isOpen }) => isOpen && storeId !== id);
    const own = others.filter((other) => other.customerId === customerId);
    // What its owner can do something about is told first.
    if (own.length >= DATABASES_OPEN_OF_CUSTOMER) return 'customer';
    return others.length >= DATABASES_OPEN_AT_ALL ? 'machine' : undefined;
  }

  return {
    /** Throws `not_allowed_now` for a store that is not open. The ledger knows of it before anybody can come in. */
    async open(store: Store, sessionId: string | null, origin: Origin, signal: AbortSignal): Promise<DatabaseAnswer> {
      if (store.status !== 'active') {
        throw new AppError('not_allowed_now', `${store.id} is ${store.status}: its database is not open.`);
      }
      if (sessionId === null) throw new AppError('not_allowed_now', 'A database is opened in a session.');
      if (!(await deps.isPrepared())) return { state: 'preparing' };
      return deps.alone(store.id, async () => {
        const token = tokens.make();
        const tokenHash = tokens.digestOf(token);
        const guest = { username: DATABASE_GUEST, password: deps.makePassword() };
        const now = deps.now();
        const expiresAt = new Date(now.getTime() + DATABASE_OPEN_FOR_MS);
        const limit = await deps.inTurn(async () => {
          const reached = await limitReached(store);
          if (reached === undefined) {
            await openings.open({ storeId: store.id, tokenHash, sessionId, now, expiresAt }, origin);
          }
          return reached;
        });
        if (limit !== undefined) return { state: 'full', limit };
        try {
          await guests.admit(store, guest, signal);
          await panels.start(store, { ...guest, tokenHash }, signal);
        } catch (thrown) {
          await openings.close(store.id, deps.now());
          throw thrown;
        }
        return { state: 'open', path: databasePath(store.id, token) };
      });
    },

    /** Nobody gets in from here on; what is left is cleared away at once, or by the next round. Nothing for what is not open. */
    async close(store: Store, origin: Origin, signal: AbortSignal): Promise<void> {
      if ((await find(store.id)) === undefined) return;
      await openings.close(store.id, deps.now(), origin);
      await deps.alone(store.id, async () => {
        // Somebody may have opened it anew while this waited.
        if ((await find(store.id))?.isOpen === false) await clear(store, store.status === 'active', signal);
      });
    },

    /** Clears away what is over, and what belongs to no opening. */
    async round(signal: AbortSignal): Promise<void> {
      const known = await openings.list(deps.now());
      for (const { storeId, isOpen } of known) {
        if (isOpen) continue;
        try {
          const store = await deps.stores.get(storeId);
          await deps.alone(storeId, async () => {
            // What is known may be of an opening before this one.
            const now = await find(storeId);
            if (now === undefined || now.isOpen) return;
            await openings.close(storeId, deps.now());
            await clear(store, now.isReachable, signal);
          });
        } catch (thrown) {
          deps.onError(storeId, thrown);
        }
      }
      const rows = new Set((await openings.list(deps.now())).map(({ storeId }) => storeId));
      for (const storeId of await panels.storeIds()) {
        if (rows.has(storeId)) continue;
        await deps.alone(storeId, async () => {
          if ((await find(storeId)) === undefined) await panels.remove(storeId);
        });
      }
    },
  };
}
