import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { freemem } from 'node:os';
import { join } from 'node:path';
import { createEngineInstall } from '../adapters/docker/engine-install.ts';
import { findTools } from '../adapters/docker/engine-tools.ts';
import { RELEASE_LINES } from '../adapters/docker/images/release-lines.ts';
import { callControl } from '../adapters/host/control-socket.ts';
import { createHost } from '../adapters/host/host.ts';
import { isPortFree } from '../adapters/host/is-port-free.ts';
import { createSystemd } from '../adapters/host/systemd/systemd.ts';
import { askWeb } from '../adapters/http/ask-web.ts';
import { PROGRAMS } from '../adapters/process/programs.ts';
import type { CliActions } from '../cli/actions.ts';
import type { Config } from '../config/config.ts';
import { isGuessable } from '../config/cross-checks.ts';
import { PLATFORM_NAMES, type PlatformName } from '../domain/store.ts';
import { subnetCount } from '../domain/subnets.ts';
import { SECOND } from '../lib/time.ts';
import { platformsCheck, poolsCheck } from '../operating/doctor/capacity-checks.ts';
import { certificatesCheck, certificateWaysCheck } from '../operating/doctor/certificate-checks.ts';
import type { Check } from '../operating/doctor/check.ts';
import { choresCheck } from '../operating/doctor/chores-check.ts';
import { databaseCheck } from '../operating/doctor/database-check.ts';
import { diskCheck } from '../operating/doctor/disk-check.ts';
import { createDoctor } from '../operating/doctor/doctor.ts';
import { authorityCheck, edgeCheck } from '../operating/doctor/edge-check.ts';
import { knownDatabaseCheck } from '../operating/doctor/known-database-check.ts';
import { ledgerCheck } from '../operating/doctor/ledger-check.ts';
import {
  clockCheck,
  engineCheck,
  nodeCheck,
  programsCheck,
  rootCheck,
  runcCheck,
  timeZoneCheck,
  toolsCheck,
} from '../operating/doctor/machine-checks.ts';
import { mailCheck } from '../operating/doctor/mail-check.ts';
import { type OnDemandFacts, onDemandCheck } from '../operating/doctor/on-demand-check.ts';
import { redisCheck } from '../operating/doctor/redis-check.ts';
import { secretsCheck } from '../operating/doctor/secrets-check.ts';
import { storeContainersCheck } from '../operating/doctor/store-containers-check.ts';
import { storeFoldersCheck } from '../operating/doctor/store-folders-check.ts';
import { takenShopsCheck } from '../operating/doctor/taken-shops-check.ts';
import { webCheck } from '../operating/doctor/web-check.ts';
import { workerCheck } from '../operating/doctor/worker-check.ts';
import { stackOf } from '../stacks/index.ts';
import type { Adapters } from './adapters.ts';
import { whyUnavailable } from './availability.ts';
import { certificateNames } from './certificate-actions.ts';
import { certificateWays, createFailedAttempts } from './certificates.ts';
import { choreTurnsOf } from './chore-turns.ts';
import { archivesInside } from './images-of.ts';
import { verifyNewestLines } from './ledger.ts';
import { inspectSchema } from './schema.ts';

/** What the platform starts by itself on every machine; the other programs are for set-up and tests. */
const NEEDED_PROGRAMS = ['nginx', 'setpriv'] as const;
const CONTROL_WITHIN_MS = 2 * SECOND;
const MEBIBYTE = 1024 ** 2;
const silent = (): void => undefined;

/** `doctor` with every check on the real machine. */
export function createDoctorActions(open: () => { config: Config; adapters: Adapters }): Pick<CliActions, 'doctor'> {
  return { doctor: () => createDoctor(checksOf(open().adapters))() };
}

function checksOf(adapters: Adapters): Check[] {
  const { config, docker, repositories, edge, certificates, takenMarks } = adapters;
  const { stores, runs, workers } = repositories;
  const host = createHost({ onProgress: silent });
  const engine = createEngineInstall({
    socketPath: config.dockerSocket,
    dataDir: config.dataDir,
    host,
    onProgress: silent,
  });
  return [
    nodeCheck(process.versions.node),
    rootCheck(process.getuid?.() === 0),
    programsCheck(() =>
      [...NEEDED_PROGRAMS, ...(config.acme === undefined ? [] : (['certbot'] as const))]
        .filter((name) => !PROGRAMS[name].paths.some((path) => existsSync(path)))
        .map((name) => ({
          name,
          package: PROGRAMS[name].package,
        })),
    ),
    engineCheck(engine.look, host.isSystemd),
    toolsCheck(() => findTools(config.dataDir)),
    runcCheck(async () => {
      const { Components } = (await docker.version()) as { Components?: EngineComponent[] };
      const runc = Components?.find(({ Name }) => Name === 'runc');
      // Debian tells its own revision, which says what was mended, only here.
      const revision = runc?.Details?.GitCommit;
      return revision !== undefined && /^\d+\.\d+/.test(revision) ? revision : runc?.Version;
    }),
    diskCheck([config.dataDir, config.customersDir], host.diskSpace),
    storeFoldersCheck({
      customersDir: config.customersDir,
      activeStores: () => stores.list({ status: 'active' }),
      dataFoldersOf: (store) => stackOf(store.platform).dataFolders,
    }),
    databaseCheck({
      inspect: () => inspectSchema(config),
      managed: config.mysql.managed,
      address: `${config.mysql.host}:${config.mysql.port}`,
    }),
    knownDatabaseCheck(adapters.knownDatabase.look),
    takenShopsCheck(async () => {
      const members = await repositories.poolMembers.list();
      const setAside = members.filter(({ status }) => status === 'aside');
      return setAside.map(({ id }) => ({ id, mark: takenMarks.pathOf({ id }) }));
    }),
    redisCheck({
      ping: adapters.doorbell.ping,
      managed: config.redis.managed,
      host: config.redis.host,
      port: config.redis.port,
    }),
    workerCheck({
      workers: workers.list,
      runs: runs.counts,
      isUpRunning: () => isUpRunning(config.dataDir),
    }),
    choresCheck(choreTurnsOf(repositories)),
    webCheck({
      ask: (path, signal) => askWeb(config.webPort, path, signal),
      port: config.webPort,
      isUpRunning: () => isUpRunning(config.dataDir),
    }),
    storeContainersCheck({ stores: () => stores.list(), look: adapters.containers.look }),
    edgeCheck({
      isRunning: edge.isRunning,
      // Either page is the edge's work; whether the web process answers is looked at by itself.
      answers: async (signal) => {
        const probe = (expectState: 'live' | 'platform-down') =>
          edge.probe(config.platformHost, { expectState, certificate: 'any' }, signal);
        return probe('live').catch(() => probe('platform-down'));
      },
      isPortFree,
      ports: [config.http.port, config.http.httpsPort],
    }),
    authorityCheck(certificates.caFile),
    certificateWaysCheck(certificateWays(config)),
    certificatesCheck(async () => {
      const attempts = createFailedAttempts(repositories);
      return await Promise.all(
        (await certificateNames(adapters)).map(async (hostname) => ({
          hostname,
          facts: await certificates.find(hostname),
          failed: await attempts.find(hostname),
        })),
      );
    }),
    timeZoneCheck(Intl.DateTimeFormat().resolvedOptions().timeZone, async () => (await inspectSchema(config)).timeZone),
    clockCheck(async () => (await inspectSchema(config)).now),
    poolsCheck(async () => {
      const used = (await stores.list()).length;
      const { start, max, reserved } = config.ports;
      const ports = max - start + 1 - reserved.filter((port) => port >= start && port <= max).length;
      return [
        { name: 'ports', size: ports, used, setting: 'PORT_RANGE_MAX' },
        { name: 'networks', size: subnetCount(config.storeSubnets) - 1, used, setting: 'STORE_SUBNETS' },
        { name: 'user ids', size: config.storeUids.end - config.storeUids.start + 1, used, setting: 'STORE_UIDS' },
      ];
    }),
    platformsCheck(() =>
      Promise.all(
        PLATFORM_NAMES.filter((name) => stackOf(name).preparation === 'at-start').map(async (name) => {
          const missing = await whyUnavailable(name, adapters);
          return missing === undefined ? { name } : { name, missing };
        }),
      ),
    ),
    ...PLATFORM_NAMES.filter((name) => stackOf(name).preparation === 'on-demand').map((name) =>
      onDemandCheck(name, stackOf(name).label, () => lookAtPlatform(name, adapters, host.diskSpace)),
    ),
    mailCheck({
      smtp: config.smtp,
      check: adapters.mailer.check,
      outbox: join(config.dataDir, 'outbox'),
      isProduction: config.environment === 'production',
    }),
    ledgerCheck(async () => await verifyNewestLines(adapters)),
    secretsCheck({ dataDir: config.dataDir, secretKey: config.secretKey, isGuessable }),
  ];
}

interface EngineComponent {
  readonly Name: string;
  readonly Version: string;
  readonly Details?: { readonly GitCommit?: string };
}

/** What an operator has to know of a platform whose images are made only where somebody asks for them. */
async function lookAtPlatform(
  platform: PlatformName,
  adapters: Adapters,
  spaceOf: (folder: string) => Promise<{ readonly freeBytes: number }>,
): Promise<OnDemandFacts> {
  const { config, artifacts, images } = adapters;
  const { leastMemoryMb, demands, kernelSettings } = stackOf(platform);
  const application = demands?.application;
  const inside = application === undefined ? [] : await archivesInside(application, adapters);
  const [missing, promised, isRecorded, { freeBytes }, kernel] = await Promise.all([
    whyUnavailable(platform, adapters),
    Promise.all(inside.map(async ({ name, archive }) => archive ?? (await artifacts.whyMissing(name)) === undefined)),
    application === undefined ? false : images.isRecorded(application),
    spaceOf(config.customersDir),
    Promise.all(
      kernelSettings
        .filter(({ image }) => config.images[image] !== undefined)
        .map(async ({ name, least, image }) => ({
          name,
          least,
          setting: RELEASE_LINES[image].setting,
          value: Number(await readFile(join('/proc/sys', ...name.split('.')), 'utf8')),
        })),
    ),
  ]);
  const isNamed = application !== undefined && config.images[application] !== undefined;
  return {
    ...(missing === undefined ? {} : { missing }),
    isAskedFor: promised.some(Boolean) || isRecorded || isNamed,
    storeBytes: leastMemoryMb * MEBIBYTE,
    freeMemoryBytes: freemem(),
    freeDiskBytes: freeBytes,
    kernel,
  };
}

/** Is there somebody, an `up` or units, who keeps the processes and can restart them? */
async function isUpRunning(dataDir: string): Promise<boolean> {
  if (await createSystemd().keeps(dataDir)) return true;
  const path = join(dataDir, 'run', 'up.sock');
  const options = { signal: AbortSignal.timeout(CONTROL_WITHIN_MS), onProgress: silent };
  // Any answer will do, a refusal too.
  return callControl(path, { command: 'ping' }, options).then(
    (answer) => answer !== undefined,
    () => true,
  );
}
