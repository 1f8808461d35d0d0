import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDockerClient } from '../../../src/adapters/docker/docker-client.ts';
import { createImageStore } from '../../../src/adapters/docker/images/image-store.ts';
import { networkNameOf, type PlatformService } from '../../../src/adapters/docker/platform-service-specs.ts';
import { createPlatformServices } from '../../../src/adapters/docker/platform-services.ts';
import { withLock } from '../../../src/adapters/host/exclusive-lock.ts';
import { createHost } from '../../../src/adapters/host/host.ts';
import { isPortFree } from '../../../src/adapters/host/is-port-free.ts';
import { openDatabase, waitForDatabase } from '../../../src/adapters/mysql/index.ts';
import { createDoorbell } from '../../../src/adapters/redis/doorbell.ts';
import { prepareConfig } from '../../../src/config/load-config.ts';
import { packageRoot } from '../../../src/lib/package-root.ts';
import { programsOf } from '../../../src/stacks/programs-of.ts';

const docker = createDockerClient('/var/run/docker.sock');
const silent = (): void => undefined;
const host = createHost({ onProgress: silent });
const signal = AbortSignal.timeout(900_000);
let dataDir: string;
let config: Awaited<ReturnType<typeof prepareConfig>>;
const imageIds = new Map<string, string>();

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'shophosting-services-'));
  config = await prepareConfig(isPortFree, {
    env: { DATA_DIR: dataDir, STORE_SUBNETS: '10.233.0.0/16' },
    workingFolder: dataDir,
  });
  await host.ensureSystemUser('shophosting', signal);
  const images = createImageStore({
    docker,
    dataDir,
    artifactsDir: config.artifactsDir,
    artifacts: { find: async () => undefined, unpacked: () => Promise.reject(new Error('not needed')) },
    apt: host.apt,
    withLock,
    imageRefs: {},
    environment: 'test',
    programsOf,
    packageRoot: packageRoot(),
    onProgress: silent,
  });
  for (const { name, id } of await images.prepare(['mysql', 'redis'], signal)) imageIds.set(name, id ?? '');
});
afterAll(async () => {
  await services().remove(signal);
  rmSync(dataDir, { recursive: true, force: true });
});

function services(overrides: { adminPassword?: string; storeSubnets?: string; engine?: typeof docker } = {}) {
  const { mysql, redis } = config;
  return createPlatformServices({
    docker: overrides.engine ?? docker,
    settings: {
      instanceId: config.instanceId,
      dataDir,
      storeSubnets: overrides.storeSubnets ?? config.storeSubnets,
      mysql: {
        port: mysql.port,
        rootPassword: mysql.rootPassword ?? '',
        admin: { user: 'shophosting_admin', password: overrides.adminPassword ?? mysql.admin?.password ?? '' },
      },
      redis: { port: redis.port, password: redis.password ?? '' },
    },
    findUser: () => host.ensureSystemUser('shophosting', signal),
    imageIdOf: async (name) => imageIds.get(name) ?? '',
    onProgress: silent,
  });
}

const inspect = (service: PlatformService) =>
  docker.getContainer(`shophosting-${config.instanceId}-${service}`).inspect();
const address = () => ({ ...config.mysql, user: 'shophosting_admin', password: config.mysql.admin?.password ?? '' });

test('MySQL and Redis come up with the profile of stores, on loopback only, and answer with their passwords', async () => {
  await services().ensure(signal);

  await waitForDatabase({ ...address(), database: 'mysql' }, AbortSignal.timeout(10_000));
  const doorbell = createDoorbell(config.redis);
  expect(await doorbell.ping()).toMatchObject({ appendOnly: true, evictionPolicy: 'noeviction' });
  await doorbell.close();
  for (const service of ['mysql', 'redis'] as const) {
    const { HostConfig: host, Config } = await inspect(service);
    expect(Config.User).toMatch(/^[1-9]\d*:\d+$/);
    expect(Config.Labels).toMatchObject({ 'shophosting.instance': config.instanceId, 'shophosting.service': service });
    expect(host).toMatchObject({ ReadonlyRootfs: true, CapDrop: ['ALL'], RestartPolicy: { Name: 'unless-stopped' } });
    expect(host.SecurityOpt).toContain('no-new-privileges');
    expect(Object.values(host.PortBindings as Record<string, { HostIp: string }[]>).flat()).toMatchObject([
      { HostIp: '127.0.0.1' },
    ]);
    expect(JSON.stringify(Config)).not.toContain(config.redis.password);
    expect(statSync(join(dataDir, service)).mode & 0o777).toBe(0o700);
  }
});

test('again: nothing is touched', async () => {
  const before = await Promise.all([inspect('mysql'), inspect('redis')]);

  await services().ensure(signal);

  const after = await Promise.all([inspect('mysql'), inspect('redis')]);
  expect(after.map(({ Id, State }) => [Id, State.StartedAt])).toEqual(
    before.map(({ Id, State }) => [Id, State.StartedAt]),
  );
  expect(await services().areRunning()).toBe(true);
});

test('a kill -9 of MySQL loses nothing', async () => {
  const database = openDatabase({ ...address(), database: 'mysql', poolSize: 1 });
  await database.kysely.schema.createTable('kept').ifNotExists().addColumn('word', 'varchar(10)').execute();
  await database.close();
  const killed = (await inspect('mysql')).State.Pid;
  process.kill(killed, 'SIGKILL');

  await expect.poll(async () => (await inspect('mysql')).State.Pid, { timeout: 20_000 }).not.toBe(killed);
  await services().ensure(signal);

  const again = openDatabase({ ...address(), database: 'mysql', poolSize: 1 });
  expect((await again.kysely.introspection.getTables()).map(({ name }) => name)).toContain('kept');
  await again.close();
});

test('a changed password makes the container again over the same data; one that is lost is put right by the next start', async () => {
  const before = await inspect('mysql');

  await services({ adminPassword: 'another-password-for-today' }).ensure(signal);

  await waitForDatabase(
    { ...address(), password: 'another-password-for-today', database: 'mysql' },
    AbortSignal.timeout(10_000),
  );
  expect((await inspect('mysql')).Id).not.toBe(before.Id);
  await services().ensure(signal);
  await waitForDatabase({ ...address(), database: 'mysql' }, AbortSignal.timeout(10_000));
});

test('stopped they stay stopped, and come back', async () => {
  await services().stop(signal);
  expect([(await inspect('mysql')).State.Running, (await inspect('redis')).State.Running]).toEqual([false, false]);
  expect(await services().areRunning()).toBe(false);
  expect((await services().state('mysql'))?.isRunning).toBe(false);

  await services().ensure(signal);

  expect(await services().areRunning()).toBe(true);
});

describe('the folder of Redis', () => {
  const folder = () => join(dataDir, 'redis');
  const redis = () => docker.getContainer(`shophosting-${config.instanceId}-redis`);
  /** Its own, with what it keeps. */
  async function expectToKeep(): Promise<void> {
    expect(statSync(folder()).uid).toBeGreaterThan(0);
    expect(readdirSync(folder())).toEqual(['appendonlydir']);
    expect(await services().areRunning()).toBe(true);
  }

  test('deleted under it: seen, and it begins anew; MySQL is left alone', async () => {
    const kept = services();
    await kept.ensure(signal);
    expect(await kept.areRunning()).toBe(true);
    const before = (await inspect('mysql')).State.StartedAt;
    rmSync(folder(), { recursive: true });
    expect(await kept.areRunning()).toBe(false);

    await kept.ensure(signal);

    await expectToKeep();
    expect(await kept.areRunning()).toBe(true);
    expect((await inspect('mysql')).State.StartedAt).toBe(before);
  });

  test('deleted and made again under it: whoever comes next puts it right', async () => {
    rmSync(folder(), { recursive: true });
    mkdirSync(folder());

    await services().ensure(signal);

    await expectToKeep();
  });

  test('missing at a start by the engine, which makes it of root: Redis does not count as running, and is put right', async () => {
    await redis().stop();
    rmSync(folder(), { recursive: true });
    await redis().start();
    await expect.poll(async () => (await inspect('redis')).RestartCount, { timeout: 20_000 }).toBeGreaterThan(2);
    // Not while one of the attempts is under way.
    await expect.poll(() => services().areRunning(), { timeout: 20_000 }).toBe(false);

    await services().ensure(signal);

    await expectToKeep();
  });

  test.each(['before', 'after'])(
    'deleted in the middle of a start, %s the engine has it: that start gets there all the same',
    async (moment) => {
      await redis().stop();
      const remove = () => rmSync(folder(), { recursive: true, force: true });
      let meddled = 0;
      const meddledWith = Object.create(docker) as typeof docker;
      meddledWith.getContainer = (id) => {
        const container = docker.getContainer(id);
        const start = container.start.bind(container);
        container.start = (async () => {
          if (meddled === 0 && moment === 'before') remove();
          await start();
          if (meddled === 0 && moment === 'after') remove();
          meddled += 1;
        }) as typeof start;
        return container;
      };

      await services({ engine: meddledWith }).ensure(AbortSignal.timeout(60_000));

      expect(meddled).toBeGreaterThan(0);
      await expectToKeep();
    },
  );
});

test('addresses that somebody else uses are told with the setting to change', async () => {
  const theirs = await docker.createNetwork({
    Name: `theirs-${config.instanceId}`,
    Labels: { 'shophosting.test': '1' },
    IPAM: { Driver: 'default', Config: [{ Subnet: '10.234.0.0/24' }] },
  });
  const failing = services({ storeSubnets: '10.234.0.0/16' }).ensure(signal);
  await expect(failing).rejects.toMatchObject({
    code: 'subnets_exhausted',
    hint: expect.stringContaining('STORE_SUBNETS'),
  });
  await theirs.remove();

  // The way back: the network is made again, the data is still there.
  await services().ensure(signal);
  expect((await docker.getNetwork(networkNameOf(config.instanceId)).inspect()).IPAM?.Config?.[0]?.Subnet).toBe(
    '10.233.0.0/27',
  );
});

test('removing leaves no container and no network, but the data', async () => {
  await services().remove(signal);

  const filters = JSON.stringify({ label: [`shophosting.instance=${config.instanceId}`] });
  expect(await docker.listContainers({ all: true, filters })).toEqual([]);
  expect(await docker.listNetworks({ filters })).toEqual([]);
  expect(statSync(join(dataDir, 'mysql')).isDirectory()).toBe(true);
});
