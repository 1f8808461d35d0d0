import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createArtifactStore } from '../../src/adapters/artifacts/artifact-store.ts';
import { createDockerClient } from '../../src/adapters/docker/docker-client.ts';
import { buildImage } from '../../src/adapters/docker/images/build-image.ts';
import { createImageStore } from '../../src/adapters/docker/images/image-store.ts';
import { IMAGE_NAMES } from '../../src/adapters/docker/images/release-lines.ts';
import { createApt } from '../../src/adapters/host/apt.ts';
import { withLock } from '../../src/adapters/host/exclusive-lock.ts';
import { pause, probeUntil } from '../../src/lib/deadline.ts';
import { packageRoot } from '../../src/lib/package-root.ts';
import { MINUTE, SECOND } from '../../src/lib/time.ts';
import { programsOf } from '../../src/stacks/programs-of.ts';
import type { ImageName } from '../../src/stacks/stack.ts';
import { ARTIFACTS_DIR, DATA_DIR, DOCKER_SOCKET } from '../setup/places.ts';
import {
  createRoom,
  exitCodeOf,
  isHealthy,
  logOf,
  MEGABYTE,
  run,
  UID,
  untilHealthy,
  writeSecret,
} from './as-in-a-store.ts';

const PREPARE_REDIS = join(packageRoot(), 'test/setup/prepare-redis-image.ts');
const TEST_LABEL = { 'shophosting.test': '1' };
const LABEL = { 'shophosting.image.contract': '1' };
const docker = createDockerClient(DOCKER_SOCKET);
const lines: string[] = [];
const onProgress = (line: string): void => void lines.push(line);
const apt = createApt({ onProgress });
const signal = new AbortController().signal;

let folder: string;
const databases: Record<string, string> = {};
let redis: string;
const { places, start, removeContainers, removeFolders } = createRoom();
const tags: string[] = [];

function storeWith(options: {
  dataDir?: string;
  root?: string;
  refs?: Partial<Record<ImageName, string>>;
  environment?: string;
}) {
  const dataDir = options.dataDir ?? DATA_DIR;
  return createImageStore({
    docker,
    dataDir,
    artifactsDir: ARTIFACTS_DIR,
    artifacts: createArtifactStore({ artifactsDir: ARTIFACTS_DIR, dataDir, apt, onProgress }),
    apt,
    withLock,
    imageRefs: options.refs ?? {},
    environment: options.environment ?? 'test',
    programsOf,
    packageRoot: options.root ?? packageRoot(),
    onProgress,
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'images-test-'));
  await storeWith({}).prepare(['mysql', 'mariadb', 'redis'], signal);
  for (const name of ['mysql', 'mariadb'] as const) databases[name] = await storeWith({}).idOf(name, signal);
  redis = await storeWith({}).idOf('redis', signal);
});
afterEach(async () => {
  await removeContainers();
  for (const tag of tags.splice(0)) await docker.getImage(tag).remove({ force: true });
});
afterAll(async () => {
  await removeFolders();
  await rm(folder, { recursive: true, force: true });
});

const startDatabase = (name: string, at: { data: string; secrets: string }): Promise<string> =>
  start(databases[name] ?? '', {
    env: ['DB_NAME=shop', 'DB_USER=shop'],
    binds: [`${at.data}:/var/lib/mysql`, `${at.secrets}:/run/secrets/shop:ro`],
    tmpfs: { '/tmp': 'size=64m,mode=1777', '/run/mysqld': `size=1m,mode=0700,uid=${UID},gid=${UID}` },
  });

const sql = (id: string, statement: string) =>
  run(id, ['mysql', '--defaults-file=/run/mysqld/health.cnf', '--batch', '--skip-column-names'], statement);

describe.each([
  { name: 'mysql', line: String.raw`9\.7` },
  { name: 'mariadb', line: String.raw`10\.11` },
])('$name', ({ name, line }) => {
  const startIt = (at: { data: string; secrets: string }): Promise<string> => startDatabase(name, at);
  const SECRETS = { 'db-root-password': String.raw`r'o"o\t`, 'db-password': String.raw`p'#a"s\s ${'`'}x$(id)` };

  it('is ready soon as any user without capabilities, with its database and user, and stops cleanly', async () => {
    const at = await places(SECRETS);
    const id = await startIt(at);
    await untilHealthy(id);
    const facts = await sql(id, 'SELECT current_user(), database(), @@version, @@log_bin, @@performance_schema;');
    const root = await run(
      id,
      ['mysql', '--defaults-file=/dev/stdin', '--batch', '--skip-column-names', '--execute=SELECT current_user()'],
      `[client]\nsocket=/run/mysqld/mysqld.sock\nuser=root\npassword="${SECRETS['db-root-password'].replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"\n`,
    );
    await docker.getContainer(id).stop({ t: 30 });

    expect(facts.output).toMatch(new RegExp(String.raw`^shop@%\tshop\t${line}\.\S+\t0\t0`));
    expect(root.output).toContain('root@localhost');
    expect(await exitCodeOf(id)).toBe(0);
  });

  it("takes none of the kernel's slots for asynchronous I/O, which would end with the machine's fiftieth", async () => {
    const id = await startIt(await places(SECRETS));
    await untilHealthy(id);

    expect((await sql(id, 'SELECT @@innodb_use_native_aio;')).output.trim()).toBe('0');
  });

  it('is unhealthy as soon as the application could not work', async () => {
    const at = await places(SECRETS);
    const id = await startIt(at);
    await untilHealthy(id);
    await sql(id, 'DROP DATABASE shop;');
    const withoutDatabase = await isHealthy(id);

    expect(withoutDatabase).toBe(false);
  });

  it('takes changed passwords and init.sql at the next start, and keeps its data', async () => {
    const at = await places({
      ...SECRETS,
      'init.sql': "CREATE USER IF NOT EXISTS 'platform'@'%' IDENTIFIED BY 'x';\n",
    });
    const first = await startIt(at);
    await untilHealthy(first);
    await sql(first, 'CREATE TABLE kept (id INT PRIMARY KEY); INSERT INTO kept VALUES (42);');
    await docker.getContainer(first).kill();
    await writeSecret(at.secrets, 'db-password', 'another-one');
    const second = await startIt(at);
    await untilHealthy(second);
    const kept = await sql(second, 'SELECT id FROM kept;');
    const root = await run(
      second,
      ['mysql', '--defaults-file=/dev/stdin', '--batch', '--execute=SELECT user FROM mysql.user'],
      `[client]\nsocket=/run/mysqld/mysqld.sock\nuser=root\npassword="r'o\\"o\\\\t"\n`,
    );

    expect(kept.output.trim()).toBe('42');
    expect(root.output).toContain('platform');
  });

  it('recovers from a kill at any moment of its first start', async () => {
    for (const afterMs of [30, 120, 300, 700]) {
      const at = await places(SECRETS);
      const first = await startIt(at);
      await pause(afterMs);
      await docker.getContainer(first).kill();
      const second = await startIt(at);
      await untilHealthy(second);

      expect((await readdir(at.data)).filter((name) => name.startsWith('.'))).toEqual([]);
      await docker.getContainer(second).kill();
    }
  });

  it('says in its log what is missing, and ends', async () => {
    const id = await startIt(await places({ 'db-root-password': 'x' }));

    expect(await exitCodeOf(id)).toBe(64);
    expect(await logOf(id)).toMatch(/secret .*db-password cannot be read by user id 200777/);
  });

  it('has no password in any argument or environment', async () => {
    const id = await startIt(await places({ 'db-root-password': 'ROOTSECRET', 'db-password': 'SHOPSECRET' }));
    await untilHealthy(id);
    const seen = await run(id, ['sh', '-c', 'cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ | tr "\\0" " "']);

    expect(seen.output).toMatch(/mysqld|mariadbd/);
    expect(seen.output).not.toMatch(/ROOTSECRET|SHOPSECRET/);
  });
});

describe('MySQL that nobody asks', () => {
  it('wakes seldom: its timers may be late, and no thread waits for a commit to be written', async () => {
    const id = await startDatabase('mysql', await places({ 'db-root-password': 'r', 'db-password': 'p' }));
    await untilHealthy(id);
    const { Pid } = (await docker.getContainer(id).inspect()).State;
    const threads = await readdir(`/proc/${Pid}/task`);
    const slacks = await Promise.all(threads.map((thread) => readFile(`/proc/${thread}/timerslack_ns`, 'utf8')));

    expect(threads.length).toBeGreaterThan(10);
    expect([...new Set(slacks)]).toEqual(['20000000\n']);
    expect((await sql(id, 'SELECT @@innodb_log_writer_threads;')).output.trim()).toBe('OFF');
  });
});

describe('Redis', () => {
  it('as a cache forgets on purpose and lets no shop reconfigure it', async () => {
    const id = await start(redis, { memory: 64 * MEGABYTE });
    await untilHealthy(id);
    const info = await run(id, ['redis-cli', 'info', 'memory']);
    const config = await run(id, ['redis-cli', 'config', 'set', 'dir', '/tmp']);
    const flush = await run(id, ['redis-cli', 'flushdb']);
    await docker.getContainer(id).stop({ t: 10 });

    expect(info.output).toMatch(/maxmemory:33554432\b/);
    expect(info.output).toMatch(/maxmemory_policy:allkeys-lru/);
    expect(config.output).toMatch(/NOPERM/);
    expect(flush.output).toMatch(/OK/);
    expect(await exitCodeOf(id)).toBe(0);
  });

  it('as a cache stays within its memory when it is full and its entries become other ones, small or large', async () => {
    const id = await start(redis, { memory: 64 * MEGABYTE });
    await untilHealthy(id);
    for (const [bytes, entries] of [
      ['65536', '1500'],
      ['3000', '33000'],
      ['300000', '330'],
    ] as const) {
      const filled = await run(id, [
        ...'redis-benchmark -q -t set -c 6 -r 1000000 -d'.split(' '),
        bytes,
        '-n',
        entries,
      ]);
      expect([bytes, filled.exitCode]).toEqual([bytes, 0]);
    }

    const stats = await run(id, ['redis-cli', 'info', 'stats']);
    expect(Number(/^evicted_keys:(\d+)/m.exec(stats.output)?.[1])).toBeGreaterThan(10_000);
  });

  it('as a queue keeps what it confirmed across a kill, evicts nothing and asks for its password', async () => {
    const at = await places({ 'redis-password': 'Queue-Secret_1' });
    const again = () =>
      start(redis, { env: ['REDIS_MODE=queue'], binds: [`${at.data}:/data`, `${at.secrets}:/run/secrets/shop:ro`] });
    const first = await again();
    await untilHealthy(first);
    const authenticated = ['sh', '-c', 'REDISCLI_AUTH=$(cat /run/secrets/shop/redis-password) redis-cli "$@"', 'sh'];
    await run(first, [...authenticated, 'set', 'job', '42']);
    await run(first, [...authenticated, 'waitaof', '1', '0', '3000']);
    const policy = await run(first, [...authenticated, 'config', 'get', 'maxmemory-policy']);
    const stranger = await run(first, ['redis-cli', 'get', 'job']);
    await docker.getContainer(first).kill();
    const second = await again();
    await untilHealthy(second);

    expect((await run(second, [...authenticated, 'get', 'job'])).output).toContain('42');
    expect(policy.output).toContain('noeviction');
    expect(stranger.output).toMatch(/NOAUTH/);
  });

  it('keeps sessions across a kill without a password, refuses what does not fit, evicts nothing', async () => {
    const at = await places({});
    const again = () =>
      start(redis, { env: ['REDIS_MODE=sessions'], binds: [`${at.data}:/data`], memory: 64 * MEGABYTE });
    const first = await again();
    await untilHealthy(first);
    await run(first, ['redis-cli', 'set', 'cart', '42']);
    await run(first, ['redis-cli', 'waitaof', '1', '0', '3000']);
    const config = await run(first, ['redis-cli', 'config', 'set', 'maxmemory', '0']);
    await docker.getContainer(first).kill();
    const second = await again();
    await untilHealthy(second);
    const fill = 'for i in $(seq 150); do head -c 400000 /dev/zero | redis-cli -x set "fill$i"; done';
    const filled = await run(second, ['sh', '-c', fill]);

    expect((await run(second, ['redis-cli', 'get', 'cart'])).output).toContain('42');
    expect(config.output).toMatch(/NOPERM/);
    expect(filled.output).toMatch(/OOM/);
  });

  it('as a queue does not start without a password', async () => {
    const id = await start(redis, { env: ['REDIS_MODE=queue'] });

    expect(await exitCodeOf(id)).toBe(64);
    expect(await logOf(id)).toMatch(/queue mode needs the secret/);
  });
});

describe('images of others', () => {
  it('without the contract label are refused with the reason and the setting', async () => {
    const reference = await imageFrom('FROM shophosting/base:trixie\n', {});

    await expect(prepareForeign(reference)).rejects.toMatchObject({
      code: 'image_refused',
      message: expect.stringMatching(/label shophosting\.image\.contract=1 is missing/) as string,
      hint: expect.stringMatching(/REDIS_IMAGE/) as string,
    });
  });

  it('without a health check are refused; with all they need they are taken as they are', async () => {
    const label = { 'shophosting.image.contract': '1' };
    const without = await imageFrom('FROM shophosting/base:trixie\n', label);
    const good = await imageFrom(`FROM ${redis}\n`, label);

    await expect(prepareForeign(without)).rejects.toMatchObject({
      code: 'image_refused',
      message: expect.stringMatching(/no health check/) as string,
    });
    expect(await prepareForeign(good)).toMatchObject([
      { name: 'redis', reference: good, source: 'pulled', present: true },
    ]);
  });

  it('that are stand-ins for tests are refused in production', async () => {
    const standIn = await imageFrom(`FROM ${redis}\n`, {
      'shophosting.image.contract': '1',
      'shophosting.image.stand-in': '1',
    });

    await expect(prepareForeign(standIn, 'production')).rejects.toMatchObject({
      code: 'image_refused',
      message: expect.stringMatching(/stand-in for tests/) as string,
    });
    expect(await prepareForeign(standIn, 'test')).toMatchObject([{ reference: standIn, present: true }]);
  });

  it('that are stand-ins, prepared for tests, are not there when the same folder is used in production', async () => {
    const refs = { redis: await imageFrom(`FROM ${redis}\n`, { ...LABEL, 'shophosting.image.stand-in': '1' }) };
    const at = { dataDir: await mkdtemp(join(folder, 'data-')), refs };
    await storeWith(at).prepare(['redis'], signal);
    const inProduction = storeWith({ ...at, environment: 'production' });

    expect(await storeWith(at).find('redis')).toMatchObject({ reference: refs.redis });
    expect(await inProduction.find('redis')).toBeUndefined();
    await expect(inProduction.idOf('redis', signal)).rejects.toMatchObject({ code: 'image_missing' });
  });

  it('are not there any more once the setting names another one, or none', async () => {
    const dataDir = await mkdtemp(join(folder, 'data-'));
    const refs = { redis: await imageFrom(`FROM ${redis}\n`, LABEL) };
    await storeWith({ dataDir, refs }).prepare(['redis'], signal);

    expect(await storeWith({ dataDir, refs }).find('redis')).toMatchObject({ reference: refs.redis });
    expect(await storeWith({ dataDir, refs: { redis: 'another:1' } }).find('redis')).toBeUndefined();
    expect(await storeWith({ dataDir }).find('redis')).toBeUndefined();
  });

  it('that lack programs which the platform calls are refused with the list, links followed', async () => {
    const CHECK = 'HEALTHCHECK CMD ["/usr/local/bin/healthcheck"]\n';
    const bin = '/usr/local/bin';
    const made = `RUN touch ${bin}/shop-install ${bin}/real && chmod 755 ${bin}/real && ln -s real ${bin}/healthcheck && ln -s nowhere ${bin}/shop-pause && mkdir ${bin}/shop-configure\n`;
    const reference = await imageFrom(`FROM shophosting/base:trixie\n${made}${CHECK}`, LABEL);
    const wordpress = storeWith({ dataDir: await mkdtemp(join(folder, 'data-')), refs: { wordpress: reference } });
    const names = (await readdir(join(packageRoot(), 'images/wordpress/bin'))).filter((name) =>
      name.startsWith('shop-'),
    );

    await expect(wordpress.prepare(['wordpress'], signal)).rejects.toMatchObject({
      code: 'image_refused',
      message: expect.stringContaining(
        `it does not have, or may not run, ${names
          .sort()
          .map((name) => `${bin}/${name}`)
          .join(', ')}.`,
      ) as string,
      hint: expect.stringMatching(/WORDPRESS_IMAGE/) as string,
    });
  });

  it('say by a label what they accept beside them, and are refused where nobody understands it', async () => {
    const accepts = { databases: { 'MySQL-8': '^8' }, searchEngines: ['opensearch'] };
    const good = await imageFrom(`FROM ${redis}\n`, { ...LABEL, 'shophosting.image.accepts': JSON.stringify(accepts) });
    const bad = await imageFrom(`FROM ${redis}\n`, { ...LABEL, 'shophosting.image.accepts': '["x"]' });

    expect(await prepareForeign(good)).toMatchObject([{ accepts }]);
    await expect(prepareForeign(bad)).rejects.toMatchObject({
      code: 'image_refused',
      message: expect.stringMatching(/label shophosting\.image\.accepts/) as string,
    });
  });

  it('that no registry has, or whose registry is silent, are told within seconds', async () => {
    const startedAt = performance.now();
    const silent = createServer(() => undefined);
    await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
    const { port } = silent.address() as AddressInfo;

    await expect(prepareForeign('registry.invalid/redis:8')).rejects.toMatchObject({
      code: 'image_missing',
      hint: expect.stringMatching(/docker pull/) as string,
    });
    await expect(prepareForeign(`127.0.0.1:${port}/redis:8`)).rejects.toMatchObject({
      code: 'image_missing',
      message: expect.stringMatching(/no answer within 8 s/) as string,
    });
    silent.close();
    expect(performance.now() - startedAt).toBeLessThan(15 * SECOND);
  });

  const prepareForeign = async (reference: string, environment = 'test') =>
    storeWith({
      dataDir: await mkdtemp(join(folder, 'data-')),
      refs: { redis: reference },
      environment,
    }).prepare(['redis'], signal);
});

describe('preparing', () => {
  it('does nothing the second time, and names what is there', async () => {
    lines.length = 0;
    const store = storeWith({});
    const startedAt = performance.now();
    const [image] = await store.prepare(['redis', 'redis'], signal);
    const elapsed = performance.now() - startedAt;

    expect(lines).toEqual([]);
    expect(elapsed).toBeLessThan(SECOND);
    expect(image).toMatchObject({ id: redis, source: 'built', present: true, versions: { redis: /^8\./ } });
    const ids = Object.fromEntries((await store.list()).map(({ name, id }) => [name, id]));
    expect(Object.keys(ids)).toEqual(IMAGE_NAMES);
    expect(ids).toMatchObject({ mysql: databases['mysql'], redis });
  });

  it('twice at once builds once, and both get the same image', async () => {
    const root = await packageWith('RUN sleep 1', '8.9.1');
    lines.length = 0;
    const both = await Promise.all([
      fresh(root).then((store) => prepared(store)),
      fresh(root).then((store) => prepared(store)),
    ]);

    expect(both[0].id).toBe(both[1].id);
    expect(lines.filter((line) => line.includes('another process builds it'))).toHaveLength(1);
    expect(both[0]).toMatchObject({ versions: { redis: '8.9.1' }, base: expect.stringMatching(/trixie/) as string });
  });

  it('goes on after being interrupted, and leaves no container behind', async () => {
    const root = await packageWith('RUN sleep 5', '8.9.2');
    const interrupted = new AbortController();
    const store = await fresh(root);
    const work = store.prepare(['redis'], interrupted.signal);
    const refused = expect(work).rejects.toThrow('enough');
    await untilItBuilds(true);
    interrupted.abort(new Error('enough'));
    await refused;
    await untilItBuilds(false);

    expect(await prepared(store)).toMatchObject({ versions: { redis: '8.9.2' } });
  });

  it('killed in the middle, is whole the next time: nothing half-made has the name, no container is left', async () => {
    const root = await packageWith('RUN echo made > /made && sleep 5', '8.9.4');
    const dataDir = await mkdtemp(join(folder, 'data-'));
    const child = spawn(process.execPath, ['--import', 'tsx', PREPARE_REDIS, root, dataDir], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    await untilItBuilds(true);
    child.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
    await untilItBuilds(false);
    const store = storeWith({ root, dataDir });
    expect(await store.find('redis')).toBeUndefined();

    const image = await prepared(store);

    expect(image).toMatchObject({ versions: { redis: '8.9.4' }, present: true });
    expect(await store.idOf('redis', signal)).toBe(image.id);
    expect((await buildContainers()).length).toBe(0);
  });

  it('refuses what is of another line than this release is made for', async () => {
    const store = await fresh(await packageWith('RUN true', '9.0.0'));

    await expect(store.prepare(['redis'], signal)).rejects.toMatchObject({
      code: 'image_refused',
      message: expect.stringMatching(/redis 9\.0\.0, this release is made for 8\./) as string,
    });
  });

  it('tells which step of a build failed, with its last lines', async () => {
    const store = await fresh(await packageWith('RUN echo cannot go on && false', '8.0.0'));

    await expect(store.prepare(['redis'], signal)).rejects.toMatchObject({
      code: 'image_missing',
      logTail: expect.stringContaining('cannot go on') as string,
    });
  });

  it('an image that was removed is missed by name, with the cure', async () => {
    const store = await fresh(await packageWith('RUN true', '8.9.3'));
    const { reference } = await prepared(store);
    await docker.getImage(reference).remove({ force: true });
    tags.splice(0);

    await expect(store.idOf('redis', signal)).rejects.toMatchObject({
      code: 'image_missing',
      hint: expect.stringContaining('shopctl images prepare') as string,
    });
  });

  /** A package whose `redis` image is made in a moment, new for each test run. */
  async function packageWith(step: string, version: string): Promise<string> {
    const root = await mkdtemp(join(folder, 'package-'));
    await mkdir(join(root, 'images/redis'), { recursive: true });
    await writeFile(join(root, 'images/redis/image-versions'), `#!/bin/sh\necho redis=${version}\n`, { mode: 0o755 });
    await writeFile(
      join(root, 'images/redis/Dockerfile'),
      `ARG BASE\nFROM \${BASE}\n# ${randomBytes(8).toString('hex')}\nENV RUN_ID=${randomBytes(8).toString('hex')}\n${step}\nCOPY image-versions /usr/local/bin/\nLABEL shophosting.test=1\n`,
    );
    return root;
  }

  const fresh = async (root: string) => storeWith({ root, dataDir: await mkdtemp(join(folder, 'data-')) });

  async function prepared(store: ReturnType<typeof storeWith>) {
    const [image] = await store.prepare(['redis'], signal);
    if (image === undefined) throw new Error('nothing was prepared');
    if (!tags.includes(image.reference)) tags.push(image.reference);
    return image;
  }

  const untilItBuilds = (isWanted: boolean): Promise<true> =>
    probeUntil(async () => ((await buildContainers()).length > 0 === isWanted ? true : undefined), {
      signal: AbortSignal.timeout(MINUTE),
      firstDelayMs: 50,
      maxDelayMs: 100,
    });

  const buildContainers = async () =>
    (await docker.listContainers({ all: true })).filter(({ Command }) => Command.includes('sleep 5'));
});

async function imageFrom(dockerfile: string, labels: Record<string, string>): Promise<string> {
  const tag = `shophosting-test/foreign:${randomBytes(6).toString('hex')}`;
  await buildImage(
    docker,
    {
      name: 'foreign',
      files: [{ path: 'Dockerfile', mode: 0o644, content: Buffer.from(dockerfile) }],
      extras: [],
      buildArgs: {},
      labels: { ...labels, ...TEST_LABEL },
      tag,
      onStep: () => undefined,
    },
    signal,
  );
  tags.push(tag);
  return tag;
}
