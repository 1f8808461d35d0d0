import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { chmod, copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { type Agent, request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDockerClient } from '../../src/adapters/docker/docker-client.ts';
import { type Adapters, createAdapters } from '../../src/app/adapters.ts';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { pause } from '../../src/lib/deadline.ts';
import { MINUTE, SECOND } from '../../src/lib/time.ts';
import type { StoreView } from '../../src/stores/present-store.ts';
import { ARTIFACTS_DIR, DOCKER_SOCKET, DATA_DIR as TEST_DATA_DIR } from '../setup/places.ts';
import { untilAnswer } from './until.ts';

const SHOPCTL = fileURLToPath(new URL('../../bin/shopctl', import.meta.url));
const UP_WITHIN_MS = 10 * MINUTE;
/** What `up` prints last; `status` is asked from then on. */
const SAID_READY = 'ShopHosting is ready';
/** On every container of a store. */
const STORE_LABEL = 'shophosting.store';
/** For indexes up to 15; see `startPlatform`. */
const LANES_PER_INDEX = 4;
const PORTS_PER_LANE = 250;

export interface CliResult {
  readonly exitCode: number;
  readonly json: Record<string, unknown>;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface VisitOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The loopback address to come from; the edge sees it as the visitor's. */
  readonly from?: string;
  /** How long the answer may take. */
  readonly withinMs?: number;
  /** What keeps the connection for the next request, as a browser would; without it each comes by one of its own. */
  readonly agent?: Agent;
}

/** A whole platform of the test's own: other folders, ports, subnets and UIDs than anybody else's on this machine. */
export interface TestPlatform {
  readonly config: Config;
  readonly adapters: Adapters;
  /** Runs `shopctl … --json` as an operator would. */
  cli(...args: string[]): Promise<CliResult>;
  /** As `cli`, but a failure is the test's. */
  ok(...args: string[]): Promise<Record<string, unknown>>;
  store(idOrName: string): Promise<StoreView>;
  createStore(
    name: string,
    options?: { platform?: string; title?: string; plan?: string; wait?: boolean },
  ): Promise<StoreView>;
  /** Resolves when `status` says that all is well, as an operator would see it. */
  untilReady(withinMs?: number): Promise<unknown>;
  /** Resolves when the store has one of these statuses; throws with its error when it fails instead. */
  settled(id: string, statuses: readonly string[], withinMs?: number): Promise<StoreView>;
  gone(id: string, withinMs?: number): Promise<void>;
  /** A visitor's request through the edge, the certificate checked against our CA, dialled on loopback. */
  visit(url: string, options?: VisitOptions): Promise<Answer>;
  workerPids(): Promise<number[]>;
  /** The process that keeps it up; another one after `startAgain`. */
  readonly up: ChildProcess;
  /** Stops it and starts it with these settings changed, as an operator would; its stores run on. `config` stays as it was. */
  startAgain(change: Readonly<Record<string, string>>): Promise<void>;
  /** The environment that makes `shopctl` talk to this platform. */
  readonly settings: Readonly<Record<string, string>>;
  /** What `up` printed so far. */
  readonly output: () => string;
  destroy(): Promise<void>;
}

let instances = 0;

/**
 * Starts a platform by `shopctl up`, or by another program, and waits until it is ready. `index` keeps ports and networks
 * of suites apart; `envOf` is told the first of its ports, which is the edge's for http; the next is the one for https.
 */
export async function startPlatform(
  index: number,
  envOf: Readonly<Record<string, string>> | ((firstPort: number) => Readonly<Record<string, string>>) = {},
  program: readonly string[] = [SHOPCTL, 'up'],
): Promise<TestPlatform> {
  instances += 1;
  const root = await mkdtemp(join(tmpdir(), `shop-e2e-${index}-${instances}-`));
  await chmod(root, 0o755); // The edge's workers are not root and have to get through.
  // A run that was cut off may have left its edge and networks behind: another run takes other ones. All stay below
  // the ports that the kernel gives to connections that leave.
  const lane = index * LANES_PER_INDEX + randomInt(LANES_PER_INDEX);
  const base = 15_000 + lane * PORTS_PER_LANE;
  const settings: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '/root',
    DATA_DIR: join(root, 'data'),
    CUSTOMERS_DIR: join(root, 'customers'),
    ARTIFACTS_DIR,
    HTTP_PORT: String(base),
    HTTPS_PORT: String(base + 1),
    WEB_PORT: String(base + 2),
    DB_PORT: String(base + 3),
    REDIS_PORT: String(base + 4),
    PORT_RANGE_START: String(base + 10),
    PORT_RANGE_END: String(base + 19),
    PORT_RANGE_MAX: String(base + 200),
    STORE_SUBNETS: `10.${160 + lane}.0.0/16`,
    STORE_UIDS: `${300_000 + lane * 1000}-${300_999 + lane * 1000}`,
    // Stores come from nothing, at the moment they are asked for, unless a test is about something else.
    GOLDEN_SNAPSHOTS: '0',
    POOL_SIZE: '0',
    NODE_ENV: 'development',
    NO_COLOR: '1',
    ...(typeof envOf === 'function' ? envOf(base) : envOf),
  };
  await shareWhatIsMade(settings['DATA_DIR'] ?? '');
  let printed = '';
  const print = (text: string): void => void (printed += text);
  let up = startUp(program, settings, print);
  let startedWith = 0;
  const cli = (...args: string[]) => runCli(settings, args);
  const untilReady = (withinMs: number): Promise<unknown> =>
    untilAnswer(
      async (see) => {
        if (up.exitCode !== null) throw new Error(`shopctl up ended with ${up.exitCode}:\n${printed}`);
        // A program started for each look would keep a small machine from what is awaited.
        see(`up has printed:\n${printed}`);
        if (!printed.includes(SAID_READY, startedWith)) return undefined;
        const { exitCode, stdout, stderr } = await cli('status');
        see(`status ended with ${exitCode}:\n${stdout}${stderr}`);
        return exitCode === 0 ? true : undefined;
      },
      { what: 'the platform to be ready', withinMs, firstDelayMs: 500, everyMs: SECOND },
      untilReady,
    );
  await untilReady(UP_WITHIN_MS).catch(async (error: unknown) => {
    await removeEverything(settings, up, root);
    throw new Error(`The platform did not get ready:\n${printed}`, { cause: error });
  });
  const config = loadConfig({ env: settings, workingFolder: root });
  const adapters = createAdapters(config, () => undefined);
  const ca = await readFile(join(config.dataDir, 'certificates/local-ca/ca.crt'), 'utf8');

  const platform: TestPlatform = {
    config,
    adapters,
    cli,
    get up() {
      return up;
    },
    settings,
    output: () => printed,
    async ok(...args) {
      const result = await cli(...args);
      if (result.exitCode !== 0)
        throw new Error(`shopctl ${args.join(' ')}: ${result.exitCode}\n${result.stdout}${result.stderr}`);
      return result.json;
    },
    store: async (id) => (await platform.ok('store', 'show', id)) as unknown as StoreView,
    async createStore(name, { platform: kind = 'wordpress', title = `Shop ${name}`, plan, wait = true } = {}) {
      const args = [
        'store',
        'create',
        '--platform',
        kind,
        '--name',
        name,
        '--email',
        `${name}@example.com`,
        `--title=${title}`,
        ...(plan === undefined ? [] : ['--plan', plan]),
      ];
      return (await platform.ok(...args, ...(wait ? ['--wait'] : []))) as unknown as StoreView;
    },
    untilReady: (withinMs = 2 * MINUTE) => untilReady(withinMs),
    settled: (id, statuses, withinMs = 5 * MINUTE) =>
      untilAnswer(
        async (see) => {
          // A program started for each look would keep a small machine from what is awaited.
          const found = await adapters.repositories.stores.find({ id });
          see(found);
          if (found === undefined || !['failed', ...statuses].includes(found.status)) return undefined;
          const store = await platform.store(id);
          see(store);
          // One that is tried again is called failed until somebody begins.
          const isTold = store.status !== 'failed' || store.run?.status === 'failed';
          if (isTold && statuses.includes(store.status)) return store;
          if (isTold && store.status === 'failed') throw new Error(`${id} failed: ${JSON.stringify(store.error)}`);
          return undefined;
        },
        { what: `${id} to be ${statuses.join(' or ')}`, withinMs, firstDelayMs: 200, everyMs: SECOND },
        platform.settled,
      ),
    async gone(id, withinMs = 2 * MINUTE) {
      await untilAnswer(
        async (see) => {
          const found = await adapters.repositories.stores.find({ id });
          see(found);
          return found === undefined ? true : undefined;
        },
        { what: `${id} to be gone`, withinMs, firstDelayMs: 100, everyMs: 500 },
        platform.gone,
      );
    },
    visit: (url, options = {}) => visit(url, ca, options),
    async workerPids() {
      const services = (await cli('status')).json['services'] as { worker: { pids?: number[] } } | undefined;
      return services?.worker.pids ?? [];
    },
    async startAgain(change) {
      await stopUp(up);
      Object.assign(settings, change);
      startedWith = printed.length;
      up = startUp(program, settings, print);
      await untilReady(UP_WITHIN_MS);
    },
    async destroy() {
      await adapters.close();
      await removeEverything(settings, up, root);
    },
  };
  return platform;
}

/** What takes long to bring or to make, and is the same for every platform of these parts. */
async function shareWhatIsMade(dataDir: string): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  const compiled = join(TEST_DATA_DIR, 'compiled');
  await mkdir(compiled, { recursive: true });
  await symlink(compiled, join(dataDir, 'compiled'));
  await cp(join(TEST_DATA_DIR, 'tools'), join(dataDir, 'tools'), { recursive: true }).catch(() => undefined);
  await shareApplications(join(TEST_DATA_DIR, 'applications'), join(dataDir, 'applications'));
}

/** What is known of the archives, and those that are unpacked; what is unpacked from here on is the platform's own. */
async function shareApplications(shared: string, own: string): Promise<void> {
  await mkdir(own, { recursive: true });
  for (const name of await readdir(shared).catch(() => [])) {
    if (name.startsWith('.')) continue;
    if (name.endsWith('.json')) await copyFile(join(shared, name), join(own, name));
    else await symlink(join(shared, name), join(own, name));
  }
}

/** `shopctl … --json` with these settings, as an operator would run it. */
export function runCli(env: Readonly<Record<string, string>>, args: readonly string[]): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [SHOPCTL, ...args, '--json'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => (stdout += String(chunk)));
    child.stderr.on('data', (chunk) => (stderr += String(chunk)));
    child.once('error', reject);
    child.once('close', (exitCode) => {
      let json: Record<string, unknown> = {};
      try {
        json = JSON.parse(stdout) as Record<string, unknown>;
      } catch {
        // Not every failure gets as far as JSON; the text is kept.
      }
      resolve({ exitCode: exitCode ?? -1, json, stdout, stderr });
    });
  });
}

function visit(url: string, ca: string, options: VisitOptions): Promise<Answer> {
  const target = new URL(url);
  return new Promise((resolve, reject) => {
    const call = httpsRequest(
      {
        host: '127.0.0.1',
        port: target.port,
        servername: target.hostname,
        path: `${target.pathname}${target.search}`,
        method: options.method ?? 'GET',
        // A cookie that no edge knows: the shop itself is asked, so what is seen is how it is now.
        headers: { host: target.host, cookie: 'look=1', ...options.headers },
        ca,
        agent: options.agent ?? false,
        ...(options.from === undefined ? {} : { localAddress: options.from }),
        timeout: options.withinMs ?? 30 * SECOND,
      },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (body += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
      },
    );
    call.once('error', reject);
    call.once('timeout', () => call.destroy(new Error(`${url} did not answer`)));
    call.end(options.body);
  });
}

function startUp(
  program: readonly string[],
  settings: Record<string, string>,
  print: (text: string) => void,
): ChildProcess {
  const up = spawn(process.execPath, program, { env: settings, stdio: ['ignore', 'pipe', 'pipe'] });
  up.stdout.on('data', (chunk) => print(String(chunk)));
  up.stderr.on('data', (chunk) => print(String(chunk)));
  return up;
}

async function stopUp(up: ChildProcess): Promise<void> {
  if (up.exitCode !== null || up.signalCode !== null) return;
  const ended = new Promise((resolve) => up.once('exit', resolve));
  up.kill('SIGTERM');
  await Promise.race([ended, pause(MINUTE)]);
  up.kill('SIGKILL');
}

/** Ends it all and takes away whatever carries the instance's label; the engine is shared with others. */
async function removeEverything(settings: Record<string, string>, up: ChildProcess, root: string): Promise<void> {
  await stopUp(up);
  const choices = await readFile(join(settings['DATA_DIR'] ?? '', 'choices.json'), 'utf8').catch(() => undefined);
  const instance = choices === undefined ? undefined : instanceLabelIn(choices);
  // Nothing of the stores is kept, so they need not end in order.
  if (instance !== undefined) await removeContainers([instance, STORE_LABEL]);
  await runCli(settings, ['down', '--stores']);
  if (instance !== undefined) {
    await removeContainers([instance]);
    const docker = createDockerClient(DOCKER_SOCKET);
    const filters = JSON.stringify({ label: [instance] });
    for (const { Id } of await docker.listNetworks({ filters })) await docker.getNetwork(Id).remove();
  }
  await rm(root, { recursive: true, force: true });
}

const instanceLabelIn = (choices: string): string =>
  `shophosting.instance=${(JSON.parse(choices) as { instanceId: string }).instanceId}`;

async function removeContainers(labels: readonly string[]): Promise<void> {
  const docker = createDockerClient(DOCKER_SOCKET);
  const found = await docker.listContainers({ all: true, filters: JSON.stringify({ label: labels }) });
  await Promise.all(found.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })));
}
