import { join } from 'node:path';
import type Docker from 'dockerode';
import type { ContainerInfo, ContainerInspectInfo } from 'dockerode';
import { AppError } from '../../domain/errors.ts';
import { isBeingMade } from '../../domain/lifecycle.ts';
import { limitsOf, type ServiceLimits } from '../../domain/limits.ts';
import { containerOf, directoryOf, NOBODY_ID, projectOf } from '../../domain/names.ts';
import { lastLineOf, type ServiceLook, type ServiceLooks } from '../../domain/service-looks.ts';
import type { Plan, Store } from '../../domain/store.ts';
import type { Compose } from './compose.ts';
import { type ExpectedProfile, profileDifferences } from './container-profile.ts';
import { engineCall, ifThere, statusOf } from './docker-client.ts';
import { createServiceHealth, type HealthFacts } from './service-health.ts';
import { labelledFor } from './store-belongings.ts';

/** What this adapter needs to know of a service; a `StackService` fits. */
export interface ServiceFacts extends HealthFacts {
  readonly memoryShare: number;
  readonly cpuShare: number;
  readonly front: boolean;
}

/** Whose word is taken for a service that runs already: its own, asked now, or the engine's, which asks every few seconds. */
export type HealthLook = 'now' | 'last';

export interface StoreContainersDeps {
  readonly docker: Docker;
  readonly compose: Compose;
  readonly customersDir: string;
  readonly servicesOf: (store: Store) => Readonly<Record<string, ServiceFacts>>;
  readonly planOf: (store: Store) => Promise<Plan>;
}

/** Of cgroup v1 and v2; a container that has just ended has none of it. */
interface EngineMemory {
  readonly usage?: number;
  readonly stats?: { readonly [kind: string]: number };
}

/** What a container is given without being made anew. */
interface Resources {
  readonly Memory?: number;
  readonly MemorySwap?: number;
  readonly NanoCpus?: number;
  readonly CpuShares?: number;
}

const STOP_GRACE_S = 10;
/** The engine's word for a container in which nothing has run yet. */
const NEVER_STARTED = 'created';
/**
 * Counts only where there is less CPU than is wanted (cgroups(7), cpu.shares). With cgroup v2 the engine makes another
 * number of it, 1 + (shares − 2) × 9999 / 262142: of this one the 100 that its own service has, of the usual 1024 no more
 * than 39 (https://github.com/opencontainers/runc/issues/4772). Since runc 1.3.2 it makes 211 of it.
 */
const FULL_WEIGHT = 2621;
/** Of a shop that has no visitors yet: those of others come first. Somebody waits for a store, nobody for what is made ahead. */
const WEIGHT_WHILE_MADE = { somebodys: 655, nobodys: 164 };

/** A store's containers as one thing: created by Compose, then limited, started, watched and removed by the engine. */
export function createStoreContainers(deps: StoreContainersDeps) {
  const { docker } = deps;
  const inspect = (store: Store, service: string): Promise<ContainerInspectInfo | undefined> =>
    ifThere(`inspect ${service}`, () => docker.getContainer(containerOf(store, service)).inspect());

  const { logTail, waitUntilHealthy } = createServiceHealth({ docker, inspect });

  let coresKnown: number | undefined;

  /** What each service gets of the plan on the engine's machine; the only place where that is worked out. */
  async function limitsHere(plan: Plan): Promise<(facts: ServiceFacts) => ServiceLimits> {
    // Asked once: the answer takes the engine long, and a machine keeps its cores while this process lives.
    const cores = (coresKnown ??= (await engineCall('count cores', () => docker.info())).NCPU as number);
    return (facts) => limitsOf(plan, facts, cores);
  }

  /** What is not so yet becomes so by one call. */
  async function setResources(store: Store, service: string, wanted: Resources): Promise<void> {
    const host = (await inspect(store, service))?.HostConfig as Resources | undefined;
    const names = Object.keys(wanted) as (keyof Resources)[];
    if (host !== undefined && names.every((name) => host[name] === wanted[name])) return;
    await engineCall(`resources of ${service}`, () =>
      docker.getContainer(containerOf(store, service)).update({ ...wanted }),
    );
  }

  /** Compose tells a missing image in prose, after it has tried to pull it; the engine tells it at once. */
  async function assertImage(store: Store, service: string): Promise<void> {
    const image = store.images[service] ?? '';
    if ((await ifThere(`image of ${service}`, () => docker.getImage(image).inspect())) !== undefined) return;
    throw new AppError('image_missing', `The image of the ${service} service of ${store.id} is not on this machine.`, {
      hint: `Run: shopctl images prepare, then: shopctl store retry ${store.id}`,
      logTail: image,
    });
  }

  async function start(store: Store, service: string): Promise<void> {
    try {
      await docker.getContainer(containerOf(store, service)).start();
    } catch (thrown) {
      // 304: it runs already.
      if (statusOf(thrown) !== 304) await engineCall(`start ${service}`, () => Promise.reject(thrown as Error));
    }
  }

  async function verifyProfile(
    store: Store,
    service: string,
    { front, limits }: Pick<ServiceFacts, 'front'> & { readonly limits: ServiceLimits },
  ): Promise<void> {
    const info = await engineCall(`inspect ${service}`, () =>
      docker.getContainer(containerOf(store, service)).inspect(),
    );
    const differences = await profileDifferences(info, expectedOf(store, { front, limits }));
    if (differences.length === 0) return;
    throw new AppError('container_profile_violated', `${service} of ${store.id}: ${differences.join('; ')}.`, {
      hint: 'The engine did not keep what was asked of it; look at its version and cgroup support: shopctl doctor',
      logTail: differences.join('\n'),
    });
  }

  /** By the engine's own words: what it was told and what it keeps may differ. */
  async function verifyLimits(store: Store, service: string, { memoryBytes, nanoCpus }: ServiceLimits): Promise<void> {
    const host = (await inspect(store, service))?.HostConfig;
    if (host?.Memory === memoryBytes && host.MemorySwap === memoryBytes && host.NanoCpus === nanoCpus) return;
    throw new AppError(
      'container_profile_violated',
      `${service} of ${store.id} has ${host?.Memory} bytes and ${host?.NanoCpus} nano-cpus, not ${memoryBytes} and ${nanoCpus}.`,
      { hint: 'The engine did not keep what was asked of it; look at its version and cgroup support: shopctl doctor' },
    );
  }

  /** What the kernel could drop at any time (files read once) is not counted. */
  async function workingSet(store: Store, service: string): Promise<number> {
    const stats = await engineCall(`memory of ${service}`, () =>
      docker.getContainer(containerOf(store, service)).stats({ stream: false, 'one-shot': true }),
    );
    const memory: EngineMemory = stats.memory_stats;
    const droppable = memory.stats?.['inactive_file'] ?? memory.stats?.['total_inactive_file'] ?? 0;
    return Math.max(0, (memory.usage ?? 0) - droppable);
  }

  /** What there was before. */
  async function createMissing(
    store: Store,
    signal: AbortSignal,
    log: (line: string) => void,
  ): Promise<(ContainerInspectInfo | undefined)[]> {
    const names = Object.keys(deps.servicesOf(store));
    const existing = await Promise.all(names.map((name) => inspect(store, name)));
    if (existing.includes(undefined)) {
      await Promise.all(names.map((name) => assertImage(store, name)));
      await deps.compose.create(projectOf(store), join(deps.customersDir, directoryOf(store)), signal);
      log('containers created');
    }
    return existing;
  }

  return {
    /** See `StoreContainers`. */
    create: async (store: Store, signal: AbortSignal, log: (line: string) => void): Promise<void> =>
      void (await createMissing(store, signal, log)),

    /** See `StoreContainers`. */
    async ensureRunning(
      store: Store,
      signal: AbortSignal,
      log: (line: string) => void,
      look: HealthLook = 'now',
    ): Promise<void> {
      const services = Object.entries(deps.servicesOf(store));
      const limitsFor = await limitsHere(await deps.planOf(store));
      const existing = await createMissing(store, signal, log);
      // When one gives up, nobody waits for the others.
      const givenUp = new AbortController();
      const both = AbortSignal.any([signal, givenUp.signal]);
      const found = new Map(services.map(([name], index) => [name, existing[index]]));
      const isBelieved = async (name: string, facts: ServiceFacts): Promise<boolean> => {
        const known = found.get(name);
        if (look !== 'last' || known?.State.Health?.Status !== 'healthy' || !isRunning(known)) return false;
        return (
          (await profileDifferences(known, expectedOf(store, { ...facts, limits: limitsFor(facts) }))).length === 0
        );
      };
      const bringUp = async (name: string, facts: ServiceFacts): Promise<void> => {
        const known = found.get(name);
        const weight = !isBeingMade(store.status)
          ? { CpuShares: FULL_WEIGHT }
          : known === undefined || !isRunning(known)
            ? { CpuShares: weightWhileMade(store) }
            : {};
        await setResources(store, name, { ...resourcesOf(limitsFor(facts)), ...weight });
        await start(store, name);
      };
      const untilWell = async (name: string, facts: ServiceFacts): Promise<void> => {
        await waitUntilHealthy(store, name, facts, both);
        log(`${name} is healthy`);
        await verifyProfile(store, name, { ...facts, limits: limitsFor(facts) });
      };
      const wells: Promise<void>[] = [];
      try {
        // Side by side the engine starts none of them sooner. What the web service waits for is made ready behind its start.
        for (const [name, facts] of lastInFront(services)) {
          if (await isBelieved(name, facts)) {
            log(`${name} is healthy`);
            continue;
          }
          await bringUp(name, facts);
          const well = untilWell(name, facts);
          // Also while the next one is being started.
          well.catch(() => givenUp.abort());
          wells.push(well);
        }
        await Promise.all(wells);
      } finally {
        givenUp.abort();
        // Nothing goes on behind a step that is tried again.
        await Promise.allSettled(wells);
      }
    },

    /** See `StoreContainers`. */
    async giveFullWeight(store: Store): Promise<void> {
      await Promise.all(
        Object.keys(deps.servicesOf(store)).map((name) => setResources(store, name, { CpuShares: FULL_WEIGHT })),
      );
    },

    /** Whether any of the store's containers was ever started: it may have the store's folders open, or have written to them. */
    async haveStarted(store: Pick<Store, 'id'>): Promise<boolean> {
      const found = await engineCall('list containers', () =>
        docker.listContainers({ all: true, filters: labelledFor(store.id) }),
      );
      return found.some(({ State }) => State !== NEVER_STARTED);
    },

    /** Which containers it has, of which images, by the engine's ids: another container is another line. */
    async identities(store: Store): Promise<string[]> {
      const names = Object.keys(deps.servicesOf(store));
      const found = await Promise.all(names.map((name) => inspect(store, name)));
      return names.map((name, index) => `${name} ${found[index]?.Id ?? 'none'} ${found[index]?.Image ?? 'none'}`);
    },

    async remove(store: Pick<Store, 'id'>, signal: AbortSignal): Promise<void> {
      const containers = await engineCall('list containers', () =>
        docker.listContainers({ all: true, filters: labelledFor(store.id) }),
      );
      await Promise.all(
        containers.map(({ Id }) =>
          ifThere('remove container', () => docker.getContainer(Id).remove({ force: true, v: true })),
        ),
      );
      signal.throwIfAborted();
      const networks = await engineCall('list networks', () => docker.listNetworks({ filters: labelledFor(store.id) }));
      await Promise.all(networks.map(({ Id }) => ifThere('remove network', () => docker.getNetwork(Id).remove())));
      const { Volumes } = await engineCall('list volumes', () =>
        docker.listVolumes({ filters: labelledFor(store.id) }),
      );
      for (const { Name } of Volumes ?? []) await ifThere('remove volume', () => docker.getVolume(Name).remove());
    },

    /** See `RestartableContainers`. By the engine's own clock, which is this machine's. */
    async restart(store: Store, since: Date, signal: AbortSignal, log: (line: string) => void): Promise<void> {
      for (const [service, facts] of lastInFront(Object.entries(deps.servicesOf(store)))) {
        signal.throwIfAborted();
        const state = (await inspect(store, service))?.State;
        const isNew = state?.Running === true && Date.parse(state.StartedAt) >= since.getTime();
        if (!isNew) {
          await engineCall(`restart ${service}`, () =>
            docker.getContainer(containerOf(store, service)).restart({ t: STOP_GRACE_S }),
          );
        }
        await waitUntilHealthy(store, service, facts, signal);
        log(`${service} is healthy`);
      }
    },

    async applyLimits(store: Store, plan: Plan): Promise<void> {
      const limitsFor = await limitsHere(plan);
      for (const [service, facts] of Object.entries(deps.servicesOf(store))) {
        if ((await inspect(store, service)) === undefined) continue;
        const limits = limitsFor(facts);
        await setResources(store, service, resourcesOf(limits));
        await verifyLimits(store, service, limits);
      }
    },

    async memoryInUse(store: Store, plan: Plan): Promise<{ service: string; bytes: number; limitBytes: number }[]> {
      const limitsFor = await limitsHere(plan);
      const inUse: { service: string; bytes: number; limitBytes: number }[] = [];
      for (const [service, facts] of Object.entries(deps.servicesOf(store))) {
        if ((await inspect(store, service))?.State.Running !== true) continue;
        const bytes = await workingSet(store, service);
        inUse.push({ service, bytes, limitBytes: limitsFor(facts).memoryBytes });
      }
      return inUse;
    },

    /** Stops the store's containers; its data stays. */
    async stop(store: Pick<Store, 'id'>): Promise<void> {
      const containers = await engineCall('list containers', () =>
        docker.listContainers({ filters: labelledFor(store.id) }),
      );
      await Promise.all(
        containers.map(({ Id }) => ifThere('stop container', () => docker.getContainer(Id).stop({ t: STOP_GRACE_S }))),
      );
    },

    /** How each service stands right now, by the engine's own look. */
    async look(store: Store): Promise<ServiceLooks> {
      const names = Object.keys(deps.servicesOf(store));
      const found = await Promise.all(names.map((name) => inspect(store, name)));
      return Object.fromEntries(names.map((name, index) => [name, lookOf(found[index])]));
    },

    /**
     * As `look`, for many stores: the engine is asked once for all that it has of this instance. What it says all is well with
     * is believed; anything else, and what it does not have, is looked at when its store is.
     */
    async lookAtAll(instance: string): Promise<(store: Store) => Promise<ServiceLooks>> {
      const label = [`shophosting.instance=${instance}`, 'shophosting.store'];
      const listed = await engineCall('list containers', () => docker.listContainers({ filters: { label } }));
      const well = new Set(listed.filter(isWell).flatMap(({ Names }) => Names.map((name) => name.replace(/^\//, ''))));
      return async (store) => {
        const looks = Object.keys(deps.servicesOf(store)).map(
          async (name): Promise<[string, ServiceLook]> => [
            name,
            well.has(containerOf(store, name)) ? WELL : lookOf(await inspect(store, name)),
          ],
        );
        return Object.fromEntries(await Promise.all(looks));
      };
    },

    /** Ids of stores that have containers or networks of this instance, for finding orphans. */
    async knownStoreIds(instance: string): Promise<Set<string>> {
      const filters = JSON.stringify({ label: [`shophosting.instance=${instance}`, 'shophosting.store'] });
      const [containers, networks] = await engineCall('list containers', () =>
        Promise.all([docker.listContainers({ all: true, filters }), docker.listNetworks({ filters })]),
      );
      const ids = [...containers, ...networks].map((found) => found.Labels?.['shophosting.store']);
      return new Set(ids.filter((id): id is string => id !== undefined && id !== ''));
    },

    logTail,
  };
}

export type StoreContainersAdapter = ReturnType<typeof createStoreContainers>;

/** What visitors come to waits for all the others. */
const lastInFront = (services: readonly [string, ServiceFacts][]): [string, ServiceFacts][] =>
  services.toSorted(([, one], [, other]) => Number(one.front) - Number(other.front));

const resourcesOf = ({ memoryBytes, nanoCpus }: ServiceLimits): Resources => ({
  Memory: memoryBytes,
  MemorySwap: memoryBytes,
  NanoCpus: nanoCpus,
});

const weightWhileMade = ({ customerId }: Store): number =>
  customerId === NOBODY_ID ? WEIGHT_WHILE_MADE.nobodys : WEIGHT_WHILE_MADE.somebodys;

const isRunning = ({ State }: ContainerInspectInfo): boolean => State.Running && !State.Paused && !State.Restarting;

const expectedOf = (
  store: Store,
  { front, limits }: Pick<ServiceFacts, 'front'> & { readonly limits: ServiceLimits },
): ExpectedProfile => ({ uid: store.uid, limits, publishedPort: front ? store.port : undefined });

const WELL: ServiceLook = { state: 'running', said: null };

/** By a line of the engine's list, which tells health in words: `Up 3 minutes (healthy)`. */
const isWell = ({ State, Status }: ContainerInfo): boolean =>
  State === 'running' && !/\((?:unhealthy|Paused)\)$/.test(Status);

function lookOf(info: ContainerInspectInfo | undefined): ServiceLook {
  if (info === undefined) return { state: 'missing', said: null };
  const { Running, Paused, OOMKilled, ExitCode, Health } = info.State;
  if (!Running) return { state: 'stopped', said: OOMKilled ? 'ran out of memory' : `exit code ${ExitCode}` };
  // The engine asks a frozen one no longer, and goes on telling what it heard last.
  if (Paused) return { state: 'unhealthy', said: 'its processes are frozen' };
  if (Health?.Status !== 'unhealthy') return WELL;
  return { state: 'unhealthy', said: lastLineOf(Health.Log.at(-1)?.Output ?? '') };
}
