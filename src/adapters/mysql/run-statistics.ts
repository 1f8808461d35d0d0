import type { RunKind, StepName } from '../../domain/run.ts';
import type { PlatformName } from '../../domain/store.ts';
import type { Database } from './open-database.ts';
import { databaseNow } from './transactions.ts';

export type RunStatistics = ReturnType<typeof createRunStatistics>;

/** Enough for a median that one bad day does not move, and few enough to follow a faster machine. */
const STEPS_LOOKED_AT = 500;

/** What many runs tell together: how long steps take, who waits before whom, where each story has got to. */
export function createRunStatistics(db: Database) {
  return {
    /** What the steps of the last provision runs of that platform took, newest first. */
    async stepDurations(platform: PlatformName): Promise<{ step: StepName; ms: number }[]> {
      const rows = await db.kysely
        .selectFrom('provisioning_steps as step')
        .innerJoin('provisioning_jobs as job', 'job.id', 'step.run_id')
        .innerJoin('stores', 'stores.id', 'job.store_id')
        .select(['step.name', 'step.started_at', 'step.finished_at'])
        .where('job.kind', '=', 'provision')
        .where('stores.platform', '=', platform)
        .where('step.status', '=', 'done')
        .orderBy('job.created_at', 'desc')
        .limit(STEPS_LOOKED_AT)
        .execute();
      return rows.flatMap(({ name, started_at, finished_at }) =>
        started_at === null || finished_at === null
          ? []
          : [{ step: name, ms: Math.max(0, finished_at.getTime() - started_at.getTime()) }],
      );
    },

    /** How many queued runs are older than this one, and so are taken before it. */
    async countBefore(runId: string): Promise<number> {
      const { count } = await db.kysely
        .selectFrom('provisioning_jobs as mine')
        .innerJoin('provisioning_jobs as other', (join) =>
          join.on((eb) =>
            eb.or([
              eb('other.next_attempt_at', '<', eb.ref('mine.next_attempt_at')),
              eb.and([
                eb('other.next_attempt_at', '=', eb.ref('mine.next_attempt_at')),
                eb('other.id', '<', eb.ref('mine.id')),
              ]),
            ]),
          ),
        )
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('mine.id', '=', runId)
        .where('other.status', '=', 'queued')
        .executeTakeFirstOrThrow();
      return Number(count);
    },

    /** 0 for a store that nothing has been told of. */
    async lastEventId(storeId: string): Promise<number> {
      const row = await db.kysely
        .selectFrom('provisioning_events')
        .select(({ fn }) => fn.max('id').as('id'))
        .where('store_id', '=', storeId)
        .executeTakeFirst();
      return Number(row?.id ?? 0);
    },

    /** Of each of these stores that has one. */
    async newestEventIds(storeIds: readonly string[]): Promise<Map<string, number>> {
      if (storeIds.length === 0) return new Map();
      const rows = await db.kysely
        .selectFrom('provisioning_events')
        .select(({ fn }) => ['store_id', fn.max('id').as('id')])
        .where('store_id', 'in', storeIds)
        .groupBy('store_id')
        .execute();
      return new Map(rows.map(({ store_id, id }) => [store_id, Number(id)]));
    },

    /** Is a run of the store queued or under way? */
    async isUnderWay(storeId: string): Promise<boolean> {
      const row = await db.kysely
        .selectFrom('provisioning_jobs')
        .select('id')
        .where('store_id', '=', storeId)
        .where('status', 'in', ['queued', 'running'])
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },

    /** Is a run of such a kind under way, or could one begin? What is tried again later keeps nobody waiting until then. */
    async hasDue(kinds: readonly RunKind[]): Promise<boolean> {
      const row = await db.kysely
        .selectFrom('provisioning_jobs')
        .select('id')
        .where('kind', 'in', kinds)
        .where('status', 'in', ['queued', 'running'])
        .where('next_attempt_at', '<=', databaseNow)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },

    /** How much of the pools is given out. */
    async allocated(): Promise<{ ports: number; subnets: number; uids: number }> {
      const [ports, subnets, uids] = await Promise.all(
        (['ports', 'subnets', 'uids'] as const).map((table) =>
          db.kysely
            .selectFrom(table)
            .select(({ fn }) => fn.countAll<number>().as('count'))
            .executeTakeFirstOrThrow(),
        ),
      );
      const waiting = await db.kysely
        .selectFrom('pool_members')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('status', '<>', 'claimed')
        .executeTakeFirstOrThrow();
      const used = (row: { count: number } | undefined): number => Number(row?.count) + Number(waiting.count);
      return { ports: used(ports), subnets: used(subnets), uids: used(uids) };
    },
  };
}
