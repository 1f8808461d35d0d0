import type { OutboxEntryRepository } from '../adapters/mysql/outbox-entries.ts';
import type { RunRepository } from '../adapters/mysql/runs.ts';
import type { StoreRepository } from '../adapters/mysql/stores.ts';
import type { WebhookDeliveryRepository } from '../adapters/mysql/webhook-deliveries.ts';
import type { WorkerRepository } from '../adapters/mysql/workers.ts';
import { type CapacityResource, type CapacitySample, daysLeft, GROWTH_WINDOWS_DAYS } from '../domain/capacity.ts';
import { type ChoreTurn, missingChores } from '../domain/chores.ts';
import { withIsoDates } from '../lib/iso-dates.ts';
import { DAY } from '../lib/time.ts';
import type { DeskCapacity, DeskOverview } from '../web/services/desk.ts';
import { dayOf, type MachineFacts, readMachineFacts } from './machine-facts.ts';
import { presentRunRow } from './present-rows.ts';
import type { DeskLists } from './read-lists.ts';

const FAILURES_SHOWN = 5;
const MEMORY_LOOKED_AT_DAYS = Math.max(...GROWTH_WINDOWS_DAYS);

export interface OverviewDeps {
  readonly stores: Pick<StoreRepository, 'countByStatus'>;
  readonly runs: Pick<RunRepository, 'counts'>;
  readonly workers: Pick<WorkerRepository, 'list'>;
  readonly webhookDeliveries: Pick<WebhookDeliveryRepository, 'counts'>;
  readonly outboxEntries: Pick<OutboxEntryRepository, 'backlog'>;
  readonly settings: { get(name: string): Promise<unknown> };
  readonly tasks: { ranAt(name: string): Promise<Date | undefined> };
  /** Of everything that recurs. */
  readonly choreTurns: () => Promise<readonly ChoreTurn[]>;
  readonly samples: { since(day: string): Promise<ReadonlyMap<CapacityResource, readonly CapacitySample[]>> };
  readonly lists: Pick<DeskLists, 'runs' | 'customers'>;
  /** A worker without a sign of life for longer is not counted on. */
  readonly silentAfterMs: number;
  readonly now: () => Date;
}

/** See `DeskServices.overview`. */
export function createOverviewReader(deps: OverviewDeps) {
  return async (): Promise<DeskOverview> => {
    const now = deps.now();
    const monthAgo = dayOf(new Date(now.getTime() - MEMORY_LOOKED_AT_DAYS * DAY));
    const [byStatus, counts, found, facts, sweptAt, samples, failed, customers, webhooks, mail, turns] =
      await Promise.all([
        deps.stores.countByStatus(),
        deps.runs.counts(),
        deps.workers.list(),
        readMachineFacts(deps.settings, now),
        deps.tasks.ranAt('sweep'),
        deps.samples.since(monthAgo),
        deps.lists.runs.page({ status: 'failed', sort: 'newest', limit: FAILURES_SHOWN, offset: 0 }),
        deps.lists.customers.page({ sort: 'newest', limit: 0, offset: 0 }),
        deps.webhookDeliveries.counts(),
        deps.outboxEntries.backlog(),
        deps.choreTurns(),
      ]);
    return {
      stores: byStatus,
      customers: customers.total,
      queue: {
        waiting: counts.waiting,
        active: counts.active,
        failed: counts.failed,
        oldestWaitingAt: counts.oldestWaitingAt?.toISOString() ?? null,
        sweptAt: sweptAt?.toISOString() ?? null,
      },
      webhooks,
      mail: withIsoDates(mail),
      missingChores: missingChores(turns, now).map(({ name, everyMs, expectedBy }) => ({
        name,
        everyMs,
        expectedBy: expectedBy.toISOString(),
      })),
      workers: found.map(({ id, hostname, pid, startedAt, heartbeatAt, silentMs }) => ({
        id,
        hostname,
        pid,
        startedAt: startedAt.toISOString(),
        heartbeatAt: heartbeatAt.toISOString(),
        isSilent: silentMs > deps.silentAfterMs,
      })),
      machine:
        facts === undefined
          ? null
          : { version: facts.version, at: facts.at, isOld: facts.isOld, services: facts.services },
      capacity: facts === undefined ? [] : capacityOf(facts, samples, now),
      failures: failed.rows.map(presentRunRow),
    };
  };
}

function capacityOf(
  { readings, promisedMemoryBytes }: MachineFacts,
  samples: ReadonlyMap<CapacityResource, readonly CapacitySample[]>,
  now: Date,
): DeskCapacity[] {
  return readings.map((reading) => ({
    ...reading,
    daysLeft: daysLeft(reading, samples.get(reading.resource) ?? [], now),
    ...(reading.resource === 'memory' ? { promised: promisedMemoryBytes } : {}),
  }));
}
