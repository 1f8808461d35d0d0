import { createAccountRemoval } from '../accounts/account-ends.ts';
import { createLinkMails } from '../accounts/link-mails.ts';
import { createOneTimeTokens } from '../accounts/one-time-tokens.ts';
import { digestOf, makeToken } from '../adapters/crypto/session-tokens.ts';
import { createLog, type Log } from '../adapters/log/create-log.ts';
import { identifySelf, isProcessAlive } from '../adapters/process/process-identity.ts';
import { listenToDoorbell } from '../adapters/redis/doorbell.ts';
import type { Config } from '../config/config.ts';
import { cronTaskOf, repairTaskOf } from '../domain/names.ts';
import { SYSTEM } from '../domain/origin.ts';
import type { OutboxLane } from '../domain/outbox.ts';
import type { Store } from '../domain/store.ts';
import { createDomainRound } from '../domains/look-after-domains.ts';
import { pause } from '../lib/deadline.ts';
import { MINUTE, SECOND } from '../lib/time.ts';
import { createOutboxDeliverer } from '../mail/deliver-outbox.ts';
import { createStoreMailCollector } from '../monitoring/collect-store-mail.ts';
import { createPageChangeFollower } from '../monitoring/follow-page-changes.ts';
import { createClosedStoreWatch } from '../monitoring/keep-closed-stores-still.ts';
import { createTakenStoresMarking } from '../monitoring/mark-taken-stores.ts';
import { createDiskRound } from '../monitoring/measure-disks.ts';
import { createDeadOwnerRelease } from '../monitoring/release-dead-owners.ts';
import { createOrphanRemoval } from '../monitoring/remove-orphans.ts';
import { createStoreCron } from '../monitoring/run-store-cron.ts';
import { createSweep } from '../monitoring/sweep.ts';
import { createDueDeletions } from '../monitoring/take-down-due-stores.ts';
import { createHealthWatch } from '../monitoring/watch-health.ts';
import { CHORE_PERIODS, type Chore, startWorker } from '../worker/start-worker.ts';
import { type Adapters, createAdapters } from './adapters.ts';
import { createRenewal } from './certificate-actions.ts';
import { NOTED_EVERY_MS } from './chore-turns.ts';
import { createCompiledCodeRemoval } from './compile-code.ts';
import { type DatabaseOpenings, databaseOpeningsOf } from './database-openings.ts';
import { createPlatformDomainCare, createPlatformRenewalNotes } from './domains.ts';
import { workPermitOf } from './known-database.ts';
import { ledgerSealerOf } from './ledger.ts';
import { createMachineChore } from './machine.ts';
import { createDiskMeasure } from './measure-disk.ts';
import { createOfferChore } from './offer.ts';
import { createPoolChore } from './pool.ts';
import { createProvisioning } from './provisioning.ts';
import { createDeliveryRemoval, createExpiryRemoval } from './remove-expired.ts';
import { createShopOperations } from './shop-operations.ts';
import { storeMailCarrierOf } from './store-mail.ts';
import { webhookDelivererOf } from './webhooks.ts';
import { answerWebQuestions } from './worker-questions.ts';

/** A store whose containers keep vanishing is repaired again and again, but not without a break. */
const REPAIR_AT_MOST_EVERY_MS = 20 * SECOND;
/** A shared chore is done by one worker per period; a little less than its period, so that a late claim skips none. */
const CLAIM_SLACK = 0.8;
/** Nothing of such a store runs. */
const CLOSED = ['suspended', 'deletion-scheduled'] as const;

/** A worker process from configuration to its last breath. Resolves when `stopping` aborted and all is parked. */
export async function runWorker(config: Config, stopping: AbortSignal): Promise<void> {
  const log = createLog({ level: config.logLevel, service: 'worker' });
  const adapters = createAdapters(config, (line) => log.info({ line }, 'Progress'));
  const { repositories } = adapters;
  const self = await identifySelf();
  // Machine, boot, pid and the moment it started: nobody else ever has this id, and anybody can tell whether it lives.
  const owner = `wrk_${self.bootId.slice(0, 8)}_${self.pid}_${self.startTicks}`;
  const { perform } = createProvisioning(adapters, owner, log);
  const mayWork = workPermitOf(adapters, log);
  const registration = { id: owner, ...self, startedAt: new Date() };
  const releaseDeadOwners = createDeadOwnerRelease({
    self,
    workers: repositories.workers,
    isAlive: ({ id, pid }) => isProcessAlive(pid, id.split('_')[3] ?? ''),
    expireLeasesOf: repositories.leases.expireOwnedBy,
  });
  const databases = databaseOpeningsOf(adapters, {
    notCleared: (storeId, thrown) => log.warn({ storeId, err: thrown }, 'Opened database not cleared away'),
    notMade: (thrown) => log.error({ err: thrown }, 'Image of phpMyAdmin not made'),
  });
  const questions = await answerWebQuestions(adapters, databases);
  try {
    await startWorker(
      {
        concurrency: config.workerConcurrency,
        perform: async (runId, signal) => ((await mayWork()) ? perform(runId, signal) : 'parked'),
        listen: (options) => listenToDoorbell(config.redis, options),
        sweep: (take) =>
          createSweep({
            due: async (limit) => {
              if (!(await mayWork())) return [];
              const due = await repositories.runs.due(new Date(), limit);
              // Only so that operators see when somebody last looked.
              await repositories.tasks.claim('sweep', NOTED_EVERY_MS.sweep);
              return due;
            },
            take,
          }),
        register: () => repositories.workers.register(registration),
        heartbeat: async () => {
          if (!(await repositories.workers.heartbeat(owner))) await repositories.workers.register(registration);
        },
        unregister: () => repositories.workers.remove(owner),
        releaseDeadOwners,
        // Every one: they read from what is not in the database as much as from what is.
        chores: choresOf(adapters, databases, owner, log, stopping).map(({ act, ...chore }) => ({
          ...chore,
          act: async () => {
            if (await mayWork()) await act();
          },
        })),
        log,
      },
      stopping,
    );
  } finally {
    await questions.close();
    await adapters.close();
  }
}

function choresOf(
  adapters: Adapters,
  databases: DatabaseOpenings,
  owner: string,
  log: Log,
  stopping: AbortSignal,
): Chore[] {
  const { config, repositories, containers } = adapters;
  const { stores, outbox, tasks } = repositories;
  const now = (): Date => new Date();
  const activeStores = (): Promise<Store[]> => stores.list({ status: 'active' });
  /** One worker does it, the others skip this period. */
  const shared = (name: keyof typeof CHORE_PERIODS, act: () => Promise<void>): Chore => ({
    name,
    everyMs: CHORE_PERIODS[name],
    act: async () => {
      if (await tasks.claim(name, CHORE_PERIODS[name] * CLAIM_SLACK)) await act();
    },
  });
  const linkMails = createLinkMails({
    customers: repositories.customers,
    links: createOneTimeTokens({ repository: repositories.oneTimeTokens, tokens: { make: makeToken, digestOf }, now }),
    digestOf,
    publicUrl: config.publicUrl,
  });
  const carry = storeMailCarrierOf(adapters);
  const deliverer = (lane: OutboxLane) =>
    createOutboxDeliverer({
      owner,
      lane,
      outbox: {
        ...outbox,
        async claimDue(request) {
          // Only so that operators see when somebody last looked.
          if (lane === 'platform') await tasks.claim('outbox', NOTED_EVERY_MS.outbox);
          return outbox.claimDue(request);
        },
      },
      mailer: adapters.mailer,
      carry,
      complete: linkMails,
      support: config.support,
      stopping,
      now,
    });
  const removeExpired = createExpiryRemoval({ repositories, stopping, now });
  const removeAccounts = createAccountRemoval({
    ends: repositories.accountEnds,
    tearDown: stores.requestTeardown,
    ring: adapters.doorbell.ring,
    now,
  });
  const repairDown = async (store: Store): Promise<void> => {
    if (!(await tasks.claim(repairTaskOf(store.id), REPAIR_AT_MOST_EVERY_MS))) return;
    const runId = await repositories.runs.queueRepair({ storeId: store.id, ...SYSTEM, now: now() });
    await adapters.doorbell.ring(runId);
  };
  const markTakenStores = createTakenStoresMarking({
    stores: () => stores.list(),
    mark: adapters.takenMarks.putWhereFolderIs,
    onError: (storeId, thrown) => log.warn({ storeId, err: thrown }, 'Folder of a store not marked as taken'),
  });
  const removeOrphans = createOrphanRemoval({
    knownToEngine: () => containers.knownStoreIds(config.instanceId),
    // In this order: one that is claimed in between is a store by then.
    exists: async (id) => (await repositories.poolMembers.has(id)) || (await stores.find({ id })) !== undefined,
    remove: (id) => containers.remove({ id }, AbortSignal.timeout(MINUTE)),
    log: (storeId) => log.warn({ storeId }, 'Removing what belongs to no store'),
  });
  return [
    {
      name: 'outbox',
      everyMs: CHORE_PERIODS.outbox,
      act: deliverer('platform'),
    },
    {
      name: 'ownServers',
      everyMs: CHORE_PERIODS.outbox,
      act: deliverer('own-servers'),
    },
    shared(
      'storeMail',
      createStoreMailCollector({
        activeStores,
        spool: adapters.spool,
        roomOf: repositories.storeMail.roomOf,
        onError: (storeId, thrown) => log.warn({ storeId, err: thrown }, 'Mail of a shop not collected'),
        enqueue: async (mail) => void (await outbox.enqueue({ ...mail, recipient: null, now: now() })),
      }),
    ),
    {
      name: 'storeCron',
      everyMs: CHORE_PERIODS.storeCron,
      act: createStoreCron({
        activeStores,
        claimTurn: (storeId) => tasks.claim(cronTaskOf(storeId), MINUTE * CLAIM_SLACK),
        call: createShopOperations(adapters).cron,
        now: () => Date.now(),
        stopping,
        onError: (storeId, thrown) => log.info({ storeId, reason: String(thrown) }, 'Shop missed its cron turn'),
      }),
    },
    shared(
      'health',
      createHealthWatch({
        activeStores,
        lookAtAll: () => containers.lookAtAll(config.instanceId),
        record: stores.recordHealth,
        isFree: (id) => stores.isFree(id, ['active']),
        onDown: (store) => {
          repairDown(store).catch((thrown: unknown) =>
            log.warn({ storeId: store.id, err: thrown }, 'No repair queued'),
          );
        },
      }),
    ),
    shared('orphans', async () => {
      await markTakenStores();
      await removeOrphans();
    }),
    shared('pool', createPoolChore(adapters, owner, { log, stopping })),
    shared(
      'closedStores',
      createClosedStoreWatch({
        closedStores: async () => (await Promise.all(CLOSED.map((status) => stores.list({ status })))).flat(),
        look: containers.look,
        mayStop: (id) => stores.isFree(id, CLOSED),
        stop: containers.stop,
        log: (storeId) => log.warn({ storeId }, 'Stopping a closed store that ran'),
        onError: (storeId, thrown) => log.warn({ storeId, err: thrown }, 'Closed store not looked at'),
      }),
    ),
    shared('databases', () => databases.round(AbortSignal.timeout(MINUTE))),
    shared(
      'diskUsage',
      createDiskRound({
        stores: activeStores,
        measure: createDiskMeasure(adapters),
        onError: (storeId, thrown) => log.info({ storeId, err: thrown }, 'Disk usage not measured'),
        stopping,
      }),
    ),
    shared(
      'deletions',
      createDueDeletions({
        due: (limit) => repositories.changes.dueForDeletion(now(), limit),
        requestTeardown: (storeId) => repositories.changes.requestDueTeardown(storeId, now()),
        ring: adapters.doorbell.ring,
        log: (storeId) => log.info({ storeId }, 'Days of grace are over'),
      }),
    ),
    shared('offer', createOfferChore(adapters)),
    shared('ledger', ledgerSealerOf(adapters, log)),
    shared('machine', createMachineChore(adapters)),
    shared(
      'domains',
      createDomainRound({
        claimDue: repositories.domainLooks.claimDue,
        lookAfter: createPlatformDomainCare(adapters),
        onError: ({ hostname, storeId }, thrown) =>
          log.warn({ storeId, hostname, err: thrown }, 'Domain not looked at'),
        stopping,
        now,
      }),
    ),
    {
      name: 'webhooks',
      everyMs: CHORE_PERIODS.webhooks,
      act: webhookDelivererOf(adapters, { owner, log, stopping }),
    },
    {
      name: 'pages',
      everyMs: CHORE_PERIODS.pages,
      act: createPageChangeFollower({
        cachedStores: async () => {
          const routes = config.pageCacheMb === 0 ? [] : await repositories.routes.list();
          const cached = routes.filter(({ state, pageLifetime }) => state === 'live' && pageLifetime !== null);
          return [...new Set(cached.map(({ storeId }) => storeId))];
        },
        signals: adapters.pageSignals,
        keptPages: adapters.keptPages,
        after: (delayMs, act) => void pause(delayMs, stopping).then(act, () => undefined),
        stopping,
        onError: (storeId, thrown) => log.warn({ storeId, err: thrown }, 'Kept pages not looked after'),
      }),
    },
    // What was to be told to nginx in the background, by a worker that died over it.
    shared('routes', async () => void (await adapters.edge.apply(AbortSignal.timeout(MINUTE)))),
    shared('compiledCode', createCompiledCodeRemoval(adapters)),
    shared('webhookDeliveries', createDeliveryRemoval({ repositories, stopping, now })),
    shared('accounts', async () => {
      await removeExpired();
      await removeAccounts();
    }),
    shared('certificates', async () => {
      const outcomes = await createRenewal(adapters, 'due')(stopping);
      await createPlatformRenewalNotes(adapters)(outcomes);
      for (const { name, outcome, error } of outcomes) {
        if (error !== undefined) log.warn({ name, outcome, reason: error.message }, 'No new certificate');
        else if (outcome !== 'kept') log.info({ name, outcome }, 'Certificate looked after');
      }
    }),
    ...(config.wildcardFiles === undefined ? [] : [shared('wildcardFiles', () => readWildcardFiles(adapters))]),
  ];
}

/** Whoever renews them only replaces the files. */
async function readWildcardFiles({ certificates, edge }: Adapters): Promise<void> {
  const signal = AbortSignal.timeout(MINUTE);
  const { changed } = (await certificates.wildcard?.ensure(signal, 'due')) ?? { changed: false };
  if (changed) await edge.apply(signal);
}
