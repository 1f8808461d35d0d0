import { AppError } from '../../domain/errors.ts';
import { type Origin, originIn } from '../../domain/origin.ts';
import { freePorts, type PortRange, portsExhausted } from '../../domain/ports.ts';
import { freeSubnets, subnetsExhausted } from '../../domain/subnets.ts';
import { appendAudit } from './audit.ts';
import type { Tx } from './transactions.ts';

/** What stores may be given, and how to ask whether somebody outside our tables has it already. */
export interface Pools {
  readonly ports: PortRange;
  /** The block that stores' networks are cut from, e.g. `10.210.0.0/16`. */
  readonly subnets: string;
  readonly uids: { readonly start: number; readonly end: number };
  /** Asked while the pools are locked: quick, and never through this database. */
  isPortFree(port: number): Promise<boolean>;
  /**
   * Told from what was read before the pools were locked. That is recent enough: what stores have since got is in our
   * tables, and a foreign network may come at any moment, the one after this included.
   */
  isSubnetFree(cidr: string): boolean;
}

/** What a new port takes of it. */
export type PortPool = Pick<Pools, 'ports' | 'isPortFree'>;

/** Whoever asks for a port, for the line that tells of a range that has grown. */
export interface AllocationFor extends Origin {
  readonly now: Date;
}

/**
 * From here to the end of the transaction nobody else gives out ports, subnets or UIDs. Taken before any other row, so
 * that two creations wait for each other instead of ending in a deadlock.
 */
export async function lockPools(tx: Tx): Promise<void> {
  await tx.selectFrom('pools').select('name').orderBy('name').forUpdate().execute();
}

/** The lowest port that nobody has, of stores and of shops that wait for an owner. Grows the range when it must, with a line in the audit log. Throws `ports_exhausted`. */
export async function choosePort(tx: Tx, pools: PortPool, { now, ...origin }: AllocationFor): Promise<number> {
  const taken = [
    ...(await tx.selectFrom('ports').select('port').execute()),
    ...(await tx.selectFrom('pool_members').select('port').where('status', '<>', 'claimed').execute()),
  ];
  const pool = await tx.selectFrom('pools').select('grown_end').where('name', '=', 'ports').executeTakeFirst();
  const end = Math.min(Math.max(pools.ports.end, pool?.grown_end ?? 0), pools.ports.max);
  for (const candidate of freePorts(pools.ports, new Set(taken.map(({ port }) => port)))) {
    if (!(await pools.isPortFree(candidate.port))) continue;
    if (candidate.end > end) {
      await tx.updateTable('pools').set({ grown_end: candidate.end }).where('name', '=', 'ports').execute();
      const details = { from: end, to: candidate.end, max: pools.ports.max };
      await appendAudit(tx, { ...originIn(origin), action: 'ports.grown', target: 'ports', details, at: now });
    }
    return candidate.port;
  }
  throw portsExhausted(pools.ports);
}

/** The lowest /27 of the block that nobody has. Throws `subnets_exhausted`. */
export async function chooseSubnet(tx: Tx, pools: Pools): Promise<string> {
  const taken = [
    ...(await tx.selectFrom('subnets').select('subnet').execute()),
    ...(await tx.selectFrom('pool_members').select('subnet').where('status', '<>', 'claimed').execute()),
  ];
  for (const subnet of freeSubnets(pools.subnets, new Set(taken.map((row) => row.subnet)))) {
    if (pools.isSubnetFree(subnet)) return subnet;
  }
  throw subnetsExhausted(pools.subnets);
}

/** The lowest UID that nobody has. Throws `uids_exhausted`. */
export async function chooseUid(tx: Tx, pools: Pools): Promise<number> {
  const rows = [
    ...(await tx.selectFrom('uids').select('uid').execute()),
    ...(await tx.selectFrom('pool_members').select('uid').where('status', '<>', 'claimed').execute()),
  ];
  const taken = new Set(rows.map(({ uid }) => uid));
  for (let uid = pools.uids.start; uid <= pools.uids.end; uid += 1) if (!taken.has(uid)) return uid;
  throw new AppError('uids_exhausted', `Every UID from ${pools.uids.start} to ${pools.uids.end} is taken.`, {
    hint: 'Set STORE_UIDS to a larger range, or delete stores that are no longer needed.',
  });
}
