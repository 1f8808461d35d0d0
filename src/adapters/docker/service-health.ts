import type Docker from 'dockerode';
import type { ContainerInspectInfo } from 'dockerode';
import { AppError } from '../../domain/errors.ts';
import { containerOf } from '../../domain/names.ts';
import { lastLineOf } from '../../domain/service-looks.ts';
import type { Store } from '../../domain/store.ts';
import { probeUntil } from '../../lib/deadline.ts';
import { SECOND } from '../../lib/time.ts';
import { withoutFrameHeaders } from './container-logs.ts';
import { ifThere } from './docker-client.ts';
import { execInContainer } from './exec-in-container.ts';
import { doorOf, opensWithin } from './knock.ts';

/** How a service says that it can serve. */
export interface HealthFacts {
  readonly healthCommand: readonly string[];
  readonly mendedByInstaller?: RegExp;
}

export interface ServiceHealthDeps {
  readonly docker: Docker;
  readonly inspect: (store: Store, service: string) => Promise<ContainerInspectInfo | undefined>;
}

const READY_WITHIN_MS = 90 * SECOND;
const FIRST_PROBE_MS = 20;
const SLOWEST_PROBE_MS = 250;
/** How long a closed port is knocked at before the container's state is looked at again. */
const KNOCKS_MS = 250;
/** A health command is run that seldom where no port opens: this machine may have no way to it. */
const ASK_ANYWAY_MS = 2 * SECOND;
/** The engine doubles its pause after each; whoever ends that often at once will go on doing so. */
const HOPELESS_RESTARTS = 5;
const LOG_TAIL_LINES = 40;

/** Waits for a store's services, and tells why one does not get well. */
export function createServiceHealth({ docker, inspect }: ServiceHealthDeps) {
  async function logTail(store: Store, service: string): Promise<string> {
    const bytes = await ifThere(`logs of ${service}`, () =>
      docker.getContainer(containerOf(store, service)).logs({ stdout: true, stderr: true, tail: LOG_TAIL_LINES }),
    );
    return bytes === undefined ? '' : withoutFrameHeaders(bytes);
  }

  async function unhealthy(store: Store, service: string, why: string, cause?: unknown): Promise<never> {
    throw new AppError('container_unhealthy', `The ${service} service of ${store.id} ${why}.`, {
      cause,
      retryable: true,
      logTail: await logTail(store, service).catch(() => ''),
      hint: `Look at its log: shopctl store logs ${store.id} --service ${service}`,
    });
  }

  /**
   * Healthy = the image's own health command says so, or names what the installer mends, which comes next in a repair and is
   * told as ill after a restart: asked often at the start, since the engine's first look comes late. Running a command in a
   * container costs as much as a page, a knock at its port next to nothing: so the command is run when the port is open.
   */
  async function waitUntilHealthy(
    store: Store,
    service: string,
    facts: HealthFacts,
    signal: AbortSignal,
  ): Promise<void> {
    const deadline = AbortSignal.timeout(READY_WITHIN_MS);
    const within = AbortSignal.any([signal, deadline]);
    const restartsBefore = (await inspect(store, service))?.RestartCount ?? 0;
    const lookAlive = async (): Promise<ContainerInspectInfo> => {
      const info = await inspect(store, service);
      const restarts = info?.RestartCount ?? 0;
      // Between two starts the engine pauses ever longer: whoever sits in such a pause has had his chances.
      const isGivenUp = info?.State.Restarting === true && restarts >= HOPELESS_RESTARTS;
      if (isGivenUp || restarts - restartsBefore >= HOPELESS_RESTARTS) {
        return unhealthy(store, service, `ended again and again right after its start (${restarts} times)`);
      }
      if (info === undefined || (!info.State.Running && !info.State.Restarting)) {
        return unhealthy(store, service, `ended with exit code ${info?.State.ExitCode ?? 'unknown'}`);
      }
      return info;
    };
    let askedAt = performance.now();
    try {
      await probeUntil(
        async () => {
          for (let isShut = true; isShut; ) {
            const door = doorOf(await lookAlive());
            const isOverdue = performance.now() - askedAt >= ASK_ANYWAY_MS;
            isShut = door !== undefined && !isOverdue && !(await opensWithin(door, KNOCKS_MS, within));
          }
          askedAt = performance.now();
          return (await isReady(store, service, facts, within)) ? true : undefined;
        },
        { signal: within, firstDelayMs: FIRST_PROBE_MS, maxDelayMs: SLOWEST_PROBE_MS },
      );
    } catch (error) {
      if (signal.aborted || !deadline.aborted) throw error;
      await unhealthy(store, service, `did not get healthy within ${READY_WITHIN_MS / SECOND} s`, error);
    }
  }

  async function isReady(store: Store, service: string, facts: HealthFacts, signal: AbortSignal): Promise<boolean> {
    const { healthCommand, mendedByInstaller } = facts;
    try {
      const look = await execInContainer(docker, containerOf(store, service), healthCommand, { signal });
      return look.exitCode === 0 || mendedByInstaller?.test(lastLineOf(look.output) ?? '') === true;
    } catch (error) {
      signal.throwIfAborted();
      // Not running yet, or restarting: the caller looks at its state.
      if (error instanceof AppError && error.code === 'command_failed') return false;
      throw error;
    }
  }

  return { logTail, waitUntilHealthy };
}
