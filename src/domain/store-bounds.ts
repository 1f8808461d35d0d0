import { COMPILED_KEY, readCompiledName } from './compiled-code.ts';
import { AppError } from './errors.ts';
import { isApplicationKey } from './names.ts';
import type { PortRange } from './ports.ts';
import type { Store } from './store.ts';
import { isStoreSubnet } from './subnets.ts';

/** What a store of this installation may have. */
export interface StoreBounds {
  readonly ports: PortRange;
  /** The block that stores' networks are cut from. */
  readonly subnets: string;
  readonly uids: { readonly start: number; readonly end: number };
  /** What names of new stores end in. */
  readonly baseDomain: string;
}

const STORE_ID = /^sto_[0-9a-z]{26}$/;
const CUSTOMER_ID = /^cus_[0-9a-z]{26}$/;
const IMAGE_ID = /^sha256:[0-9a-f]{64}$/;
/** One folder of plain letters: it goes into the shop's configuration. */
const ADMIN_PATH = /^\/[a-z][a-z0-9_-]{4,40}\/$/;
const BARE_FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/**
 * Whoever acts as root on what a row says asks this first: rows are written by processes that strangers talk to. Throws
 * `store_out_of_bounds` when an id is none of ours, when user, network or port are not for stores, or when what the
 * store was made of is no image or names a path, when its administration is nowhere that one of ours is, or when a
 * store that was never open goes by a name that is somebody's domain.
 */
export function assertWithinBounds(store: Store, bounds: StoreBounds): void {
  assertOwnIds(store);
  const { uid, port, network } = store;
  const { uids, ports } = bounds;
  if (!Number.isInteger(uid) || uid < uids.start || uid > uids.end) {
    throw outOfBounds(store, `the user ${uid} is not in STORE_UIDS`);
  }
  if (!isStoreSubnet(bounds.subnets, network.subnet)) {
    throw outOfBounds(store, `the network ${network.subnet} is not in STORE_SUBNETS`);
  }
  if (!Number.isInteger(port) || port < ports.start || port > ports.max || ports.reserved.includes(port)) {
    throw outOfBounds(store, `the port ${port} is not one for stores`);
  }
  if (!ADMIN_PATH.test(store.adminPath)) {
    throw outOfBounds(store, `${JSON.stringify(store.adminPath)} is no path of an administration`);
  }
  // The base domain may have been another one when a store was made that is open.
  if (store.activeAt === null && store.domain !== `${store.name}.${bounds.baseDomain}`) {
    throw outOfBounds(store, `${JSON.stringify(store.domain)} is not its name below BASE_DOMAIN`);
  }
  for (const [key, made] of Object.entries(store.images)) {
    if (!isPart(key, made)) throw outOfBounds(store, `${key} is not made of ${JSON.stringify(made)}`);
  }
}

function isPart(key: string, made: string): boolean {
  if (key === COMPILED_KEY) return readCompiledName(made) !== undefined;
  return (isApplicationKey(key) ? BARE_FILE_NAME : IMAGE_ID).test(made);
}

/** Of a store that is being removed: its ids name the folders that go. Throws `store_out_of_bounds`. */
export function assertOwnIds(store: Pick<Store, 'id' | 'customerId'>): void {
  if (!STORE_ID.test(store.id) || !CUSTOMER_ID.test(store.customerId)) {
    throw outOfBounds(store, `${JSON.stringify(store.customerId)} or its own is no id that we make`);
  }
}

function outOfBounds({ id }: Pick<Store, 'id'>, what: string): AppError {
  return new AppError('store_out_of_bounds', `The row of ${JSON.stringify(id)} is refused: ${what}.`, {
    hint: 'If a setting has changed since the store was made, set it back; else look at who may write to the database.',
  });
}
