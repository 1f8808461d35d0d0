import { spawn } from 'node:child_process';
import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findSystemUser } from '../../src/adapters/filesystem/find-system-user.ts';
import { openDatabase } from '../../src/adapters/mysql/open-database.ts';
import { withoutRights } from '../../src/adapters/process/start-program.ts';
import { webConfigOf } from '../../src/app/web-config-of.ts';
import type { StoreView } from '../../src/stores/present-store.ts';
import { startPlatform, type TestPlatform } from './platform.ts';

let platform: TestPlatform;
let store: StoreView;
beforeAll(async () => {
  platform = await startPlatform(2);
  store = await platform.createStore('diary');
});
afterAll(() => platform?.destroy());

interface Attempt {
  readonly act: 'read' | 'list' | 'write' | 'connect';
  readonly path: string;
}

/** Tries each as the web process could, and tells what came of it: `ok`, or the error's code. */
const PROBE = `
const { readFileSync, readdirSync, openSync } = require('node:fs');
const { connect } = require('node:net');
const ACTS = {
  read: (path) => readFileSync(path),
  list: (path) => readdirSync(path),
  write: (path) => openSync(path, 'a'),
  connect: (path) => new Promise((resolve, reject) => connect(path, resolve).on('error', reject)),
};
(async () => {
  const results = [];
  for (const { act, path } of JSON.parse(process.argv[1])) {
    try { await ACTS[act](path); results.push('ok'); } catch (error) { results.push(error.code); }
  }
  console.log(JSON.stringify(results));
  process.exit();
})();
`;

/** Runs the probe with the very rights of the web process. */
async function asWeb(attempts: readonly Attempt[]): Promise<string[]> {
  const user = await findSystemUser('shophosting-web');
  const child = spawn(
    '/usr/bin/setpriv',
    [...withoutRights(user), '--', process.execPath, '-e', PROBE, JSON.stringify(attempts)],
    { cwd: '/', env: {}, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let printed = '';
  child.stdout.on('data', (chunk) => (printed += String(chunk)));
  await new Promise((resolve) => child.once('close', resolve));
  return JSON.parse(printed) as string[];
}

async function webPid(): Promise<number> {
  const { services } = (await platform.ok('status')) as unknown as { services: { web: { pid: number } } };
  return services.web.pid;
}

/** The web process and those it has forked. */
async function webPids(): Promise<number[]> {
  const first = await webPid();
  const children = await readFile(`/proc/${first}/task/${first}/children`, 'utf8');
  return [first, ...children.split(' ').filter(Boolean).map(Number)];
}

describe('the web process', () => {
  test('runs as its own account: no group, no capability, no way to more rights', async () => {
    const user = await findSystemUser('shophosting-web');

    for (const pid of await webPids()) {
      const status = await readFile(`/proc/${pid}/status`, 'utf8');
      const fact = (name: string): string => new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(status)?.[1] ?? 'absent';
      expect(fact('Uid').split('\t')).toEqual(Array(4).fill(String(user.uid)));
      expect(fact('Gid').split('\t')).toEqual(Array(4).fill(String(user.gid)));
      expect(fact('Groups').trim()).toBe('');
      for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) expect(Number(`0x${fact(set)}`)).toBe(0);
      expect(fact('NoNewPrivs')).toBe('1');
    }
  });

  test('runs a release that root owns and nobody else may change', async () => {
    const releases = join(platform.config.dataDir, 'releases');
    const current = join(releases, await readlink(join(releases, 'current')));

    expect(await readlink(`/proc/${await webPid()}/cwd`)).toBe(current);
    for (const entry of await readdir(current, { recursive: true })) {
      const { uid, mode } = await stat(join(current, entry));
      expect({ entry, uid, writable: (mode & 0o022) !== 0, readable: (mode & 0o044) === 0o044 }).toEqual({
        entry,
        uid: 0,
        writable: false,
        readable: true,
      });
    }
  });

  test('has no secret in its arguments, and in its environment only where its configuration is', async () => {
    const { config } = platform;
    const secrets = [
      config.secretKey,
      config.mysql.rootPassword,
      config.mysql.admin?.password,
      config.mysql.users.worker.password,
      config.mysql.users.migrate.password,
      config.mysql.users.web.password,
      config.redis.password,
    ].filter((secret) => secret !== undefined);

    for (const pid of await webPids()) {
      const seen = await Promise.all(['cmdline', 'environ'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8')));
      expect(secrets.filter((secret) => seen.join('').includes(secret))).toEqual([]);
    }
    const environment = (await readFile(`/proc/${await webPid()}/environ`, 'utf8')).split('\0').filter(Boolean);
    expect(environment.map((line) => line.split('=')[0]).sort()).toEqual([
      'LANG',
      'NODE_ENV',
      'PATH',
      'WEB_CONFIG_FILE',
    ]);
  });

  test('is told neither the sealing key nor another database user', async () => {
    const { config } = platform;
    const told = await readFile(join(config.dataDir, 'run/web/config.json'), 'utf8');

    expect(JSON.parse(told)).toEqual(webConfigOf(config));
    const kept = [
      config.secretKey,
      config.mysql.rootPassword,
      config.mysql.admin?.password,
      config.mysql.users.worker.password,
      config.mysql.users.migrate.password,
    ].filter((secret) => secret !== undefined);
    expect(kept).toHaveLength(5);
    expect(kept.filter((secret) => told.includes(secret))).toEqual([]);
  });

  test('reaches nothing that is not for it, while what is for it can be read', async () => {
    const { dataDir, customersDir, dockerSocket } = platform.config;
    const own = join(dataDir, 'run/web/config.json');
    const closed: Attempt[] = [
      { act: 'connect', path: dockerSocket },
      { act: 'connect', path: join(dataDir, 'run/up.sock') },
      { act: 'list', path: customersDir },
      { act: 'list', path: join(customersDir, 'stores', store.id) },
      { act: 'read', path: join(customersDir, 'stores', store.id, 'compose.yml') },
      { act: 'list', path: join(dataDir, 'edge') },
      { act: 'read', path: join(dataDir, 'edge/current/nginx.conf') },
      { act: 'list', path: join(dataDir, 'secrets') },
      { act: 'read', path: join(dataDir, 'secrets/secret-key') },
      { act: 'read', path: join(dataDir, 'certificates/local-ca/ca.key') },
      { act: 'read', path: join(dataDir, 'certificates/hosts', store.domain, 'privkey.pem') },
      { act: 'list', path: join(dataDir, 'mysql') },
      { act: 'list', path: join(dataDir, 'redis') },
      { act: 'list', path: join(dataDir, 'outbox') },
      { act: 'list', path: join(dataDir, 'logs') },
      { act: 'read', path: join(dataDir, 'logs/worker.log') },
      { act: 'read', path: join(dataDir, 'logs/edge-access.log') },
      { act: 'read', path: `/proc/${(await platform.workerPids())[0]}/environ` },
      { act: 'write', path: own },
      { act: 'write', path: join(dataDir, 'run/web/other') },
      { act: 'write', path: join(dataDir, 'run/workers/other') },
      { act: 'write', path: join(dataDir, 'releases/current/build/web.js') },
      { act: 'write', path: join(dataDir, 'other') },
    ];

    const answers = await asWeb([{ act: 'read', path: own }, ...closed]);

    expect(answers[0]).toBe('ok');
    const open = closed.filter((_attempt, at) => !['EACCES', 'EPERM'].includes(answers[at + 1] ?? ''));
    expect(open).toEqual([]);
  });

  test('can neither read sealed secrets nor change the audit log, in the database', async () => {
    const { mysql, users } = { ...webConfigOf(platform.config), users: platform.config.mysql.users };
    const { kysely, close } = openDatabase({ ...mysql, poolSize: 1 });
    const refused = { code: 'permission_denied' };
    try {
      expect(mysql.user).not.toBe(users.worker.user);
      await expect(kysely.selectFrom('sealed_secrets').selectAll().execute()).rejects.toMatchObject(refused);
      await expect(kysely.updateTable('audit_log').set({ action: 'x' }).execute()).rejects.toMatchObject(refused);
      await expect(kysely.deleteFrom('audit_log').execute()).rejects.toMatchObject(refused);
      await expect(kysely.deleteFrom('stores').execute()).rejects.toMatchObject(refused);
      expect(await kysely.selectFrom('stores').select('name').execute()).toEqual([{ name: 'diary' }]);
    } finally {
      await close();
    }
  });
});

describe('the web process under shopctl', () => {
  test('is started again when it is killed, and restarted when asked', async () => {
    const first = await webPid();
    process.kill(first, 'SIGKILL');
    await expect.poll(webPid, { timeout: 20_000 }).not.toBe(first);

    const second = await webPid();
    await platform.ok('restart', 'web');
    await expect.poll(webPid, { timeout: 20_000 }).not.toBe(second);
  });
});
