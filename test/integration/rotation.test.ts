import { once } from 'node:events';
import { chown, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { makePassword } from '../../src/adapters/crypto/make-password.ts';
import { createDatabaseUsers, type DatabaseServer } from '../../src/adapters/docker/database-users.ts';
import { createDockerClient } from '../../src/adapters/docker/docker-client.ts';
import { createShopCommands } from '../../src/adapters/docker/shop-commands.ts';
import { createSecretFiles } from '../../src/adapters/filesystem/secret-files.ts';
import { containerOf, DATABASE_NAME, DATABASE_USER, directoryOf } from '../../src/domain/names.ts';
import { probeUntil } from '../../src/lib/deadline.ts';
import { MINUTE, SECOND } from '../../src/lib/time.ts';
import { rotateDatabase } from '../../src/provisioning/changes/rotating.ts';
import type { Step } from '../../src/provisioning/step.ts';
import { aRun, aStore, FAKE_STACK } from '../fakes/fake-world.ts';
import { openImages } from '../setup/open-images.ts';
import { DOCKER_SOCKET } from '../setup/places.ts';
import { isHealthy, MEGABYTE, run, UID, untilHealthy } from './as-in-a-store.ts';

const docker = createDockerClient(DOCKER_SOCKET);
const signal = AbortSignal.timeout(9 * MINUTE);
const images: Record<string, string> = {};

beforeAll(async () => {
  for (const { name, id } of await openImages().images.prepare(['mysql', 'mariadb', 'wordpress'], signal))
    images[name] = id;
}, 9 * MINUTE);

const SIGN_IN_BY_PHP = String.raw`
mysqli_report(MYSQLI_REPORT_OFF);
$there = @mysqli_connect('127.0.0.1', $argv[1], stream_get_contents(STDIN), $argv[2]);
echo $there ? 'in' : mysqli_connect_error();`;

const undone: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const undo of undone.splice(0).toReversed()) await undo();
});

/** The `db` service of a store as the worker makes it, but on a network that this process reaches. */
async function aDatabase(server: DatabaseServer) {
  const store = aStore({ id: `sto_rotate${server}${process.pid}`, uid: UID });
  const customersDir = await mkdtemp(join(tmpdir(), 'rotation-'));
  undone.push(() => rm(customersDir, { recursive: true, force: true }));
  const vault = new Map([
    ['db-password', makePassword(24)],
    ['db-root-password', makePassword(24)],
  ]);
  const files = createSecretFiles({ customersDir, layoutOf: () => FAKE_STACK.services });
  await files.write(store, Object.fromEntries(vault));
  const folder = join(customersDir, directoryOf(store));
  const data = join(folder, 'data');
  await mkdir(data);
  await chown(data, UID, UID);
  const container = await docker.createContainer({
    name: containerOf(store, 'db'),
    Image: images[server] ?? '',
    User: `${UID}:${UID}`,
    Env: [`DB_NAME=${DATABASE_NAME}`, `DB_USER=${DATABASE_USER}`],
    Labels: { 'shophosting.test': '1' },
    HostConfig: {
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      Memory: 384 * MEGABYTE,
      Binds: [`${join(folder, 'secrets', 'db')}:/run/secrets/shop:ro`, `${data}:/var/lib/mysql`],
      Tmpfs: { '/tmp': '', '/run/mysqld': `size=1m,mode=0700,uid=${UID},gid=${UID}` },
    },
  });
  undone.push(() => container.remove({ force: true, v: true }));
  await container.start();
  await untilHealthy(container.id);

  const signIn = async (password: string): Promise<void> => {
    const { NetworkSettings } = await container.inspect();
    const connection = await mysql.createConnection({
      host: NetworkSettings.Networks['bridge']?.IPAddress ?? '',
      user: DATABASE_USER,
      database: DATABASE_NAME,
      password,
      connectTimeout: 5 * SECOND,
    });
    await connection.query('SELECT 1');
    connection.destroy();
  };
  /** Not every client tries the second of two methods that a server offers: shops come by PHP. */
  const signInByPhp = async (password: string): Promise<string> => {
    const php = await docker.createContainer({
      Image: images['wordpress'] ?? '',
      User: `${UID}:${UID}`,
      Entrypoint: ['sleep', 'infinity'],
      Labels: { 'shophosting.test': '1' },
      HostConfig: { NetworkMode: `container:${container.id}`, CapDrop: ['ALL'], Memory: 128 * MEGABYTE },
    });
    try {
      await php.start();
      return (await run(php.id, ['php', '-r', SIGN_IN_BY_PHP, DATABASE_USER, DATABASE_NAME], password)).output;
    } finally {
      await php.remove({ force: true });
    }
  };
  const isRefused = (password: string): Promise<boolean> =>
    signIn(password).then(
      () => false,
      (error: { code?: string }) => error.code === 'ER_ACCESS_DENIED_ERROR',
    );
  const steps = (): readonly Step[] =>
    rotateDatabase({
      vault: {
        read: async (_id, name) => vault.get(name),
        nextOf: async (name, make) => {
          if (vault.get('replaced') === name) return undefined;
          const next = vault.get('next') ?? make();
          vault.set('next', next);
          return next;
        },
        replace: async (name) => {
          const next = vault.get('next');
          if (next === undefined) return;
          vault.set(name, next);
          vault.set('replaced', name);
          vault.delete('next');
        },
      },
      makers: { 'db-password': () => makePassword(24), 'admin-password': () => makePassword(24) },
      secretFiles: files,
      mountedSecretsOf: () => ['db-root-password', 'db-password'],
      database: createDatabaseUsers({
        docker,
        rootPasswordOf: async () => vault.get('db-root-password') ?? '',
        serverOf: () => server,
      }),
      shop: {
        resetAdmin: () => Promise.reject(new Error('not asked for')),
        revokeAdminLinks: () => Promise.reject(new Error('not asked for')),
        readSecrets: async () => undefined,
      },
      graceMs: SECOND / 2,
      outbox: { enqueue: async () => undefined },
      links: { pageOf: () => 'https://panel.test', urlOf: () => 'https://shop.test' },
      now: () => new Date(),
    });
  const perform = async (step: Step): Promise<void> => {
    const lease = { storeId: store.id, runId: 'run_1', owner: 'test', fence: 1 };
    const context = { lease, signal, run: aRun(() => 'waiting', 'rotate-database'), log: () => undefined };
    await step.ensure(store, context);
  };
  return {
    store,
    id: container.id,
    vault,
    steps,
    perform,
    signIn,
    signInByPhp,
    isRefused,
    /** As PHP does: at each request the password that stands in the file now. */
    visit: async () => signIn(await readFile(join(folder, 'secrets', 'db', 'db-password'), 'utf8')),
    restart: async () => {
      await container.restart();
      await probeUntil(async () => ((await isHealthy(container.id)) ? true : undefined), {
        signal,
        firstDelayMs: 50,
        maxDelayMs: 250,
      });
    },
  };
}

const passwordIn = (vault: Map<string, string>): string => vault.get('db-password') ?? '';

describe.each<DatabaseServer>(['mysql', 'mariadb'])('a new password of a database on %s', (server) => {
  test('is taken without one refused request, and then the old one is refused', async () => {
    const { vault, steps, perform, visit, signIn, isRefused, id, restart } = await aDatabase(server);
    const old = passwordIn(vault);
    const over = new AbortController();
    let visits = 0;
    const refusals: unknown[] = [];
    const visitor = (async () => {
      while (!over.signal.aborted) {
        await visit().then(
          () => (visits += 1),
          (error: unknown) => refusals.push(error),
        );
      }
    })();

    for (const step of steps()) {
      await perform(step);
      const before = visits;
      await probeUntil(async () => (visits + refusals.length > before + 1 ? true : undefined), {
        signal,
        firstDelayMs: 20,
        maxDelayMs: 100,
      });
    }
    over.abort();
    await visitor;

    expect(refusals).toEqual([]);
    expect(visits).toBeGreaterThan(steps().length);
    expect(passwordIn(vault)).not.toBe(old);
    await signIn(passwordIn(vault));
    expect([await isRefused(old), await isRefused('')]).toEqual([true, true]);
    expect(await isHealthy(id)).toBe(true);
    const { output } = await run(id, ['sh', '-c', 'cat /proc/[0-9]*/cmdline /run/mysqld/health.cnf']);
    expect(output).not.toContain(old);

    await restart();
    await signIn(passwordIn(vault));
    expect(await isRefused(old)).toBe(true);
  });

  test('waits for what an earlier worker has left behind, and is not undone by it', async () => {
    const { store, id, vault, steps, perform, isRefused } = await aDatabase(server);
    const old = passwordIn(vault);
    const users = createDatabaseUsers({
      docker,
      rootPasswordOf: async () => vault.get('db-root-password') ?? '',
      serverOf: () => server,
    });
    // As one whose worker is gone, and which has not ended yet.
    const left = await docker.getContainer(id).exec({
      Cmd: ['flock', '/tmp/database-users.lock', 'sh', '-c', 'echo held; cat'],
      AttachStdin: true,
      AttachStdout: true,
    });
    const held = await left.start({ hijack: true, stdin: true });
    await once(held, 'data');
    // As long as one cares to wait: it is not done meanwhile.
    await expect(users.acceptOnly(store, old, AbortSignal.timeout(2 * SECOND))).rejects.toThrow();
    const [first] = steps();
    if (first !== undefined) await perform(first);
    const waiting = users.acceptBoth(store, { before: old, next: vault.get('next') ?? '' }, signal);
    held.resume().end();
    await once(held, 'end');
    await waiting;

    for (const step of steps()) await perform(step);
    expect(await isRefused(old)).toBe(true);
  });

  test('a guest who is dismissed is gone with the statement that he has begun', async () => {
    const { store, id, vault } = await aDatabase(server);
    const users = createDatabaseUsers({
      docker,
      rootPasswordOf: async () => vault.get('db-root-password') ?? '',
      serverOf: () => server,
    });
    await users.admit(store, { username: 'panel', password: 'guest12345' }, signal);
    const { NetworkSettings } = await docker.getContainer(id).inspect();
    const connection = await mysql.createConnection({
      host: NetworkSettings.Networks['bridge']?.IPAddress ?? '',
      user: 'panel',
      database: DATABASE_NAME,
      password: 'guest12345',
    });
    const ended = connection.query('SELECT SLEEP(300)').then(
      () => 'ran on',
      () => 'ended',
    );
    await users.dismiss(store, 'panel', signal);

    expect(await ended).toBe('ended');
    connection.destroy();
  });

  test('survives a server that starts anew half-way, and every step twice', async () => {
    const { vault, steps, perform, visit, signIn, signInByPhp, isRefused, id, restart } = await aDatabase(server);
    const old = passwordIn(vault);
    for (const cutAfter of ['accept-both-passwords', 'hand-out-password']) {
      for (const step of steps()) {
        await perform(step);
        await visit();
        if (step.name === cutAfter) break;
      }
      for (const password of [old, vault.get('next') ?? '']) expect(await signInByPhp(password)).toBe('in');
      await restart();
      await visit();
    }

    for (const step of steps()) {
      await perform(step);
      await perform(step);
      await visit();
    }

    await signIn(passwordIn(vault));
    expect(await isRefused(old)).toBe(true);
    expect(await isHealthy(id)).toBe(true);
  });
});

test('a program that the image of an old shop does not have is told from one that fails', async () => {
  const { store } = await aDatabase('mysql');
  const ask = (...argv: string[]) =>
    createShopCommands({ docker }).runIfThere(store, { service: 'db', argv, input: {} }, signal);

  expect(await ask('/usr/local/bin/shop-admin-link')).toBeUndefined();
  await expect(ask('false')).rejects.toMatchObject({ code: 'shop_command_failed' });
  await expect(ask('sh', '-c', 'exit 127')).rejects.toMatchObject({ code: 'shop_command_failed' });
});
