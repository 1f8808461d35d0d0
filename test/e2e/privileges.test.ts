import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { findSystemUser } from '../../src/adapters/filesystem/find-system-user.ts';
import { openDatabase } from '../../src/adapters/mysql/open-database.ts';
import { withoutRights } from '../../src/adapters/process/start-program.ts';
import { createActions } from '../../src/app/actions.ts';
import { webConfigOf } from '../../src/app/web-config-of.ts';
import type { StoreView } from '../../src/stores/present-store.ts';
import { HOSTILE_WORDS, MARK } from '../fakes/hostile-words.ts';
import { shopctl } from '../fakes/shopctl.ts';
import { type Knock, knockAtInstallers } from './knock.ts';
import { startPlatform, type TestPlatform } from './platform.ts';
import { until } from './until.ts';
import { watchPrograms } from './watch-programs.ts';
import { tracesOf } from './world-snapshot.ts';

/** What would make this file, if any of it was ever run instead of kept as text. */
const CANARY = join(tmpdir(), `canary-${randomUUID().slice(0, 8)}`);
/** One word each for a shell, for wp-cli, for SQL, for a page and for a path. */
const HOSTILE = `--exec=touch ${CANARY} $(touch ${CANARY})`;
const HOSTILE_TOO = `-x;touch ${CANARY}' OR 1=1 -- <script>x</script> ../../etc`;

let platform: TestPlatform;
let store: StoreView;
let programs: Awaited<ReturnType<typeof watchPrograms>>;
let knocks: readonly Knock[];
beforeAll(async () => {
  platform = await startPlatform(2);
  programs = await watchPrograms(platform);
  const knocking = knockAtInstallers(platform, { name: 'diary' });
  try {
    store = await platform.createStore('diary', { title: HOSTILE });
  } finally {
    knocks = await knocking.stop();
  }
});
afterAll(() => platform?.destroy());

interface Credentials {
  readonly admin: { readonly password: string };
  readonly database: { readonly password: string };
}

/** Each command gets so many of the hostile words, the next one the next ones. */
const WORDS_A_LINE = 3;

/** Commands with a place for a word: how they may end with a hostile one there. Most refuse it; some only look. */
function linesWith(storeId: string): { readonly line: readonly string[]; readonly mayEnd: readonly number[] }[] {
  const create = ['store', 'create', '--platform', 'wordpress', '--plan', 'none'];
  const mail = ['store', 'mail', storeId, '--way', 'own', '--from', 'a@example.com'];
  const refusing = [
    [...create, '--email', 'a@example.com', '--name', 'WORD'],
    [...create, '--name', 'never', '--email', 'WORD'],
    [...create, '--name', 'never', '--email', 'a@example.com', '--domain', 'WORD'],
    ['store', 'create', '--name', 'never', '--email', 'a@example.com', '--platform', 'WORD'],
    ...['show', 'repair', 'retry', 'resume', 'credentials', 'open-admin', 'logs', 'settings', 'undo-delete'].map(
      (action) => ['store', action, 'WORD'],
    ),
    ['store', 'delete', 'WORD', '--yes'],
    ['store', 'suspend', 'WORD', '--reason', 'none'],
    ['store', 'resize', storeId, '--plan', 'WORD'],
    ...['--timezone', '--locale', '--country', '--currency', '--php-upload'].map((option) => [
      ...['store', 'settings', storeId, option],
      'WORD',
    ]),
    [...mail, '--host', 'WORD'],
    [...mail, '--host', 'smtp.example.com', '--port', 'WORD'],
    ['store', 'mail-test', storeId, '--to', 'WORD'],
    ['store', 'logs', storeId, '--service', 'WORD'],
    ['domain', 'add', 'WORD', '--store', storeId],
    ...['check', 'primary', 'remove'].map((action) => ['domain', action, 'WORD']),
    ...['issue', 'renew'].map((action) => ['certificate', action, 'WORD']),
    ['job', 'retry', 'WORD'],
    ['customer', 'show', 'WORD'],
    ['webhook', 'list', 'WORD'],
    ['token', 'list', 'WORD'],
    ['plan', 'set', 'WORD', '--memory-mb', '1024'],
    ['settings', 'set', '--default-plan', 'WORD'],
    ['mail', 'resend', 'WORD'],
    ['mail', 'test', '--to', 'WORD'],
    ['images', 'prepare', 'WORD'],
    ['audit', 'verify', '--checkpoint', 'WORD'],
  ];
  const looking = [
    ['store', 'list', '--search', 'WORD'],
    ['store', 'list', '--customer', 'WORD'],
    ['store', 'logs', storeId, '--service', 'web', '--search', 'WORD'],
    ['audit', 'list', '--target', 'WORD'],
  ];
  return [
    ...refusing.map((line) => ({ line, mayEnd: [1, 2, 3, 5] })),
    ...looking.map((line) => ({ line, mayEnd: [0, 2, 3] })),
  ];
}

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

describe('a store, from its making to its end', () => {
  test('let nobody at its installer, neither by the edge nor at its own port, at any moment of its making', async () => {
    const told = (place: string) => knocks.filter(({ where }) => where.startsWith(place)).map(({ status }) => status);
    const [edge, port] = [told('edge'), told('port')];

    // It was asked at every moment: while it was on its way, when the shop was there behind the edge, and when it was open.
    expect([new Set(edge), new Set(port)]).toEqual([new Set([0, 503, 404]), new Set([0, 404])]);
    expect(Math.min(edge.length, port.filter((status) => status === 404).length)).toBeGreaterThan(10);
    expect(knocks.filter(({ hasForm }) => hasForm)).toEqual([]);
  });

  test('shopctl takes hostile words for what they are, in every place', async () => {
    for (const [name, value] of Object.entries(platform.settings)) vi.stubEnv(name, value);
    const actions = createActions();
    // What is a host name once it is written as one is no hostile word any more.
    const words = HOSTILE_WORDS.filter((word) => !word.startsWith('\uff51'));
    const odd: unknown[] = [];
    let at = 0;
    for (const { line, mayEnd } of linesWith(store.id)) {
      for (let count = 0; count < WORDS_A_LINE; count += 1, at += 1) {
        const typed = line.map((part) => part.replace('WORD', words[at % words.length] ?? ''));
        const { code, stdout, stderr } = await shopctl([...typed, '--json'], actions);
        if (!mayEnd.includes(code) || /internal_error/.test(stdout + stderr)) odd.push([typed, code, stdout, stderr]);
      }
    }
    await actions.close();
    vi.unstubAllEnvs();

    expect(odd).toEqual([]);
    const stores = await platform.adapters.repositories.stores.list();
    expect(stores.map(({ name, status }) => [name, status])).toEqual([['diary', 'active']]);
    expect(existsSync(`/tmp/${MARK}`)).toBe(false);
  });

  test('no shell is started and nothing a customer wrote is an argument, whatever is done to it', async () => {
    const { id } = store;
    expect(JSON.parse((await platform.visit(`${store.url}wp-json/`)).body)).toMatchObject({ name: HOSTILE });
    await platform.ok('store', 'settings', id, `--title=${HOSTILE_TOO}`);
    await until(async () => {
      const { run } = await platform.store(id);
      return run?.kind === 'configure' && run.status === 'done' ? true : undefined;
    });
    await platform.ok('store', 'repair', id, '--wait');
    expect((await platform.visit(store.url)).body).toContain(`-x;touch ${CANARY}`);
    const { admin, database } = (await platform.ok('store', 'credentials', id)) as unknown as Credentials;
    await platform.ok('store', 'suspend', id, `--reason=${HOSTILE}`, `--text=${HOSTILE_TOO}`, '--wait');
    const made = await platform.store(id);
    await platform.ok('store', 'delete', id, '--yes', '--wait');
    const started = await programs.stop();

    const names = new Set(started.map(({ path }) => path.split('/').at(-1)));
    // Each process asks nginx once which version it is, maybe before anybody watched.
    names.delete('nginx');
    expect(names).toEqual(new Set(['setpriv', 'docker-compose']));
    const secrets = [admin.password, database.password];
    const betraying = started.filter(({ argv }) =>
      [CANARY, '--exec', 'OR 1=1', '<script', ...secrets].some((word) => argv.join(' ').includes(word)),
    );
    expect(betraying).toEqual([]);
    expect(existsSync(CANARY)).toBe(false);
    expect(await tracesOf(platform, made)).toEqual({});
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
