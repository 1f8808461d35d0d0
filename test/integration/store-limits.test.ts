import { afterEach, beforeAll, expect, test } from 'vitest';
import { createDockerClient } from '../../src/adapters/docker/docker-client.ts';
import { createStoreContainers, type ServiceFacts } from '../../src/adapters/docker/store-containers.ts';
import { containerOf, NOBODY_ID } from '../../src/domain/names.ts';
import type { Plan, Store } from '../../src/domain/store.ts';
import { probeUntil } from '../../src/lib/deadline.ts';
import { MINUTE, SECOND } from '../../src/lib/time.ts';
import { aStore } from '../fakes/fake-world.ts';
import { openImages } from '../setup/open-images.ts';
import { DOCKER_SOCKET } from '../setup/places.ts';
import { MEGABYTE, UID } from './as-in-a-store.ts';

const docker = createDockerClient(DOCKER_SOCKET);
const store = aStore({ id: `sto_limits${process.pid}`, uid: UID });
const INSTANCE = `limits-${process.pid}`;
const SECOND_NS = 1e9;
/** Absent would be as in the image, whose failures at first do not count. */
const SHORTEST_START_NS = 1e6;
const facts = { memoryShare: 100, cpuShare: 100, healthCommand: ['true'], front: false };
const aPlan = (cpuMillis: number): Plan => ({
  name: 'wide',
  memoryMb: 64,
  cpuMillis,
  diskMb: 1,
  maxStores: 1,
  backupsKept: 0,
  priceCents: 0,
  isDefault: false,
});

let image: string;
let cores: number;
beforeAll(async () => {
  const [prepared] = await openImages().images.prepare(['redis'], AbortSignal.timeout(8 * MINUTE));
  image = prepared?.id ?? '';
  ({ NCPU: cores } = (await docker.info()) as { NCPU: number });
}, 9 * MINUTE);

const container = (service = 'cache') => docker.getContainer(containerOf(store, service));
afterEach(async () => {
  for (const { Id } of await docker.listContainers({
    all: true,
    filters: { label: [`shophosting.instance=${INSTANCE}`] },
  }))
    await docker.getContainer(Id).remove({ force: true });
});
/** As Compose makes it for a store, before it has limits. */
/**
 * Right behind a look of the engine's. One that begins while a container is being frozen keeps it frozen for ever, whatever
 * is asked of it (seen with Debian’s engine).
 */
async function untilLookedAnew(): Promise<void> {
  const lastLook = async () => (await container().inspect()).State.Health?.Log.at(-1)?.Start;
  const before = await lastLook();
  await probeUntil(async () => ((await lastLook()) === before ? undefined : true), {
    signal: AbortSignal.timeout(MINUTE),
    firstDelayMs: 20,
    maxDelayMs: 20,
  });
}

async function createContainer(
  ownCheck?: readonly string[],
  { service = 'cache', program = 'sleep' } = {},
): Promise<void> {
  await docker.createContainer({
    name: containerOf(store, service),
    Image: image,
    Entrypoint: [program],
    Cmd: ['600'],
    User: `${UID}:${UID}`,
    Labels: { 'shophosting.test': '1', 'shophosting.instance': INSTANCE, 'shophosting.store': store.id },
    ...(ownCheck === undefined
      ? {}
      : {
          Healthcheck: {
            Test: ['CMD', ...ownCheck],
            Interval: SECOND_NS,
            Timeout: SECOND_NS,
            Retries: 1,
            StartPeriod: SHORTEST_START_NS,
          },
        }),
    HostConfig: {
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      PidsLimit: 16,
      NetworkMode: 'none',
      LogConfig: { Type: 'json-file', Config: { 'max-size': '1m' } },
    },
  });
}

const containersWith = (plan: Plan, service: ServiceFacts = facts) =>
  createStoreContainers({
    docker,
    compose: { create: () => Promise.reject(new Error('It is there already.')) },
    customersDir: '/nowhere',
    servicesOf: () => ({ cache: service }),
    planOf: async () => plan,
  });

/** How it stands, asked of it alone and among all others. */
async function lookBothWays({ look, lookAtAll }: ReturnType<typeof containersWith>) {
  const alone = await look(store);
  expect(await (await lookAtAll(INSTANCE))(store)).toEqual(alone);
  return alone;
}

const limitsNow = async () => {
  const { Memory: memory, NanoCpus: nanoCpus } = (await container().inspect()).HostConfig;
  return { memory, nanoCpus };
};

test('a service that is frozen, or has ended, is ill and says why, whatever the engine heard of it last', async () => {
  await createContainer();
  const containers = containersWith(aPlan(500));
  await containers.ensureRunning(store, AbortSignal.timeout(MINUTE), () => undefined);
  expect(await lookBothWays(containers)).toEqual({ cache: { state: 'running', said: null } });

  await container().pause();
  expect(await lookBothWays(containers)).toEqual({ cache: { state: 'unhealthy', said: 'its processes are frozen' } });
  await container().unpause();
  await container().kill();
  await container().wait();
  expect(await lookBothWays(containers)).toEqual({ cache: { state: 'stopped', said: 'exit code 137' } });
});

test('a service that ends while the next one is being started is told by its name, and what waits for it is let go', async () => {
  await createContainer(undefined, { program: 'false' });
  await createContainer(undefined, { service: 'web' });
  const { ensureRunning } = createStoreContainers({
    docker,
    compose: { create: () => Promise.reject(new Error('They are there already.')) },
    customersDir: '/nowhere',
    servicesOf: () => ({ web: { ...facts, front: true }, cache: facts }),
    planOf: async () => aPlan(500),
  });

  await expect(ensureRunning(store, AbortSignal.timeout(MINUTE), () => undefined)).rejects.toMatchObject({
    code: 'container_unhealthy',
    message: expect.stringContaining('The cache service'),
  });
  expect((await container('web').inspect()).State.StartedAt).not.toMatch(/^0001/);
});

test('a service whose own check fails is ill, with the last line of what the check printed', async () => {
  await createContainer(['sh', '-c', 'echo looking; echo "search: timed out"; exit 1']);
  const containers = containersWith(aPlan(500));
  await containers.ensureRunning(store, AbortSignal.timeout(MINUTE), () => undefined);

  const ill = await probeUntil(
    async () => {
      const { cache } = await containers.look(store);
      return cache?.state === 'running' ? undefined : cache;
    },
    { signal: AbortSignal.timeout(MINUTE), firstDelayMs: 20, maxDelayMs: 100 },
  );

  expect(ill).toEqual({ state: 'unhealthy', said: 'search: timed out' });
  expect(await lookBothWays(containers)).toEqual({ cache: ill });
});

test('a service that is ill only of what its installer mends is ready for the installer; of anything else it is not', async () => {
  await createContainer();
  const says = (line: string): ServiceFacts => ({
    ...facts,
    healthCommand: ['sh', '-c', `echo looking; echo "${line}"; exit 1`],
    mendedByInstaller: /^search: the index \S+ is missing\b/,
  });
  const start = (line: string, signal: AbortSignal): Promise<void> =>
    containersWith(aPlan(500), says(line)).ensureRunning(store, signal, () => undefined);

  await start('search: the index shop_1 is missing; rebuild it', AbortSignal.timeout(MINUTE));
  await expect(start('search: timed out', AbortSignal.timeout(2 * SECOND))).rejects.toThrow();
});

test('a store starts with a plan of more cores than the machine has, and gets all of them', async () => {
  await createContainer();
  const { ensureRunning } = containersWith(aPlan((cores + 2) * 1000));

  await ensureRunning(store, AbortSignal.timeout(MINUTE), () => undefined);

  expect(await limitsNow()).toEqual({ memory: 64 * MEGABYTE, nanoCpus: cores * 1e9 });
});

test('a running store can be given such a plan, and a small one again', async () => {
  await createContainer();
  const { ensureRunning, applyLimits } = containersWith(aPlan(500));
  await ensureRunning(store, AbortSignal.timeout(MINUTE), () => undefined);

  await applyLimits(store, aPlan((cores + 2) * 1000));
  expect((await limitsNow()).nanoCpus).toBe(cores * 1e9);
  await applyLimits(store, aPlan(500));
  expect((await limitsNow()).nanoCpus).toBe(0.5e9);
});

test('a shop that is being made comes after all others where CPU is short, until it has full weight; one that runs is never held back', async () => {
  const weightNow = async () => (await container().inspect()).HostConfig.CpuShares ?? 0;
  const bringUp = (status: Store['status'], customerId = store.customerId) =>
    containers.ensureRunning({ ...store, status, customerId }, AbortSignal.timeout(MINUTE), () => undefined);
  await createContainer();
  const containers = containersWith(aPlan(500));

  await bringUp('pending', NOBODY_ID);
  const nobodys = await weightNow();
  await container().kill();
  await container().wait();
  await bringUp('provisioning');
  const somebodys = await weightNow();
  await bringUp('provisioning');
  expect(await weightNow()).toBe(somebodys);
  // Nobody waits for what is made ahead; an owner does, but has no visitors yet.
  expect(nobodys).toBeLessThan(somebodys);
  await containers.giveFullWeight(store);
  const full = await weightNow();
  expect(somebodys).toBeLessThan(full);
  // With cgroup v2 no less than the engine's own service, and whatever else runs on the machine.
  expect(1 + ((full - 2) * 9999) / 262_142).toBeGreaterThanOrEqual(100);
  // A retry, or a claim of a shop that waited.
  await bringUp('provisioning');
  expect(await weightNow()).toBe(full);

  await container().kill();
  await container().wait();
  await bringUp('provisioning');
  // Whoever repairs a store takes nothing for granted.
  await bringUp('active');
  expect(await weightNow()).toBe(full);
  expect(await limitsNow()).toEqual({ memory: 64 * MEGABYTE, nanoCpus: 0.5e9 });
});

test('a restart starts what is older than the wish for it anew, once, and also what does not run', async () => {
  await createContainer();
  const { ensureRunning, restart } = containersWith(aPlan(500));
  const signal = AbortSignal.timeout(MINUTE);
  await ensureRunning(store, signal, () => undefined);
  const startedAt = async () => (await container().inspect()).State.StartedAt;
  const before = await startedAt();
  const wished = new Date();

  await restart(store, wished, signal, () => undefined);
  const after = await startedAt();
  expect(Date.parse(after)).toBeGreaterThanOrEqual(wished.getTime());
  expect(Date.parse(after)).toBeGreaterThan(Date.parse(before));
  await restart(store, wished, signal, () => undefined);
  expect(await startedAt()).toBe(after);
  await container().kill();
  await restart(store, wished, signal, () => undefined);
  expect((await container().inspect()).State.Running).toBe(true);
  expect((await limitsNow()).nanoCpus).toBe(0.5e9);
});

test('the engine’s last word counts where it is asked for, of a service that runs as it should and of no other', async () => {
  await createContainer(['true']);
  const starting = containersWith(aPlan(500));
  await starting.ensureRunning(store, AbortSignal.timeout(MINUTE), () => undefined);
  await probeUntil(async () => ((await container().inspect()).State.Health?.Status === 'healthy' ? true : undefined), {
    signal: AbortSignal.timeout(MINUTE),
    firstDelayMs: 20,
    maxDelayMs: 100,
  });
  const start = (plan: Plan, look: 'now' | 'last'): Promise<void> =>
    containersWith(plan, { ...facts, healthCommand: ['false'] }).ensureRunning(
      store,
      AbortSignal.timeout(2 * SECOND),
      () => undefined,
      look,
    );

  await start(aPlan(500), 'last');
  await expect(start(aPlan(500), 'now')).rejects.toThrow();
  // Limits that are not its plan's: it is brought up like any other.
  await expect(start(aPlan(250), 'last')).rejects.toThrow();
  await untilLookedAnew();
  await container().pause();
  await expect(start(aPlan(250), 'last')).rejects.toThrow();
});
