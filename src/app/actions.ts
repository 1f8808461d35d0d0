import { join } from 'node:path';
import { z } from 'zod';
import { readContainerLogs } from '../adapters/docker/container-logs.ts';
import { createEngineInstall } from '../adapters/docker/engine-install.ts';
import { containerNameOf, type PlatformService } from '../adapters/docker/platform-service-specs.ts';
import { callControl, serveControl } from '../adapters/host/control-socket.ts';
import { tryLock } from '../adapters/host/exclusive-lock.ts';
import { createHost } from '../adapters/host/host.ts';
import { isPortFree } from '../adapters/host/is-port-free.ts';
import { readLogFile } from '../adapters/host/read-log-file.ts';
import { askWeb } from '../adapters/http/ask-web.ts';
import { startDetached } from '../adapters/process/start-program.ts';
import type { CliActions } from '../cli/actions.ts';
import type { Config } from '../config/config.ts';
import { explainConfig } from '../config/explain-config.ts';
import { loadConfig, prepareConfig } from '../config/load-config.ts';
import { ownSources, readSettings } from '../config/read-settings.ts';
import { packageRoot } from '../lib/package-root.ts';
import { SECOND } from '../lib/time.ts';
import { createDown } from '../operating/down.ts';
import { lookAtEdge, lookAtEngine, lookAtMysql, lookAtRedis, lookAtWeb, lookAtWorkers } from '../operating/look-at.ts';
import type { Control } from '../operating/platform.ts';
import { createRestart } from '../operating/restart.ts';
import { createShowLogs, type LogSource } from '../operating/show-logs.ts';
import { createStatus } from '../operating/status.ts';
import { createUp } from '../operating/up.ts';
import { createDetachedUp } from '../operating/up-detached.ts';
import { type Adapters, createAdapters } from './adapters.ts';
import { createCertificateActions } from './certificate-actions.ts';
import { createDoctorActions } from './doctor.ts';
import { createMailActions } from './mail-actions.ts';
import { createPlatform, imagesNeeded, platformFacts, servicesOf, storesAsOne } from './platform.ts';
import { ensureSchema, readMigrations } from './schema.ts';
import { createStoreActions } from './store-actions.ts';

const silent = (): void => undefined;
const LOG_LINES = 1000;
const CONTROL_WITHIN_MS = 2 * SECOND;

/** `shopctl` from the first command on: what needs the machine set up reads its choices, `up` makes them. */
export function createActions(): CliActions & { close(): Promise<void> } {
  const { DATA_DIR: dataDir } = readSettings(ownSources()).values;
  const control = controlOf(dataDir);
  let opened: { config: Config; adapters: Adapters } | undefined;
  /** Opened by the first action that needs it. */
  const open = (onProgress: (line: string) => void = silent): { config: Config; adapters: Adapters } => {
    if (opened === undefined) {
      const config = loadConfig();
      opened = { config, adapters: createAdapters(config, onProgress) };
    }
    return opened;
  };
  const storeActions = () => createStoreActions(open().adapters);

  const upHere = createUp({
    dataDir,
    takeLock: () => tryLock(`up:${dataDir}`),
    control,
    open: async (onProgress) => {
      const config = await prepareConfig(isPortFree);
      for (const warning of config.warnings) onProgress(warning);
      return createPlatform(createAdapters(config, onProgress), onProgress);
    },
  });
  const upDetached = createDetachedUp({
    control,
    logFile: join(dataDir, 'up.out'),
    start: ({ demo }) =>
      startDetached(
        { path: process.execPath },
        [join(packageRoot(), 'bin', 'shopctl'), 'up', ...(demo ? ['--demo'] : [])],
        {
          logFile: join(dataDir, 'up.out'),
          environment: 'ours',
        },
      ),
  });

  return {
    up: (input) => (input.detach ? upDetached(input) : upHere(input)),
    down: (input) => {
      const { adapters } = open(input.onProgress);
      const { edge } = adapters;
      return createDown({
        control,
        services: servicesOf(adapters, input.onProgress),
        edge,
        stores: storesAsOne(adapters),
      })(input);
    },
    restart: (input) =>
      createRestart({ control, edge: open(input.onProgress).adapters.edge, kinds: ['worker', 'web'] })(input),
    logs: (input) => createShowLogs(logSources(open().adapters))(input),
    async status() {
      const { config, adapters } = open();
      const { http, ...facts } = { ...(await platformFacts(config, adapters)), http: config.http };
      const { version, publicUrl, caFile } = facts;
      const services = servicesOf(adapters, silent);
      const { database, repositories } = adapters;
      const pidOf = (service: PlatformService) => services.state(service).then((state) => state?.pid);
      const engine = createEngineInstall({
        socketPath: config.dockerSocket,
        dataDir,
        host: createHost({ onProgress: silent }),
        onProgress: silent,
      });
      return createStatus({
        facts: { version, publicUrl, caFile, edge: { http: http.port, https: http.httpsPort } },
        looks: {
          mysql: lookAtMysql({
            ping: database.ping,
            pendingMigrations: async () => (await readMigrations(config)).pending,
            pidOf: () => pidOf('mysql'),
            address: `${config.mysql.host}:${config.mysql.port}`,
          }),
          redis: lookAtRedis({
            ping: adapters.doorbell.ping,
            pidOf: () => pidOf('redis'),
            address: `${config.redis.host}:${config.redis.port}`,
          }),
          docker: lookAtEngine(engine.look),
          edge: lookAtEdge(adapters.edge.isRunning, `ports ${http.port} and ${http.httpsPort}`),
          web: lookAtWeb({
            ask: (path, signal) => askWeb(config.webPort, path, signal),
            pidOf: async () => {
              const signal = AbortSignal.timeout(CONTROL_WITHIN_MS);
              const reply = await control.call({ command: 'pids', service: 'web' }, { signal, onProgress: silent });
              return z.array(z.int()).optional().parse(reply?.answer)?.[0];
            },
            address: `127.0.0.1:${config.webPort}`,
          }),
          worker: lookAtWorkers(repositories.workers.list),
        },
        countStores: repositories.stores.countByStatus,
      })();
    },
    async config() {
      return explainConfig();
    },
    async migrate({ onlyStatus, signal }) {
      const { config, adapters } = open();
      if (!onlyStatus) await ensureSchema(adapters, signal);
      return readMigrations(config);
    },
    prepareImages: async ({ signal, onProgress }) => open(onProgress).adapters.images.prepare(imagesNeeded(), signal),
    listImages: async () => open().adapters.images.list(),
    listArtifacts: async () => open().adapters.artifacts.list(),
    addArtifact: async ({ file, signal, onProgress }) => open(onProgress).adapters.artifacts.add(file, signal),
    ...createDoctorActions(open),
    ...createMailActions(() => open().adapters),
    ...createCertificateActions(() => open().adapters),
    createStore: (input) => storeActions().createStore(input),
    listStores: (filter) => storeActions().listStores(filter),
    findStore: (id) => storeActions().findStore(id),
    readCredentials: (id) => storeActions().readCredentials(id),
    storeLogs: (input) => storeActions().storeLogs(input),
    retryStore: (id) => storeActions().retryStore(id),
    repairStore: (id) => storeActions().repairStore(id),
    deleteStore: (id) => storeActions().deleteStore(id),
    queue: () => storeActions().queue(),
    listJobs: (filter) => storeActions().listJobs(filter),
    retryJob: (id) => storeActions().retryJob(id),
    listCustomers: () => storeActions().listCustomers(),
    findCustomer: (id) => storeActions().findCustomer(id),
    createAdmin: (input) => storeActions().createAdmin(input),
    async close() {
      await opened?.adapters.close();
    },
  };
}

function controlOf(dataDir: string): Control {
  const path = join(dataDir, 'run', 'up.sock');
  return {
    serve: (handler) => serveControl(path, handler),
    call: (request, options) => callControl(path, request, options),
  };
}

/** Where each part of the platform leaves its lines. */
function logSources({ config, docker }: Adapters): Parameters<typeof createShowLogs>[0] {
  const file =
    (...path: string[]): LogSource =>
    (options, onLine) =>
      readLogFile(join(config.dataDir, ...path), options, onLine);
  const container =
    (service: PlatformService): LogSource =>
    ({ since, follow, signal }, onLine) =>
      readContainerLogs(
        docker,
        containerNameOf(config.instanceId, service),
        {
          tail: LOG_LINES,
          follow,
          signal,
          ...(since === undefined ? {} : { sinceS: Math.floor(since.getTime() / 1000) }),
        },
        onLine,
      );
  return {
    web: [file('logs', 'web.log')],
    worker: [file('logs', 'worker.log')],
    edge: [file('logs', 'edge-error.log'), file('logs', 'edge-access.log')],
    mysql: [container('mysql')],
    redis: [container('redis')],
  };
}
