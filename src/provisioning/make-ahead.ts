import { NOBODY_ID } from '../domain/names.ts';
import type { PoolMember } from '../domain/pool-member.ts';
import type { Lease, Run } from '../domain/run.ts';
import type { Store } from '../domain/store.ts';
import type { Step } from './step.ts';

export interface MakeAheadDeps {
  /** The steps of a store's making that need no owner, in their order, fit for a shop that has none. */
  readonly steps: readonly Step[];
  readonly members: { get(id: string): Promise<PoolMember> };
  readonly owner: string;
  readonly baseDomain: string;
}

/**
 * Makes a shop that is nobody's yet by the first steps of a store's making. Each is tried once, and nothing is written
 * down in between: of one that fails, or whose maker dies, all is removed and another is made. Throws what a step
 * throws, and when the signal aborts.
 */
export function createMakeAhead({ steps, members, owner, baseDomain }: MakeAheadDeps) {
  return async ({ id }: Pick<PoolMember, 'id'>, calledOff: AbortSignal, log: (line: string) => void): Promise<void> => {
    for (const step of steps) {
      const signal = AbortSignal.any([calledOff, AbortSignal.timeout(step.deadlineMs)]);
      signal.throwIfAborted();
      const store = storeAhead(await members.get(id), baseDomain);
      await step.ensure(store, { signal, lease: leaseOf(id, owner), run: runOf(id), log });
    }
  };
}

/** What the steps need to know of a shop that is nobody's; its name and address lead nowhere. */
export function storeAhead(member: PoolMember, baseDomain: string): Store {
  const { id, platform, plan, port, uid, subnet, parts, createdAt } = member;
  return {
    id,
    customerId: NOBODY_ID,
    customerEmail: '',
    name: id,
    title: '',
    start: {},
    platform,
    status: 'pending',
    health: 'unknown',
    healthDetail: null,
    plan,
    adminPath: '/nobody/',
    domain: `${id}.${baseDomain}`,
    primaryDomain: null,
    wishedDomain: null,
    port,
    uid,
    network: { subnet },
    images: parts?.images ?? {},
    versions: parts?.versions ?? {},
    error: null,
    inMaintenance: false,
    suspension: null,
    deletion: null,
    createdAt,
    activeAt: null,
  };
}

/** Of no run: nothing that is written under it is ever read. */
const leaseOf = (storeId: string, owner: string): Lease => ({ storeId, runId: 'ahead', owner, fence: 0 });

const runOf = (storeId: string): Run => ({
  id: 'ahead',
  storeId,
  kind: 'provision',
  input: {},
  status: 'running',
  attempt: 1,
  steps: [],
  error: null,
  createdAt: new Date(0),
  startedAt: null,
  finishedAt: null,
});
