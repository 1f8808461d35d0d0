import { chmod, chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createEngineInstall } from '../adapters/docker/engine-install.ts';
import { ensureTools } from '../adapters/docker/engine-tools.ts';
import { createInstanceStores } from '../adapters/docker/instance-stores.ts';
import { createPlatformServices } from '../adapters/docker/platform-services.ts';
import { findSystemUser } from '../adapters/filesystem/find-system-user.ts';
import { createHost, PLATFORM_USERS } from '../adapters/host/host.ts';
import { createReleases, type Releases } from '../adapters/host/releases/releases.ts';
import { rotateForeignLog } from '../adapters/host/rotate-foreign-log.ts';
import { openRotatingLog } from '../adapters/host/rotating-log.ts';
import { startProgram } from '../adapters/process/start-program.ts';
import type { Config } from '../config/config.ts';
import { toAppError } from '../domain/errors.ts';
import { PLATFORM_NAMES } from '../domain/store.ts';
import { packageRoot } from '../lib/package-root.ts';
import { SILENT_AFTER_MS } from '../operating/look-at.ts';
import type { Platform, ProcessKind } from '../operating/platform.ts';
import { STACKS } from '../stacks/index.ts';
import type { Adapters } from './adapters.ts';
import { certificateWays } from './certificates.ts';
import { compileCode } from './compile-code.ts';
import { createDemo } from './demo.ts';
import { imagesNeeded } from './prepare-images.ts';
import { readVersion } from './read-version.ts';
import { ensureSchema } from './schema.ts';
import { setAsideTaken } from './set-aside-taken.ts';
import { createStoreActions } from './store-actions.ts';
import { layOutWebFolders, webKind } from './web-kind.ts';

/** The platform's own MySQL and Redis; nothing where the operator brings them. */
export function servicesOf({ config, docker, images }: Adapters, onProgress: (line: string) => void) {
  const { mysql, redis } = config;
  return createPlatformServices({
    docker,
    settings: {
      instanceId: config.instanceId,
      dataDir: config.dataDir,
      storeSubnets: config.storeSubnets,
      ...(mysql.managed && mysql.rootPassword !== undefined && mysql.admin !== undefined
        ? { mysql: { port: mysql.port, rootPassword: mysql.rootPassword, admin: mysql.admin } }
        : {}),
      ...(redis.managed && redis.password !== undefined
        ? { redis: { port: redis.port, password: redis.password } }
        : {}),
    },
    findUser: () => findSystemUser('shophosting'),
    imageIdOf: (name, signal) => images.idOf(name, signal),
    onProgress,
  });
}

/** Everything that `up` brings up and `down` ends, on the real machine. */
export async function createPlatform(adapters: Adapters, onProgress: (line: string) => void): Promise<Platform> {
  const { config, edge } = adapters;
  const host = createHost({ onProgress });
  const engine = createEngineInstall({ socketPath: config.dockerSocket, dataDir: config.dataDir, host, onProgress });
  const demo = createDemo(adapters, createStoreActions(adapters));
  return {
    async ensureHost(signal) {
      host.ensureRoot();
      await host.apt.ensurePrograms(['nginx', ...(config.acme === undefined ? [] : (['certbot'] as const))], signal);
      for (const name of PLATFORM_USERS) await host.ensureSystemUser(name, signal);
      await layOutFolders(config);
      await adapters.compiledCode.layOut();
    },
    ensureEngine: async (signal) => `engine ${(await engine.ensure(signal)).version}`,
    ensureTools: async (signal) => void (await ensureTools({ dataDir: config.dataDir, host, onProgress }, signal)),
    async prepareImages(signal) {
      await obtainApplications(adapters, onProgress, signal);
      const prepared = await adapters.images.prepare(imagesNeeded(), signal);
      await compileCode(PLATFORM_NAMES, adapters, signal, onProgress);
      return prepared.map(({ name, reference }) => `${name} (${reference})`).join(', ');
    },
    services: servicesOf(adapters, onProgress),
    async ensureSchema(signal) {
      const done = await ensureSchema(adapters, signal);
      // Before anybody can order: with a database of before an order, what somebody has would be given to somebody else.
      const aside = await setAsideTaken(adapters);
      return aside === 0
        ? done
        : `${done}; ${aside} set aside that are somebody’s by their folders, see: shopctl doctor`;
    },
    edge,
    stores: storesAsOne(adapters),
    processes: [workerKind(adapters), webKind({ config, releases: releasesOf(config, onProgress) })],
    ensureDemo: demo.ensure,
    facts: await platformFacts(config, adapters),
    log: openRotatingLog(join(config.dataDir, 'logs', 'up.log')),
    careForLogs: () => careForLogs(join(config.dataDir, 'logs'), edge),
    close: () => adapters.close(),
  };
}

/** What stores mount besides images. One that cannot be had makes its platforms unavailable, nothing else. */
async function obtainApplications(
  { artifacts }: Adapters,
  onProgress: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  for (const name of new Set(Object.values(STACKS).flatMap((stack) => Object.values(stack.applications)))) {
    try {
      await artifacts.obtain(name, signal);
    } catch (thrown) {
      const { code, message, hint } = toAppError(thrown);
      if (code !== 'artifact_missing') throw thrown;
      onProgress(`${message} ${hint ?? ''}`.trim());
    }
  }
}

/** Folders that nothing else makes, with their modes (docs/operating/folders.md). */
async function layOutFolders(config: Config): Promise<void> {
  await mkdir(config.dataDir, { recursive: true, mode: 0o755 });
  const logs = join(config.dataDir, 'logs');
  await mkdir(logs, { recursive: true, mode: 0o750 });
  // They tell of visitors. nginx's worker processes open theirs anew after a rotation.
  await chown(logs, 0, (await findSystemUser('shophosting-edge')).gid);
  await chmod(logs, 0o750);
  await mkdir(config.customersDir, { recursive: true, mode: 0o750 });
  await chmod(config.customersDir, 0o750);
  await mkdir(join(config.customersDir, 'stores'), { recursive: true, mode: 0o750 });
  await mkdir(config.artifactsDir, { recursive: true, mode: 0o755 });
  await layOutWebFolders(config);
}

/** Releases of the tree that this program belongs to. */
export const releasesOf = ({ dataDir }: Pick<Config, 'dataDir'>, onProgress: (line: string) => void): Releases =>
  createReleases({ dataDir, packageRoot: packageRoot(), node: process.execPath, onProgress });

/** All stores' containers at once: for `down --stores`, and for the next `up`. */
export function storesAsOne({ config, docker, repositories }: Adapters): Platform['stores'] {
  const all = createInstanceStores({ docker, instanceId: config.instanceId });
  return {
    stopAll: (signal) => all.stopAll(signal),
    startAll: async (signal) =>
      all.startAll(new Set((await repositories.stores.list({ status: 'active' })).map(({ id }) => id)), signal),
  };
}

export function workerKind({ config, repositories }: Adapters): ProcessKind {
  return {
    name: 'worker',
    count: config.workerProcesses,
    start: (onLine) =>
      startProgram({ path: process.execPath }, [join(packageRoot(), 'build', 'worker.js')], { onLine }),
    log: openRotatingLog(join(config.dataDir, 'logs', 'worker.log')),
    isReady: async (pid) =>
      (await repositories.workers.list()).some((worker) => worker.pid === pid && worker.silentMs < SILENT_AFTER_MS),
  };
}

/** What status and the ready screen tell. */
export async function platformFacts(config: Config, { certificates }: Pick<Adapters, 'certificates'>) {
  const { port, httpsPort, listenAddress } = config.http;
  return {
    version: await readVersion(),
    publicUrl: config.publicUrl,
    edge: { http: `http://${config.baseDomain}:${port}/`, https: `https://${config.baseDomain}:${httpsPort}/` },
    caFile: certificates.caFile,
    logsDir: join(config.dataDir, 'logs'),
    ...(config.smtp === undefined ? { outboxDir: join(config.dataDir, 'outbox') } : {}),
    baseDomain: config.baseDomain,
    httpsPort,
    listenAddress,
    certificates: certificateWays(config),
  };
}

/** What nginx and an engine of ours write; nginx opens its logs anew on SIGUSR1 (nginx.org/en/docs/control.html). */
async function careForLogs(folder: string, edge: Platform['edge']): Promise<void> {
  const running = await edge.isRunning();
  const reopen = (): void => {
    if (running !== undefined) process.kill(running.pid, 'SIGUSR1');
  };
  for (const name of ['edge-access.log', 'edge-error.log']) await rotateForeignLog(join(folder, name), reopen);
  // Ours rotate themselves; under systemd it is systemd that holds them open.
  for (const name of ['dockerd.log', 'services.log', 'worker.log', 'web.log'])
    await rotateForeignLog(join(folder, name));
}
