import { join } from 'node:path';
import { readContainerLogs } from '../adapters/docker/container-logs.ts';
import { containerNameOf, type PlatformService } from '../adapters/docker/platform-service-specs.ts';
import { tryLock } from '../adapters/host/exclusive-lock.ts';
import { isPortFree } from '../adapters/host/is-port-free.ts';
import { readLogFile } from '../adapters/host/read-log-file.ts';
import { createSystemd } from '../adapters/host/systemd/systemd.ts';
import { startDetached } from '../adapters/process/start-program.ts';
import type { CliActions } from '../cli/actions.ts';
import type { Config } from '../config/config.ts';
import { explainConfig } from '../config/explain-config.ts';
import { loadConfig, prepareConfig } from '../config/load-config.ts';
import { ownSources, readSettings } from '../config/read-settings.ts';
import { PLATFORM_NAMES } from '../domain/store.ts';
import { parsePlatform } from '../domain/store-input.ts';
import { packageRoot } from '../lib/package-root.ts';
import { createDown } from '../operating/down.ts';
import { createUnitsDown, createUnitsRestart, refuseUp } from '../operating/kept-by-units.ts';
import { createRestart } from '../operating/restart.ts';
import { createShowLogs, type LogSource } from '../operating/show-logs.ts';
import { createUp } from '../operating/up.ts';
import { createDetachedUp } from '../operating/up-detached.ts';
import { createAccessActions } from './access-actions.ts';
import { type Adapters, createAdapters } from './adapters.ts';
import { createCertificateActions } from './certificate-actions.ts';
import { compileCode } from './compile-code.ts';
import { controlOf } from './control.ts';
import { createDeletionActions } from './deletion-preview.ts';
import { createDeskActions } from './desk-actions.ts';
import { createDoctorActions } from './doctor.ts';
import { createDomainActions } from './domain-actions.ts';
import { install } from './install/install.ts';
import { createDatabaseActions } from './known-database.ts';
import { createLedgerActions } from './ledger.ts';
import { createMailActions } from './mail-actions.ts';
import { createOperatorActions, identityAt } from './operator-actions.ts';
import { createOutboxActions } from './outbox-actions.ts';
import { createPlatform, servicesOf, storesAsOne } from './platform.ts';
import { createPoolActions } from './pool-actions.ts';
import { prepareImages } from './prepare-images.ts';
import { ensureSchema, readMigrations } from './schema.ts';
import { createSecretActions } from './secret-actions.ts';
import { createShopActions } from './shop-actions.ts';
import { readStatus } from './status.ts';
import { createStoreActions } from './store-actions.ts';
import { createTokenActions } from './token-actions.ts';
import { runUnit, units } from './units.ts';
import { createWebhookActions } from './webhook-actions.ts';

const silent = (): void => undefined;
const LOG_LINES = 1000;

/** `shopctl` from the first command on: what needs the machine set up reads its choices, `up` makes them. */
export function createActions(): CliActions & { close(): Promise<void> } {
  const { DATA_DIR: dataDir } = readSettings(ownSources()).values;
  const control = controlOf(dataDir);
  const systemd = createSystemd();
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
    up: async (input) => {
      if (await systemd.keeps(dataDir)) refuseUp(dataDir);
      await (input.detach ? upDetached(input) : upHere(input));
    },
    down: async (input) => {
      const { adapters } = open(input.onProgress);
      if (await systemd.keeps(dataDir)) return createUnitsDown(units, storesAsOne(adapters))(input);
      const { edge } = adapters;
      return createDown({
        control,
        services: servicesOf(adapters, input.onProgress),
        edge,
        stores: storesAsOne(adapters),
      })(input);
    },
    restart: async (input) =>
      (await systemd.keeps(dataDir))
        ? createUnitsRestart(units)(input)
        : createRestart({ control, edge: open(input.onProgress).adapters.edge, kinds: ['worker', 'web'] })(input),
    logs: (input) => createShowLogs(logSources(open().adapters))(input),
    status: () => readStatus(open().adapters, control),
    install,
    unit: runUnit,
    whoAmI: async () => identityAt(open().config),
    async config() {
      return explainConfig();
    },
    async migrate({ onlyStatus, signal }) {
      const { config, adapters } = open();
      if (!onlyStatus) await ensureSchema(adapters, signal);
      return readMigrations(config);
    },
    async prepareImages({ platform, signal, onProgress }) {
      const { adapters } = open(onProgress);
      const wished = platform === undefined ? undefined : parsePlatform(platform);
      const prepared = await prepareImages(adapters, wished, signal);
      await compileCode(wished === undefined ? PLATFORM_NAMES : [wished], adapters, signal, onProgress);
      return prepared;
    },
    listImages: async () => open().adapters.images.list(),
    listArtifacts: async () => open().adapters.artifacts.list(),
    addArtifact: async ({ file, signal, onProgress }) => open(onProgress).adapters.artifacts.add(file, signal),
    ...createDoctorActions(open),
    ...createMailActions(() => open().adapters),
    ...createDeskActions(() => open().adapters),
    ...createOutboxActions(() => open().adapters),
    ...createTokenActions(() => open().adapters),
    ...createWebhookActions(() => open().adapters),
    ...createCertificateActions(() => open().adapters),
    ...createLedgerActions(() => open().adapters),
    ...createAccessActions(() => open().adapters),
    ...createOperatorActions(() => open().adapters),
    ...createDeletionActions(() => open().adapters),
    ...createPoolActions(() => open().adapters),
    ...createSecretActions(() => open().adapters),
    ...createDatabaseActions(() => open().adapters),
    ...createShopActions(() => open().adapters),
    ...createDomainActions(() => open().adapters),
    createStore: (input) => storeActions().createStore(input),
    listStores: (filter) => storeActions().listStores(filter),
    findStore: (id) => storeActions().findStore(id),
    readCredentials: (id) => storeActions().readCredentials(id),
    storeLogs: (input) => storeActions().storeLogs(input),
    retryStore: (id) => storeActions().retryStore(id),
    repairStore: (id) => storeActions().repairStore(id),
    suspendStore: (input) => storeActions().suspendStore(input),
    resumeStore: (id) => storeActions().resumeStore(id),
    restartStore: (id) => storeActions().restartStore(id),
    resizeStore: (input) => storeActions().resizeStore(input),
    rotateStore: (input) => storeActions().rotateStore(input),
    undoDeleteStore: (id) => storeActions().undoDeleteStore(id),
    deleteStore: (id) => storeActions().deleteStore(id),
    queue: () => storeActions().queue(),
    listJobs: (filter) => storeActions().listJobs(filter),
    retryJob: (id) => storeActions().retryJob(id),
    listCustomers: (filter) => storeActions().listCustomers(filter),
    findCustomer: (id) => storeActions().findCustomer(id),
    resetSecondFactor: (id) => storeActions().resetSecondFactor(id),
    createAdmin: (input) => storeActions().createAdmin(input),
    async close() {
      await opened?.adapters.close();
    },
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
