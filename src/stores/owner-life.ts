import { DELETION_GRACE_DAYS } from '../domain/changes.ts';
import { AppError, InvalidInputError } from '../domain/errors.ts';
import type { Origin } from '../domain/origin.ts';
import type { Store } from '../domain/store.ts';
import type { LifeServices, PlanChoices } from '../web/services/life.ts';
import type { StoreLife, Wisher } from './store-life.ts';

export interface OwnerLifeDeps {
  /** Throws `not_found`, also for somebody else's. */
  readonly ofCustomer: (customerId: string, storeId: string) => Promise<Store>;
  readonly life: StoreLife;
  /** Before anything is wished for. Throws `too_many_tries`. */
  readonly count: (customerId: string) => Promise<void>;
  /** See `createPlanChoices`. */
  readonly planChoices: (store: Store) => Promise<PlanChoices>;
  readonly usage: { find(storeId: string): Promise<{ readonly diskBytes: number } | undefined> };
  readonly hostnamesOf: (storeId: string) => Promise<readonly string[]>;
  /** Asks a worker, who looks for itself whether the token is its proven owner's and the store still being made. */
  readonly askCancel: (request: {
    token: string;
    storeId: string;
    address: string;
    requestId: string;
  }) => Promise<unknown>;
}

/** See `LifeServices`. */
export function createOwnerLife(deps: OwnerLifeDeps): LifeServices {
  const { life, ofCustomer } = deps;
  const counted = async (customerId: string, storeId: string): Promise<Store> => {
    const store = await ofCustomer(customerId, storeId);
    await deps.count(customerId);
    return store;
  };
  const asOwner = (origin: Origin): Wisher => ({ ...origin, by: 'owner' });
  const diskBytesOf = async (storeId: string): Promise<number | undefined> =>
    (await deps.usage.find(storeId))?.diskBytes;
  return {
    async pause(customerId, storeId, origin) {
      await life.pause((await counted(customerId, storeId)).id, asOwner(origin));
    },
    async resume(customerId, storeId, origin) {
      await life.resume((await counted(customerId, storeId)).id, asOwner(origin));
    },
    async restart(customerId, storeId, origin) {
      await life.restart((await counted(customerId, storeId)).id, asOwner(origin));
    },
    async planChoices(customerId, storeId) {
      return deps.planChoices(await ofCustomer(customerId, storeId));
    },
    async resize(customerId, storeId, plan, origin) {
      await life.resize((await counted(customerId, storeId)).id, plan, asOwner(origin));
    },
    async rotate(customerId, storeId, whose, origin) {
      const store = await counted(customerId, storeId);
      if (origin.as !== undefined) {
        throw new AppError('request_refused', 'Who acts as a customer changes no password of theirs.');
      }
      await life.rotate(store.id, whose, asOwner(origin));
    },
    async whatGoes(customerId, storeId) {
      const store = await ofCustomer(customerId, storeId);
      const [domains, diskBytes] = await Promise.all([deps.hostnamesOf(store.id), diskBytesOf(store.id)]);
      return { domains, databases: 1, diskBytes: diskBytes ?? null, graceDays: DELETION_GRACE_DAYS };
    },
    async cancel({ customerId, token, visitor: { address, requestId } }, storeId, name) {
      assertNamed(name, await counted(customerId, storeId));
      await deps.askCancel({ token, storeId, address, requestId });
    },
    async scheduleDelete(customerId, storeId, name, origin) {
      const store = await counted(customerId, storeId);
      if (origin.as !== undefined) {
        throw new AppError('request_refused', 'Who acts as a customer deletes nothing of theirs.');
      }
      assertNamed(name, store);
      await life.scheduleDelete(store.id, asOwner(origin));
    },
    async undoDelete(customerId, storeId, origin) {
      await life.undoDelete((await counted(customerId, storeId)).id, asOwner(origin));
    },
  };
}

function assertNamed(typed: string, { name }: Store): void {
  if (typed.trim() !== name) throw new InvalidInputError('name', `Type ${name} to delete it.`);
}
