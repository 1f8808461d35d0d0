import { join } from 'node:path';
import { createArtifactStore } from '../adapters/artifacts/artifact-store.ts';
import { createSealer, createSealingKeys } from '../adapters/crypto/seal.ts';
import { createApplicationInstaller } from '../adapters/docker/application-installer.ts';
import { createCompiledCode } from '../adapters/docker/compiled-code.ts';
import { createCompose } from '../adapters/docker/compose.ts';
import { createComposerProjects } from '../adapters/docker/composer-projects.ts';
import { createDockerClient } from '../adapters/docker/docker-client.ts';
import { createImageStore } from '../adapters/docker/images/image-store.ts';
import { createStoreContainers } from '../adapters/docker/store-containers.ts';
import { createEdge } from '../adapters/edge/create-edge.ts';
import { createKeptPages } from '../adapters/edge/kept-pages.ts';
import { createComposeFiles } from '../adapters/filesystem/compose-files.ts';
import { createGoldenSnapshots } from '../adapters/filesystem/golden-snapshots.ts';
import { createMailSpool } from '../adapters/filesystem/mail-spool.ts';
import { createPageSignals } from '../adapters/filesystem/page-signals.ts';
import { createPhpLimitFiles } from '../adapters/filesystem/php-limit-files.ts';
import { createSecretFiles } from '../adapters/filesystem/secret-files.ts';
import { createStoreDirectories } from '../adapters/filesystem/store-directories.ts';
import { createTakenMarks } from '../adapters/filesystem/taken-marks.ts';
import { createApt } from '../adapters/host/apt.ts';
import { withLock } from '../adapters/host/exclusive-lock.ts';
import { askForHandOver } from '../adapters/http/ask-for-hand-over.ts';
import { createRepositories, createSecretVault, openDatabase } from '../adapters/mysql/index.ts';
import { createDoorbell } from '../adapters/redis/doorbell.ts';
import { createFileMailer } from '../adapters/smtp/file-mailer.ts';
import { createSmtpMailer } from '../adapters/smtp/smtp-mailer.ts';
import type { Config } from '../config/config.ts';
import { packageRoot } from '../lib/package-root.ts';
import { MINUTE } from '../lib/time.ts';
import { servicesOf, stackOf } from '../stacks/index.ts';
import { programsOf } from '../stacks/programs-of.ts';
import { createPlatformCertificates } from './certificates.ts';
import { knownDatabaseOf, refuseAnotherDatabase } from './known-database.ts';
import { keysFor } from './secret-keys.ts';
import { composeVariablesOf } from './store-facts.ts';

export type Adapters = ReturnType<typeof createAdapters>;

const EDGE_LOCK_WAIT_MS = MINUTE;

/** Everything that touches the world, built from the configuration. Opens nothing until it is used. */
export function createAdapters(config: Config, onProgress: (line: string) => void) {
  const { customersDir, dataDir, artifactsDir } = config;
  const docker = createDockerClient(config.dockerSocket);
  const database = openDatabase({ ...config.mysql, ...config.mysql.users.worker });
  const repositories = createRepositories(database);
  const sealer = createSealer(createSealingKeys(...keysFor(config, 'sealed-secrets')));
  const apt = createApt({ onProgress });
  const keys = config.repositoryKeys;
  const artifacts = createArtifactStore({
    artifactsDir,
    dataDir,
    apt,
    pins: config.archivePins,
    composer: {
      createProject: createComposerProjects({
        docker,
        artifactsDir,
        apt,
        withLock,
        environment: {},
        packageRoot: packageRoot(),
      }),
      ...(keys === undefined ? {} : { keys: { username: keys.publicKey, password: keys.privateKey } }),
    },
    onProgress,
  });
  const certificates = createPlatformCertificates(config, repositories, apt);
  const compose = createCompose({
    binary: () => join(dataDir, 'tools', 'docker-compose'),
    socketPath: config.dockerSocket,
  });
  const containers = createStoreContainers({
    docker,
    compose,
    customersDir,
    servicesOf,
    planOf: (store) => repositories.plans.get(store.plan),
  });
  const directories = createStoreDirectories({ customersDir });
  const knownDatabase = knownDatabaseOf({ config, database, repositories, containers, directories });
  return {
    config,
    docker,
    database,
    knownDatabase,
    repositories,
    artifacts,
    certificates,
    vault: createSecretVault(database, sealer),
    doorbell: createDoorbell(config.redis),
    images: createImageStore({
      docker,
      dataDir,
      artifactsDir,
      artifacts,
      apt,
      withLock,
      imageRefs: config.images,
      environment: config.environment,
      buildArgs: config.buildArgs,
      programsOf,
      packageRoot: packageRoot(),
      onProgress,
    }),
    compiledCode: createCompiledCode({ docker, dataDir, onProgress, now: () => performance.now() }),
    containers,
    installer: createApplicationInstaller({ docker, askPage: askForHandOver }),
    directories,
    takenMarks: createTakenMarks({ customersDir }),
    golden: createGoldenSnapshots({ customersDir }),
    // Of all services: which of the optional ones a store gets is decided after its secrets are made.
    secretFiles: createSecretFiles({ customersDir, layoutOf: (store) => stackOf(store.platform).services }),
    composeFiles: createComposeFiles({
      customersDir,
      templateOf: (store) => join(packageRoot(), 'stacks', stackOf(store.platform).folder, 'compose.yml'),
      variablesOf: (store) => composeVariablesOf(config, store),
    }),
    phpLimitFiles: createPhpLimitFiles({ customersDir }),
    spool: createMailSpool({ customersDir }),
    mailer:
      config.smtp === undefined
        ? createFileMailer({ folder: join(dataDir, 'outbox'), from: config.mailFrom })
        : createSmtpMailer({ ...config.smtp, from: config.mailFrom }),
    keptPages: createKeptPages({ dataDir, pageCacheMb: config.pageCacheMb }),
    pageSignals: createPageSignals({ customersDir }),
    edge: createEdge({
      dataDir,
      httpPort: config.http.port,
      httpsPort: config.http.httpsPort,
      listenAddress: config.http.listenAddress,
      baseDomain: config.baseDomain,
      platformHost: config.platformHost,
      webPort: config.webPort,
      pageCacheMb: config.pageCacheMb,
      user: 'shophosting-edge',
      withLock: (fn) =>
        database.withLock(`edge-${config.instanceId}`, EDGE_LOCK_WAIT_MS, AbortSignal.timeout(EDGE_LOCK_WAIT_MS), fn),
      // Or every shop that it knows nothing of would be taken off the edge.
      listRoutes: async () => {
        await refuseAnotherDatabase(knownDatabase);
        return await repositories.routes.list();
      },
      findRoute: (hostname) => repositories.routes.find(hostname),
      certificates: certificates.forEdge,
    }),
    async close(): Promise<void> {
      await this.doorbell.close();
      await database.close();
    },
  };
}
