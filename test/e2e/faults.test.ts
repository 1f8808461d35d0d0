import { randomUUID } from 'node:crypto';
import { chmod, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../src/adapters/process/run-command.ts';
import { containerOf } from '../../src/domain/names.ts';
import { STEP_NAMES } from '../../src/domain/run.ts';
import { MINUTE, SECOND } from '../../src/lib/time.ts';
import type { StoreView } from '../../src/stores/present-store.ts';
import { startPlatform, type TestPlatform } from './platform.ts';
import { until } from './until.ts';
import {
  killWorkersAt,
  missesDuring,
  untilAllDone,
  untilServed,
  untilTwoWorkers,
  untilVerdict,
  whileWorkersPause,
} from './workers.ts';
import { tracesOf } from './world-snapshot.ts';

const SHOPCTL_FOLDER = fileURLToPath(new URL('../../bin', import.meta.url));

/** Two worker processes: one dies, the other or its successor goes on. */
let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform(1, { WORKER_PROCESSES: '2', WORKER_CONCURRENCY: '4' });
});
afterAll(() => platform?.destroy());

async function writeImages(id: string, images: object): Promise<void> {
  const { kysely } = platform.adapters.database;
  await sql`UPDATE stores SET images_json = ${JSON.stringify(images)} WHERE id = ${id}`.execute(kysely);
}

/** Puts the right images back, tries again, and waits until the store is active. */
async function retryWith(store: StoreView, images: object): Promise<void> {
  await whileWorkersPause(platform, async () => {
    await writeImages(store.id, images);
    await platform.adapters.containers.remove(store, AbortSignal.timeout(MINUTE));
    await platform.adapters.composeFiles.write(await platform.adapters.repositories.stores.get(store.id));
    await platform.ok('store', 'retry', store.id);
  });
  await platform.settled(store.id, ['active']);
}

/** The same image, but what it starts says no. */
async function brokenImage(like: string): Promise<{ id: string; remove: () => Promise<void> }> {
  const { docker } = platform.adapters;
  const container = await docker.createContainer({ Image: like, Entrypoint: ['/bin/false'], User: '65534' });
  const { Id } = (await container.commit()) as { Id: string };
  await container.remove();
  return { id: Id, remove: () => docker.getImage(Id).remove() };
}

const redis = () => platform.adapters.docker.getContainer(`shophosting-${platform.config.instanceId}-redis`);
const mysql = () => platform.adapters.docker.getContainer(`shophosting-${platform.config.instanceId}-mysql`);
const redisFolder = (): string => join(platform.config.dataDir, 'redis');

/** What is done inside, the supervisor finds done: it starts nothing in the middle of it. */
async function whileNobodyKeepsServicesUp(act: () => Promise<void>): Promise<void> {
  platform.up.kill('SIGSTOP');
  try {
    await act();
  } finally {
    platform.up.kill('SIGCONT');
  }
}

async function passwordOf(store: StoreView): Promise<string> {
  const { admin } = (await platform.ok('store', 'credentials', store.id)) as { admin: { password: string } };
  return admin.password;
}

/** As the engine tells them apart. */
const containersOf = (store: StoreView): Promise<string[]> =>
  Promise.all(
    ['web', 'db', 'cache'].map(
      async (service) => (await platform.adapters.docker.getContainer(containerOf(store, service)).inspect()).Id,
    ),
  );

/** Asks for a repair, and waits until a worker has done every step of it. */
async function untilRepaired(store: StoreView): Promise<void> {
  const { run: before } = await platform.store(store.id);
  await platform.ok('store', 'repair', store.id);
  await until(async () => {
    const { run } = await platform.store(store.id);
    return run?.id !== before?.id && run?.steps.every(({ status }) => status === 'done') ? true : undefined;
  });
}

describe('workers that are killed', () => {
  test.each(STEP_NAMES)(
    'at %s, making and deleting: active without a hand, then gone without a trace',
    async (step) => {
      await untilTwoWorkers(platform);
      const store = await platform.createStore(`kill-${step}`, { wait: false });
      await killWorkersAt(platform, store.id, { step, kind: 'started' });

      // The store is active a moment before the last step is: a worker killed in between leaves that to its successor.
      const active = await untilAllDone(platform, store.id);

      expect((await platform.visit(active.url)).status).toBe(200);
      expect(await passwordOf(active)).toMatch(/^\S{16,}$/);

      await untilTwoWorkers(platform);
      await platform.ok('store', 'delete', store.id, '--yes');
      await killWorkersAt(platform, store.id, { step, kind: 'undone' });
      await platform.gone(store.id);
      expect(await tracesOf(platform, store)).toEqual({});
    },
  );
});

describe('with a store that serves', () => {
  let store: StoreView;
  beforeAll(async () => {
    await untilTwoWorkers(platform);
    store = await platform.createStore('steady');
  });

  test('a repair of a healthy store recreates and upgrades nothing', async () => {
    const before = await containersOf(store);
    const password = await passwordOf(store);

    await untilRepaired(store);

    expect(await containersOf(store)).toEqual(before);
    expect(await passwordOf(store)).toBe(password);
    expect((await platform.store(store.id)).versions).toEqual(store.versions);
  });

  test('a database container that is killed comes back, its neighbours never notice', async () => {
    const neighbour = await platform.createStore('neighbour');
    const misses = await missesDuring(platform, [neighbour], async () => {
      await platform.adapters.docker.getContainer(containerOf(store, 'db')).kill({ signal: 'SIGKILL' });
      await untilServed(platform, store);
    });

    expect(misses).toBe(0);
    await platform.ok('store', 'delete', neighbour.id, '--yes', '--wait');
  });

  test('containers that somebody removed are made again, the data is still there', async () => {
    const { docker } = platform.adapters;
    await docker.getContainer(containerOf(store, 'web')).remove({ force: true });
    await untilServed(platform, store);
    expect((await platform.visit(store.url)).body).toContain('Shop steady');
  });

  test('Redis killed and its data wiped: a store accepted meanwhile still gets active', async () => {
    await whileNobodyKeepsServicesUp(async () => {
      await redis().stop();
      await rm(redisFolder(), { recursive: true });
    });

    const made = await platform.createStore('no-redis', { wait: false });
    await platform.settled(made.id, ['active']);

    await platform.untilReady();
    await platform.ok('store', 'delete', made.id, '--yes', '--wait');
  });

  test('the folder of Redis deleted under it, or just before it starts: told, and put right by itself', async () => {
    const told = 'its folder was taken away from under it';
    const toldBefore = platform.output().split(told).length;
    await rm(redisFolder(), { recursive: true });
    await until(async (see) => {
      see(platform.output());
      return platform.output().split(told).length > toldBefore ? true : undefined;
    }, MINUTE);
    await platform.untilReady();
    expect(await readdir(redisFolder())).toEqual(['appendonlydir']);

    // The engine makes what is missing itself, but of root: Redis ends at once, again and again.
    await whileNobodyKeepsServicesUp(async () => {
      await redis().stop();
      await rm(redisFolder(), { recursive: true });
      await redis().start();
    });
    await until(async () => ((await redis().inspect()).RestartCount > 0 ? true : undefined), MINUTE, 20);
    await platform.untilReady(MINUTE);
    expect(await readdir(redisFolder())).toEqual(['appendonlydir']);
  });

  test('MySQL killed in the middle of making a store: it gets active, the shops serve on', async () => {
    const made = await platform.createStore('no-mysql', { wait: false });
    await until(async () => ((await platform.store(made.id)).status === 'provisioning' ? true : undefined));
    await mysql().kill({ signal: 'SIGKILL' });

    expect((await platform.visit(store.url)).status).toBe(200);
    await platform.untilReady();
    await platform.settled(made.id, ['active']);
    await platform.ok('store', 'delete', made.id, '--yes', '--wait');
  });

  test(
    'MySQL over an emptied folder: no store loses anything, doctor knows the cure, and with the old one work goes on',
    async () => {
      const { tasks } = platform.adapters.repositories;
      const folder = join(platform.config.dataDir, 'mysql');
      const exchange = (act: () => Promise<void>) =>
        whileNobodyKeepsServicesUp(async () => {
          await mysql().stop();
          await act();
        });
      const known = async () => {
        const checks = (await platform.cli('doctor')).json['checks'] as { name: string; status: string; fix: string }[];
        return checks.find(({ name }) => name === 'known-database');
      };
      const told = async (text: string) =>
        (await readFile(join(platform.config.dataDir, 'logs/worker.log'), 'utf8')).split(text).length;
      const [strangeBefore, againBefore] = [await told('is not the database'), await told('is known again')];
      const before = await containersOf(store);

      await exchange(() => rename(folder, `${folder}-aside`));
      await platform.ok('migrate');
      await until(async () => ((await platform.workerPids()).length === 2 ? true : undefined), MINUTE);
      await until(async () => ((await told('is not the database')) >= strangeBefore + 2 ? true : undefined), MINUTE);

      expect(await known()).toMatchObject({ status: 'fail', fix: expect.stringContaining('shopctl database accept') });
      expect((await platform.cli('status')).exitCode).not.toBe(0);
      expect((await platform.visit(store.url)).status).toBe(200);
      expect(await containersOf(store)).toEqual(before);
      await expect(platform.adapters.edge.apply(AbortSignal.timeout(MINUTE))).rejects.toMatchObject({
        code: 'database_unavailable',
      });
      // Nobody has so much as begun to look for what is missing.
      for (const chore of ['orphans', 'routes', 'compiledCode'] as const) {
        expect(await tasks.ranAt(chore)).toBeUndefined();
      }

      await exchange(async () => {
        await rm(folder, { recursive: true });
        await rename(`${folder}-aside`, folder);
      });
      await until(async () => ((await told('is known again')) >= againBefore + 2 ? true : undefined), 2 * MINUTE);
      await platform.untilReady();
      expect(await known()).toMatchObject({ status: 'ok' });
      await untilRepaired(store);
      expect(await containersOf(store)).toEqual(before);
      expect((await platform.visit(store.url)).status).toBe(200);
    },
    6 * MINUTE,
  );

  test('a file that nginx refuses fails only the store at fault', async () => {
    const { kysely } = platform.adapters.database;
    // A host name that no input could get past the edge of the platform: as if a bug had let it in. Of a store that was
    // never open the worker would look at no such row; so it was once.
    const made = await whileWorkersPause(platform, async () => {
      const created = await platform.createStore('refused', { wait: false });
      await sql`UPDATE domains SET hostname = ${'bad;host{.localhost'} WHERE store_id = ${created.id}`.execute(kysely);
      await sql`UPDATE stores SET active_at = created_at WHERE id = ${created.id}`.execute(kysely);
      return created;
    });

    const failed = await untilVerdict(platform, made);

    expect(failed).toMatchObject({ status: 'failed', error: { step: 'route-traffic' } });
    expect((await platform.visit(store.url)).status).toBe(200);
    await sql`UPDATE domains SET hostname = ${'refused.localhost'} WHERE store_id = ${made.id}`.execute(kysely);
    await platform.ok('store', 'retry', made.id);
    const active = await platform.settled(made.id, ['active']);
    expect((await platform.visit(active.url)).status).toBe(200);
    await platform.ok('store', 'delete', made.id, '--yes', '--wait');
  });

  test('a container that never gets healthy: failed with its log, and a retry that works', async () => {
    const { images } = await platform.adapters.repositories.stores.get(store.id);
    // Its database can never start: an image whose program ends at once.
    const broken = await brokenImage(images['db'] ?? '');
    const made = await whileWorkersPause(platform, async () => {
      const created = await platform.createStore('unhealthy', { wait: false });
      await writeImages(created.id, { ...images, db: broken.id });
      return created;
    });

    const failed = await untilVerdict(platform, made);

    expect(failed).toMatchObject({ status: 'failed', error: { step: 'start-containers', retryable: true } });
    expect((await platform.cli('store', 'logs', made.id)).stdout).toContain('start-containers');
    const told = join(platform.config.dataDir, 'outbox', `failed-${failed.run?.id}-1.eml`);
    const mail = await until(() => readFile(told, 'utf8').catch(() => undefined), MINUTE);
    expect(mail).toContain('To: unhealthy@example.com');
    await retryWith(made, images);
    await platform.ok('store', 'delete', made.id, '--yes', '--wait');
    await broken.remove();
  });

  test('an image that is not there: failed with the cure, and a retry that works once it is', async () => {
    const { images } = await platform.adapters.repositories.stores.get(store.id);
    const made = await whileWorkersPause(platform, async () => {
      const created = await platform.createStore('no-image', { wait: false });
      await writeImages(created.id, { ...images, cache: `sha256:${'0'.repeat(64)}` });
      return created;
    });

    const failed = await untilVerdict(platform, made);

    expect(failed).toMatchObject({ status: 'failed', error: { step: 'start-containers', code: 'image_missing' } });
    expect(failed.error?.hint).toContain('shopctl images prepare');
    await retryWith(made, images);
    await platform.ok('store', 'delete', made.id, '--yes', '--wait');
  });

  test('one that was never begun, and one that failed, are deleted without a trace, also when workers die over it', async () => {
    const { images } = await platform.adapters.repositories.stores.get(store.id);
    const [unbegun, doomed] = await whileWorkersPause(platform, async () => {
      const pending = await platform.createStore('unbegun', { wait: false });
      await platform.ok('store', 'delete', pending.id, '--yes');
      const created = await platform.createStore('doomed', { wait: false });
      await writeImages(created.id, { ...images, cache: `sha256:${'0'.repeat(64)}` });
      return [pending, created] as const;
    });
    expect(unbegun.status).toBe('pending');
    await platform.gone(unbegun.id);
    expect(await tracesOf(platform, unbegun)).toEqual({});

    expect((await untilVerdict(platform, doomed)).status).toBe('failed');
    await untilTwoWorkers(platform);
    await platform.ok('store', 'delete', doomed.id, '--yes');
    await killWorkersAt(platform, doomed.id, { step: 'start-containers', kind: 'undone' });
    await platform.gone(doomed.id);
    expect(await tracesOf(platform, doomed)).toEqual({});
  });

  test('the whole machine stopped and started, MySQL last: everything is back by itself', async () => {
    const { docker } = platform.adapters;
    const filters = JSON.stringify({ label: [`shophosting.instance=${platform.config.instanceId}`] });
    const all = await docker.listContainers({ filters });
    const isMysql = ({ Names }: { Names: string[] }): boolean => Names.some((name) => name.endsWith('-mysql'));
    await Promise.all(
      all.map(({ Id }) =>
        docker
          .getContainer(Id)
          .kill({ signal: 'SIGKILL' })
          .catch(() => undefined),
      ),
    );
    await Promise.all(
      all.map(({ Id }) =>
        docker
          .getContainer(Id)
          .stop({ t: 0 })
          .catch(() => undefined),
      ),
    );
    for (const { Id } of all.toSorted((a, b) => Number(isMysql(a)) - Number(isMysql(b)))) {
      await docker
        .getContainer(Id)
        .start()
        .catch(() => undefined);
    }
    await untilServed(platform, store);
    await platform.untilReady();
  });

  test('the same name twice at the same moment: one store, one conflict', async () => {
    const name = `twin-${randomUUID().slice(0, 8)}`;
    const args = ['store', 'create', '--platform', 'wordpress', '--name', name, '--email', 'twin@example.com'];
    const results = await Promise.all([platform.cli(...args), platform.cli(...args)]);
    expect(results.map(({ exitCode }) => exitCode).toSorted()).toEqual([0, 5]);
    await platform.ok('store', 'delete', name, '--yes', '--wait');
  });
});

describe('an operator who follows the doctor', () => {
  /** Types the fix as it is printed. The only shell of the whole project, and it is the operator's. */
  async function type(fix: string): Promise<void> {
    const path = `${SHOPCTL_FOLDER}:/usr/sbin:/usr/bin:/sbin:/bin`;
    await runCommand({ path: '/bin/bash' }, ['-c', fix], {
      env: { ...platform.settings, PATH: path },
      timeoutMs: 3 * MINUTE,
    });
  }

  async function diagnose(): Promise<{ exitCode: number; failing: Record<string, string> }> {
    const { exitCode, json } = await platform.cli('doctor');
    const checks = json['checks'] as { name: string; status: string; fix: string | null }[];
    const failing = checks.filter(({ status }) => status === 'fail').map(({ name, fix }) => [name, fix ?? '']);
    return { exitCode, failing: Object.fromEntries(failing) as Record<string, string> };
  }

  const untilWell = (): Promise<true> =>
    until(async () => ((await diagnose()).exitCode === 0 ? true : undefined), 3 * MINUTE, SECOND);

  test('no right to write the folder of the stores', async () => {
    await chmod(join(platform.config.customersDir, 'stores'), 0o000);
    const { exitCode, failing } = await diagnose();
    expect([exitCode, Object.keys(failing)]).toEqual([7, ['store-folders']]);
    await type(failing['store-folders'] ?? '');
    await untilWell();
  });

  test(
    'Ctrl-C ends the platform cleanly and the shops keep serving; nobody works and no database answers',
    async () => {
      const store = await platform.store('steady');
      const ended = new Promise<number | null>((resolve) => platform.up.once('exit', resolve));
      platform.up.kill('SIGINT');
      expect(await ended).toBe(0);
      expect((await platform.visit(store.url)).status).toBe(200);

      const { exitCode, failing } = await diagnose();

      expect([exitCode, Object.keys(failing)]).toEqual([7, expect.arrayContaining(['database', 'redis', 'worker'])]);
      await type(failing['database'] ?? '');
      await untilWell();
    },
    5 * MINUTE,
  );

  test(
    'containers that do not start',
    async () => {
      const store = await platform.store('steady');
      const pids = await platform.workerPids();
      for (const pid of pids) process.kill(pid, 'SIGSTOP'); // Or the health watch would be quicker than any operator.
      await platform.adapters.docker.getContainer(containerOf(store, 'db')).stop({ t: 0 });
      const { failing } = await diagnose();
      for (const pid of pids) process.kill(pid, 'SIGCONT');
      expect(Object.keys(failing)).toContain('store-containers');
      await type(failing['store-containers'] ?? '');
      await untilServed(platform, store);
      await untilWell();
      await type('shopctl down');
    },
    5 * MINUTE,
  );
});
