import type Docker from 'dockerode';
import type { ContainerInspectInfo } from 'dockerode';
import { AppError } from '../../domain/errors.ts';
import { probeUntil } from '../../lib/deadline.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { engineCall, ifThere, statusOf } from './docker-client.ts';
import { execInContainer } from './exec-in-container.ts';
import {
  containerNameOf,
  networkNameOf,
  PLATFORM_SERVICES,
  type PlatformService,
  platformNetworkOf,
  type ServiceSettings,
  type ServiceSpec,
  SPEC_LABEL,
  serviceSpecs,
} from './platform-service-specs.ts';
import { type FolderIdentity, identityOf, layOutFolders, writesElsewhere } from './service-folders.ts';

/** A first start initialises a database; a start after a crash replays its log. */
const READY_TIMEOUT_MS = 3 * MINUTE;
/** MySQL writes its pool back; killed it would lose nothing, but start slower. */
const STOP_TIMEOUT_S = 30;

export interface ServiceState {
  readonly isRunning: boolean;
  /** What the engine's health check said last. */
  readonly health: 'healthy' | 'starting' | 'unhealthy' | 'unknown';
  readonly pid?: number;
  readonly detail: string;
}

export interface PlatformServices {
  /** Those we run here; the others are the operator's. */
  readonly managed: readonly PlatformService[];
  /**
   * Network and containers are there, current and answering. May repeat: what already is as it should be is not
   * touched, what changed (image, settings, passwords) is made again over the same data. A Redis whose folder was deleted
   * begins anew over an empty one.
   */
  ensure(signal: AbortSignal): Promise<void>;
  /** Orderly; they stay stopped until the next `ensure`, also when the engine restarts. */
  stop(signal: AbortSignal): Promise<void>;
  /** Containers and network; the data stays. */
  remove(signal: AbortSignal): Promise<void>;
  state(service: PlatformService): Promise<ServiceState | undefined>;
  /**
   * A cheap look, by the engine's word: all we manage run, none is unhealthy or started again and again in vain. And what
   * the last `ensure` of this object saw to has the folder that it had then.
   */
  areRunning(): Promise<boolean>;
}

/** The platform's MySQL and Redis as containers from our own images, straight through the engine. */
export function createPlatformServices(parts: {
  readonly docker: Docker;
  readonly settings: ServiceSettings;
  /** The account they run as. */
  readonly findUser: () => Promise<{ readonly uid: number; readonly gid: number }>;
  readonly imageIdOf: (name: PlatformService, signal: AbortSignal) => Promise<string>;
  readonly onProgress: (line: string) => void;
}): PlatformServices {
  const { docker, settings, onProgress } = parts;
  const { instanceId } = settings;
  const managed = PLATFORM_SERVICES.filter((service) => settings[service] !== undefined);
  const containerOf = (service: PlatformService) => docker.getContainer(containerNameOf(instanceId, service));
  /** The data folders that containers are known to write to, of those that can be given another. */
  const folders = new Map<string, FolderIdentity>();
  const inspect = (service: PlatformService) => ifThere(`Looking at ${service}`, () => containerOf(service).inspect());

  async function ensure(signal: AbortSignal): Promise<void> {
    if (managed.length === 0) return;
    const user = await parts.findUser();
    const idOf = (service: PlatformService) =>
      settings[service] ? parts.imageIdOf(service, signal) : Promise.resolve('');
    const [mysql, redis] = await Promise.all([idOf('mysql'), idOf('redis')]);
    await ensureNetwork(docker, settings, managed);
    const specs = serviceSpecs(settings, user, { mysql, redis });
    // All of them to their end, so that after a throw nothing is still being started behind the caller's back.
    const results = await Promise.allSettled(specs.map((spec) => ensureService(spec, user, signal)));
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  async function ensureService(spec: ServiceSpec, user: Account, signal: AbortSignal): Promise<void> {
    const { service, mayBeEmptied, dataFolder } = spec;
    let folder = await layOutFolders(spec, user);
    const present = await inspect(service);
    const isThere = present !== undefined && isCurrent(present, spec);
    if (present !== undefined && !isThere) {
      onProgress(`Making ${service} again: its image or settings changed`);
      await stopNow(service);
      await engineCall(`Removing ${service}`, () => containerOf(service).remove({ force: true }));
    }
    if (!isThere) await engineCall(`Creating ${service}`, () => docker.createContainer(spec.options));
    if (!isThere || (await mustBegin(spec, present, folder, signal))) {
      await startNow(service);
      folder = await untilAnswering(spec, user, folder, signal);
    }
    if (mayBeEmptied) folders.set(dataFolder, folder);
  }

  /** Is there a start to wait for? It has been stopped where it could not begin otherwise. */
  async function mustBegin(
    spec: ServiceSpec,
    { State: state }: ContainerInspectInfo,
    folder: FolderIdentity,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { service } = spec;
    const isElsewhere = state.Running && spec.mayBeEmptied && (await writesElsewhere(docker, spec, folder, signal));
    if (isElsewhere) tellOfFolder(service);
    // The engine's next attempt at one that ended again and again may be a minute away.
    if (isElsewhere || state.Restarting) await stopNow(service);
    else if (state.Running && state.Health?.Status === 'healthy') return false;
    return true;
  }

  const tellOfFolder = (service: PlatformService) =>
    onProgress(`Starting ${service} again: its folder was taken away from under it; it begins anew`);

  const startNow = (service: PlatformService) =>
    engineCall(`Starting ${service}`, () => containerOf(service).start().catch(ignore(304)));
  const stopNow = (service: PlatformService) =>
    engineCall(`Stopping ${service}`, () => containerOf(service).stop({ t: STOP_TIMEOUT_S }).catch(ignore(304)));

  async function areFoldersAsNoted(): Promise<boolean> {
    const now = await Promise.all([...folders].map(async ([folder, noted]) => (await identityOf(folder)) === noted));
    return now.every(Boolean);
  }

  /** Returns its data folder, which is another than `begunOver` where that was taken away meanwhile. */
  async function untilAnswering(
    spec: ServiceSpec,
    user: Account,
    begunOver: FolderIdentity,
    signal: AbortSignal,
  ): Promise<FolderIdentity> {
    const { service, dataFolder, mayBeEmptied } = spec;
    let folder = begunOver;
    const deadline = AbortSignal.timeout(READY_TIMEOUT_MS);
    const both = AbortSignal.any([signal, deadline]);
    try {
      let attempts = 0;
      await probeUntil(
        async () => {
          if (await isAnswering(service, both)) return true;
          if (!mayBeEmptied) return undefined;
          const { State: state, RestartCount: count = 0 } = (await inspect(service)) ?? {};
          if ((await identityOf(dataFolder)) !== folder) {
            tellOfFolder(service);
            folder = await layOutFolders(spec, user);
            await stopNow(service);
            await startNow(service);
          } else if (state?.Restarting && count !== attempts) {
            // Where the folder was missing the engine has made one, of root, maybe as the same one for all that can be
            // seen. Once for each of its attempts.
            folder = await layOutFolders(spec, user);
            attempts = count;
          }
          return undefined;
        },
        { signal: both, firstDelayMs: 20, maxDelayMs: 250 },
      );
      return folder;
    } catch (error) {
      signal.throwIfAborted();
      if (!deadline.aborted) throw error;
      throw new AppError(
        'container_unhealthy',
        `The platform's ${service} does not answer after ${READY_TIMEOUT_MS / SECOND} s.`,
        {
          cause: error,
          retryable: true,
          hint: `See why: shopctl logs ${service}`,
        },
      );
    }
  }

  /** Runs the image's own health command. A container that has just died is started again by the engine: not yet. */
  async function isAnswering(service: PlatformService, signal: AbortSignal): Promise<boolean> {
    try {
      const { exitCode } = await execInContainer(
        docker,
        containerNameOf(instanceId, service),
        ['/usr/local/bin/healthcheck'],
        { signal },
      );
      return exitCode === 0;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof AppError && error.code === 'docker_unavailable') throw error;
      return false;
    }
  }

  async function stop(signal: AbortSignal): Promise<void> {
    await Promise.all(
      managed.map((service) =>
        ifThere(`Stopping ${service}`, () =>
          containerOf(service).stop({ t: STOP_TIMEOUT_S, abortSignal: signal }).catch(ignore(304)),
        ),
      ),
    );
  }

  return {
    managed,
    ensure,
    stop,
    async remove(signal) {
      await stop(signal);
      for (const service of PLATFORM_SERVICES) {
        await ifThere(`Removing ${service}`, () => containerOf(service).remove({ force: true, v: true }));
      }
      await ifThere('Removing the network', () => docker.getNetwork(networkNameOf(instanceId)).remove());
    },
    async state(service) {
      const info = await inspect(service);
      return info === undefined ? undefined : stateOf(info);
    },
    async areRunning() {
      const found = await Promise.all(managed.map(inspect));
      return found.every(isWell) && (await areFoldersAsNoted());
    },
  };
}

interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** One that ends at once whenever it is started counts as running while the engine waits for its next attempt. */
const isWell = (info: ContainerInspectInfo | undefined): boolean =>
  info?.State.Running === true && !info.State.Restarting && info.State.Health?.Status !== 'unhealthy';

const isCurrent = (info: ContainerInspectInfo, spec: ServiceSpec): boolean =>
  info.Config.Labels[SPEC_LABEL] === spec.options.Labels?.[SPEC_LABEL];

/** 304 = it already is as asked. */
const ignore =
  (status: number) =>
  (error: unknown): void => {
    if (statusOf(error) !== status) throw error;
  };

async function ensureNetwork(
  docker: Docker,
  settings: ServiceSettings,
  managed: readonly PlatformService[],
): Promise<void> {
  const { instanceId, storeSubnets } = settings;
  const name = networkNameOf(instanceId);
  const { subnet, gateway } = platformNetworkOf(storeSubnets);
  const present = await ifThere('Looking at the platform network', () => docker.getNetwork(name).inspect());
  if (present?.IPAM?.Config?.[0]?.Subnet === subnet) return;
  if (present !== undefined) {
    // STORE_SUBNETS changed: the containers are made again below, over the same data.
    for (const service of managed) {
      const container = docker.getContainer(containerNameOf(instanceId, service));
      await ifThere(`Stopping ${service}`, () => container.stop({ t: STOP_TIMEOUT_S }).catch(ignore(304)));
      await ifThere(`Removing ${service}`, () => container.remove({ force: true }));
    }
    await engineCall('Removing the old platform network', () => docker.getNetwork(name).remove());
  }
  try {
    await docker.createNetwork({
      Name: name,
      CheckDuplicate: true,
      Driver: 'bridge',
      IPAM: { Driver: 'default', Config: [{ Subnet: subnet, Gateway: gateway }] },
      Labels: { 'shophosting.instance': instanceId },
    });
  } catch (error) {
    if (statusOf(error) === 409) return;
    throw new AppError(
      'subnets_exhausted',
      `The platform's network ${subnet} could not be made: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
        hint: 'When another network has these addresses, set STORE_SUBNETS to a free block such as 10.220.0.0/16.',
      },
    );
  }
}

function stateOf(info: ContainerInspectInfo): ServiceState {
  const { State: state } = info;
  const reported = state.Health?.Status;
  const health = reported === 'healthy' || reported === 'starting' || reported === 'unhealthy' ? reported : 'unknown';
  if (state.Running) {
    return {
      isRunning: true,
      health,
      pid: state.Pid,
      detail: `running since ${state.StartedAt.slice(0, 19)}Z, ${health}`,
    };
  }
  return {
    isRunning: false,
    health: 'unknown',
    detail: `${state.Status}, exit code ${state.ExitCode}${state.Error ? `: ${state.Error}` : ''}`,
  };
}
