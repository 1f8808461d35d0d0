import { availableParallelism } from 'node:os';
import { isPortFree } from '../adapters/host/is-port-free.ts';
import type { Log } from '../adapters/log/create-log.ts';
import { ADMIN_USERNAME } from '../domain/names.ts';
import type { Lease, StepName } from '../domain/run.ts';
import type { Store } from '../domain/store.ts';
import { MINUTE } from '../lib/time.ts';
import { createChanges } from '../provisioning/changes.ts';
import { createFailureMail } from '../provisioning/failure-mail.ts';
import { inTurns } from '../provisioning/in-turns.ts';
import { keepToOwnFolders } from '../provisioning/keep-to-own-folders.ts';
import { keepWithinBounds } from '../provisioning/keep-within-bounds.ts';
import { createRunPerformer } from '../provisioning/perform-run.ts';
import { createPipeline } from '../provisioning/pipeline.ts';
import { createRunner } from '../provisioning/runner.ts';
import type { Step } from '../provisioning/step.ts';
import type { Edge } from '../provisioning/steps/route-traffic.ts';
import type { Outbox } from '../provisioning/steps/send-welcome-mail.ts';
import { stackOf } from '../stacks/index.ts';
import type { Adapters } from './adapters.ts';
import { addressChangeDepsOf } from './address-changes.ts';
import { snapshotsOf } from './ahead.ts';
import { createPartsChooser } from './choose-parts.ts';
import { databasePanelsOf } from './database-openings.ts';
import { createDiskMeasure } from './measure-disk.ts';
import { rotationDepsOf } from './rotations.ts';
import { SECRET_MAKERS } from './secret-makers.ts';
import { createShopOperations } from './shop-operations.ts';
import { adminNoteOf, adminUrlOf, boundsOf, urlOf } from './store-facts.ts';
import { takenOverOf } from './waiting-shops.ts';

const ANNOUNCE_WITHIN_MS = MINUTE;
/** What a new shop keeps a processor busy with. */
const HEAVY_STEPS: readonly StepName[] = ['start-containers', 'install-application'];

/** The pipeline on the real world, and what takes a run through it. */
export function createProvisioning(adapters: Adapters, owner: string, log: Log) {
  const { config, repositories, edge } = adapters;
  const { stores, routes, journal } = repositories;
  const now = (): Date => new Date();
  const outbox: Outbox = {
    enqueue: async (mail, lease) => void (await repositories.outbox.enqueue({ ...mail, now: now() }, lease)),
  };
  const reach: Edge = {
    apply: (signal) => edge.apply(signal),
    open: (route, signal) => edge.open(route, signal),
    probe: async (hostname, signal, as) => void (await edge.probe(hostname, { expectState: 'live', as }, signal)),
    probeAnswer: async (hostname, signal) =>
      void (await edge.probe(hostname, { expectState: 'live', certificate: 'any' }, signal)),
  };
  const applySoon = (facts: object): void => {
    edge.apply(AbortSignal.timeout(ANNOUNCE_WITHIN_MS)).catch((thrown: unknown) => {
      log.info({ ...facts, err: thrown }, 'Edge not told yet; it will be within minutes');
    });
  };
  const waitedForOwner = async ({ id }: Store): Promise<boolean> =>
    (await repositories.poolMembers.partsOf(id)) !== undefined;
  const phpLimits = { known: repositories.storePhpLimits, files: adapters.phpLimitFiles };
  const pipeline = createPipeline({
    directories: adapters.directories,
    vault: adapters.vault,
    secretFiles: adapters.secretFiles,
    makers: SECRET_MAKERS,
    chooseParts: createPartsChooser(adapters),
    composeFiles: adapters.composeFiles,
    containers: adapters.containers,
    panels: databasePanelsOf(adapters),
    phpLimits,
    takenOver: takenOverOf(adapters),
    snapshots: snapshotsOf(adapters),
    installer: adapters.installer,
    routes,
    edge: reach,
    keptPages: {
      begin: async (storeId) => adapters.keptPages.empty(storeId, await adapters.pageSignals.latest(storeId)),
      forget: adapters.keptPages.forget,
    },
    certificates: adapters.certificates,
    ownNames: repositories.ownDomains.provenNames,
    outbox,
    stores: {
      get: stores.get,
      recordMade: stores.recordMade,
      async activate(lease: Lease, at: Date): Promise<void> {
        await stores.activate(lease, at);
        // Visitors are in; nginx is told for good when nobody waits for it.
        applySoon({ storeId: lease.storeId });
      },
      async moveToAnotherPort(lease: Lease): Promise<Store> {
        await stores.moveToAnotherPort(lease, { ports: config.ports, isPortFree });
        return stores.get(lease.storeId);
      },
    },
    stackOf: (store) => stackOf(store.platform),
    urlOf: (store) => urlOf(config, store),
    shopDefaults: config.shopDefaults,
    settings: repositories.storeSettings,
    mailFactsOf: (store) => ({
      title: store.title,
      url: urlOf(config, store),
      adminUrl: adminUrlOf(config, store),
      username: ADMIN_USERNAME,
      dashboardUrl: new URL('/dashboard', config.publicUrl).href,
      ...adminNoteOf(stackOf(store.platform)),
    }),
    now,
  });

  // One processor is left to those who visit the shops that run.
  const heavyInTurns = inTurns(
    { atOnce: Math.max(1, availableParallelism() - 1) },
    async (store, { run }) => run.kind === 'provision' && !(await waitedForOwner(store)),
  );
  /** As they act on rows that may not be what they seem, and on folders that may be somebody else's. */
  const kept = (steps: readonly Step[]): readonly Step[] =>
    keepWithinBounds(keepToOwnFolders(steps, adapters.takenMarks.isOwn), boundsOf(config));
  const steps = kept(pipeline).map((step) => (HEAVY_STEPS.includes(step.name) ? heavyInTurns(step) : step));
  const startContainers = steps.find(({ name }) => name === 'start-containers');
  if (startContainers === undefined) throw new Error('The pipeline starts no containers.');
  const { changes } = repositories;
  const pageOf = ({ id }: Store): string => new URL(`/stores/${id}`, config.publicUrl).href;
  const changeLists = createChanges({
    startContainers,
    containers: adapters.containers,
    routes,
    edge: reach,
    outbox,
    plans: repositories.plans,
    stores,
    shop: createShopOperations(adapters),
    settings: repositories.storeSettings,
    phpLimits,
    address: addressChangeDepsOf(adapters),
    rotation: rotationDepsOf(adapters),
    measureDisk: createDiskMeasure(adapters),
    links: { pageOf, urlOf: (store) => urlOf(config, store) },
    marks: {
      suspended: changes.markSuspended,
      resumed: changes.markResumed,
      plan: changes.recordPlan,
      restarted: changes.recordRestart,
      forDeletion: changes.markForDeletion,
      kept: changes.markKept,
    },
    now,
  });
  const changeSteps = Object.fromEntries(
    Object.entries(changeLists).map(([kind, steps]) => [kind, kept(steps)]),
  ) as typeof changeLists;

  /**
   * The row is written under the lease. Certificate and nginx follow in the background, since nobody waits for that
   * page; a certificate made here costs nothing, and with it the page comes without a warning. What nginx knows by then
   * of host, port and certificate is what makes opening the door quick.
   */
  async function announce(lease: Lease, store: Store, state: 'making' | 'failed'): Promise<void> {
    await routes.announce(lease, { hostname: store.domain, storeId: store.id, port: store.port, state });
    const { certificates } = adapters;
    const secured = certificates.isMadeHere(store.domain)
      ? certificates.ensure(store.domain, AbortSignal.timeout(ANNOUNCE_WITHIN_MS))
      : Promise.resolve();
    const facts = { storeId: store.id, state };
    secured
      .catch((thrown: unknown) => log.info({ ...facts, err: thrown }, 'No certificate before there is a shop'))
      .finally(() => applySoon(facts));
  }

  /**
   * An authority takes seconds, as a shop does; it looks at the name by plain HTTP, which the edge has to know for that.
   * A log that all the world reads tells of the name then: until the door is open, whoever comes reads that the shop is
   * being made.
   */
  async function orderCertificate({ id, domain }: Store, signal: AbortSignal): Promise<void> {
    const { certificates } = adapters;
    try {
      if (certificates.isMadeHere(domain) || (await certificates.find(domain)) !== undefined) return;
      await edge.apply(signal);
      await certificates.ensure(domain, signal);
    } catch (thrown) {
      if (!signal.aborted) log.info({ storeId: id, err: thrown }, 'No certificate before there is a shop');
    }
  }

  const perform = createRunPerformer({
    owner,
    leases: repositories.leases,
    runs: repositories.runs,
    stores: {
      get: stores.get,
      beginProvisioning: stores.beginProvisioning,
      fail: stores.fail,
      remove: (lease) =>
        stores.remove(lease, ({ title, name }) => ({
          kind: 'deleted',
          payload: { title, name, dashboardUrl: new URL('/dashboard', config.publicUrl).href },
        })),
    },
    journal,
    runner: createRunner({ steps, changes: changeSteps, journal, now }),
    emptyPages: (storeId) => adapters.keptPages.empty(storeId),
    announce,
    orderCertificate,
    tellOwner: createFailureMail({ outbox, pageOf }),
    now,
    log,
  });
  return { steps, perform };
}
