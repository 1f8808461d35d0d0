import type { UpdateObject } from 'kysely';
import { NotFoundError } from '../../domain/errors.ts';
import { type Origin, SYSTEM } from '../../domain/origin.ts';
import type { MemberParts, MemberPurpose, MemberStatus, PoolMember, WaitingMember } from '../../domain/pool-member.ts';
import type { PlatformName } from '../../domain/store.ts';
import { newId } from '../../lib/new-id.ts';
import { choosePort, chooseSubnet, chooseUid, lockPools, type Pools } from './allocate.ts';
import { appendAudit } from './audit.ts';
import { readJson, writeJson } from './json-columns.ts';
import type { Database } from './open-database.ts';
import type { Schema } from './schema.ts';
import { databaseNow, databaseNowPlus, inTransaction, type Tx } from './transactions.ts';

export type PoolMemberRepository = ReturnType<typeof createPoolMemberRepository>;

/** What a store takes over from the shop that was made ahead of it. */
export interface ClaimedMember {
  readonly id: string;
  readonly port: number;
  readonly subnet: string;
  readonly uid: number;
}

/** Shops that are nobody's yet. Those that make them carry their name as `owner`, and are refused once it is not. */
export function createPoolMemberRepository(db: Database) {
  const members = () =>
    db.kysely
      .selectFrom('pool_members')
      .select(['id', 'purpose', 'platform', 'plan', 'status', 'port', 'subnet', 'uid'])
      .select(['parts_json', 'fingerprint', 'created_at'])
      .select((eb) => eb('lease_expires_at', '<=', databaseNow).as('is_forsaken'));

  return {
    /** A new one to be made, with a port, a network and a user id of its own. Throws as a store's creation does. */
    begin: (
      wish: {
        readonly purpose: MemberPurpose;
        readonly platform: PlatformName;
        readonly plan: string;
        readonly owner: string;
        readonly leaseMs: number;
        readonly now: Date;
      },
      pools: Pools,
    ): Promise<PoolMember> =>
      inTransaction(db, async (tx) => {
        await lockPools(tx);
        const { purpose, platform, plan, now } = wish;
        const facts = {
          id: newId('sto'),
          purpose,
          platform,
          plan,
          status: 'making' as const,
          port: await choosePort(tx, pools, { ...SYSTEM, now }),
          subnet: await chooseSubnet(tx, pools),
          uid: await chooseUid(tx, pools),
        };
        const lease = { owner: wish.owner, lease_expires_at: databaseNowPlus(wish.leaseMs) };
        await tx
          .insertInto('pool_members')
          .values({ ...facts, ...lease, created_at: now })
          .execute();
        return { ...facts, parts: undefined, fingerprint: undefined, isForsaken: false, createdAt: now };
      }),

    /** One that no store has claimed yet. */
    async has(id: string): Promise<boolean> {
      const row = await db.kysely
        .selectFrom('pool_members')
        .select('id')
        .where('id', '=', id)
        .where('status', '<>', 'claimed')
        .executeTakeFirst();
      return row !== undefined;
    },

    /** Oldest first. */
    async list(): Promise<PoolMember[]> {
      const rows = await members().orderBy('created_at').orderBy('id').execute();
      return rows.map(toMember);
    },

    /** What waits for an owner, is made for it, or leaves; oldest first. */
    async listWaiting(): Promise<WaitingMember[]> {
      const rows = await db.kysely
        .selectFrom('pool_members')
        .select(['id', 'platform', 'plan', 'status', 'created_at', 'ready_at'])
        .where('purpose', '=', 'pool')
        .where('status', '<>', 'claimed')
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.map(({ created_at, ready_at, ...row }) => ({ ...row, createdAt: created_at, readyAt: ready_at }));
    },

    /** Nobody can have any more what waits now, of this platform and plan or of all. How many that were. */
    drain: (
      of: { readonly platform?: PlatformName; readonly plan?: string },
      origin: Origin,
      now: Date,
    ): Promise<number> =>
      inTransaction(db, async (tx) => {
        let waiting = tx.updateTable('pool_members').where('purpose', '=', 'pool').where('status', '=', 'ready');
        if (of.platform !== undefined) waiting = waiting.where('platform', '=', of.platform);
        if (of.plan !== undefined) waiting = waiting.where('plan', '=', of.plan);
        const { numUpdatedRows } = await waiting.set({ status: 'leaving' }).executeTakeFirst();
        const drained = Number(numUpdatedRows);
        const details = { drained, ...of };
        await appendAudit(tx, { ...origin, action: 'pool.drained', target: 'pool', details, at: now });
        return drained;
      }),

    /** What it was made of; also of one that is claimed. */
    async partsOf(id: string): Promise<MemberParts | undefined> {
      const row = await db.kysely
        .selectFrom('pool_members')
        .select('parts_json')
        .where('id', '=', id)
        .executeTakeFirst();
      return readParts(row?.parts_json ?? null);
    },

    /** Of one that a store has taken over and that is not forgotten yet. */
    async fingerprintOf(id: string): Promise<string | undefined> {
      const row = await db.kysely
        .selectFrom('pool_members')
        .select('fingerprint')
        .where('id', '=', id)
        .where('status', '=', 'claimed')
        .executeTakeFirst();
      return row?.fingerprint ?? undefined;
    },

    /** Throws `not_found`. */
    async get(id: string): Promise<PoolMember> {
      const row = await members().where('id', '=', id).executeTakeFirst();
      if (row === undefined) throw new NotFoundError('member of the pool', id);
      return toMember(row);
    },

    /** Adds to what it is made of. False when it is not this owner's to make any more. */
    recordParts: (id: string, owner: string, made: Partial<MemberParts>): Promise<boolean> =>
      inTransaction(db, async (tx) => {
        const row = await tx
          .selectFrom('pool_members')
          .select('parts_json')
          .where('id', '=', id)
          .forUpdate()
          .executeTakeFirst();
        const before = readParts(row?.parts_json ?? null);
        const parts: MemberParts = {
          images: { ...before?.images, ...made.images },
          versions: { ...before?.versions, ...made.versions },
        };
        return changeOwned(tx, id, owner, { parts_json: writeJson(parts) });
      }),

    /** False when it is not this owner's to make any more. */
    renew: (id: string, owner: string, leaseMs: number): Promise<boolean> =>
      inTransaction(db, (tx) => changeOwned(tx, id, owner, { lease_expires_at: databaseNowPlus(leaseMs) })),

    /** From now on somebody may have it. False when it is not this owner's to make any more. */
    enter: (id: string, owner: string, fingerprint: string): Promise<boolean> =>
      inTransaction(db, (tx) => {
        const facts = { status: 'ready' as const, fingerprint, owner: null, lease_expires_at: null };
        return changeOwned(tx, id, owner, { ...facts, ready_at: databaseNow });
      }),

    /** Nobody can have it any more. False when it was claimed, or is gone. */
    async retire(id: string): Promise<boolean> {
      const { numUpdatedRows } = await inTransaction(db, (tx) =>
        tx
          .updateTable('pool_members')
          .set({ status: 'leaving', owner: null, lease_expires_at: null })
          .where('id', '=', id)
          .where('status', '<>', 'claimed')
          .executeTakeFirst(),
      );
      return numUpdatedRows === 1n;
    },

    /** It keeps its port, network and user id, and nobody can have it. False when it was claimed, or is gone, or aside already. */
    async setAside(id: string): Promise<boolean> {
      const { numUpdatedRows } = await inTransaction(db, (tx) =>
        tx
          .updateTable('pool_members')
          .set({ status: 'aside', owner: null, lease_expires_at: null })
          .where('id', '=', id)
          .where('status', 'not in', ['claimed', 'aside'])
          .executeTakeFirst(),
      );
      return numUpdatedRows === 1n;
    },

    /** The row alone: what was made of it is gone already, or a store's. */
    async forget(id: string): Promise<void> {
      await db.kysely.deleteFrom('pool_members').where('id', '=', id).where('status', 'in', GONE).execute();
    },
  };
}

const GONE: readonly MemberStatus[] = ['claimed', 'leaving'];

interface MemberRow extends Omit<PoolMember, 'parts' | 'fingerprint' | 'isForsaken' | 'createdAt'> {
  readonly parts_json: string | null;
  readonly fingerprint: string | null;
  readonly is_forsaken: unknown;
  readonly created_at: Date;
}

function toMember({ parts_json, fingerprint, is_forsaken, created_at, ...row }: MemberRow): PoolMember {
  return {
    ...row,
    parts: readParts(parts_json),
    fingerprint: fingerprint ?? undefined,
    isForsaken: Number(is_forsaken) === 1,
    createdAt: created_at,
  };
}

/** Written by `writeJson` of a `MemberParts`. */
const readParts = (text: string | null): MemberParts | undefined =>
  text === null ? undefined : (readJson(text) as MemberParts);

async function changeOwned(
  tx: Tx,
  id: string,
  owner: string,
  facts: UpdateObject<Schema, 'pool_members'>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('pool_members')
    .set(facts)
    .where('id', '=', id)
    .where('owner', '=', owner)
    .where('status', '=', 'making')
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/**
 * Takes the shop that waits longest, if there is one of this platform and plan: from now on what it has is the store's of
 * its id. In a transaction that holds the pools' lock, so that no two take the same.
 */
export async function claimMember(
  tx: Tx,
  { platform, plan }: { readonly platform: PlatformName; readonly plan: string },
): Promise<ClaimedMember | undefined> {
  const member = await tx
    .selectFrom('pool_members')
    .select(['id', 'port', 'subnet', 'uid'])
    .where('status', '=', 'ready')
    .where('platform', '=', platform)
    .where('plan', '=', plan)
    .where('purpose', '=', 'pool')
    // Else nobody could tell whether it is as it was made.
    .where('fingerprint', 'is not', null)
    .orderBy('ready_at')
    .orderBy('id')
    .limit(1)
    .forUpdate()
    .executeTakeFirst();
  if (member === undefined) return undefined;
  await tx.updateTable('pool_members').set({ status: 'claimed' }).where('id', '=', member.id).execute();
  return member;
}
