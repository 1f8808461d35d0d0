import type { ReadyView, UpInput } from '../cli/actions.ts';
import { AppError, toAppError } from '../domain/errors.ts';
import { probeUntil } from '../lib/deadline.ts';
import { MINUTE, SECOND } from '../lib/time.ts';
import { keepServicesUp } from './keep-services-up.ts';
import { openPromise } from './open-promise.ts';
import type { Control, Platform, ProcessKind, TakeLock } from './platform.ts';
import { createProgress, type Progress } from './progress.ts';
import { tipsFor } from './ready-tips.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';

/** From the start of a process to its first sign of work. */
const PROCESS_READY_WITHIN_MS = MINUTE;
const STOP_SERVICES_WITHIN_MS = MINUTE;
const PARTS = 8;

/**
 * `up`: takes the lock of `DATA_DIR`, opens the platform (settings are read only now, so that first choices are made
 * under the lock), brings up what is missing from the ground up, then stays and keeps it up. Resolves when the signal
 * aborts or `down` asks, and everything but the edge and the stores has stopped. Throws `already_running` at once when
 * another `up` holds the lock; after any other failure what it had started is stopped again.
 */
export function createUp(parts: {
  readonly dataDir: string;
  readonly takeLock: TakeLock;
  readonly control: Control;
  readonly open: (onProgress: (line: string) => void) => Promise<Platform>;
}) {
  return async function up(input: UpInput): Promise<void> {
    const lock = await parts.takeLock();
    if (lock === undefined) throw alreadyRunning(parts.dataDir);
    try {
      await holdUp(parts, input);
    } finally {
      lock.release();
    }
  };
}

async function holdUp({ control, open }: Parameters<typeof createUp>[0], input: UpInput): Promise<void> {
  const asked = new AbortController();
  const signal = AbortSignal.any([input.signal, asked.signal]);
  const story = createStory(input.onProgress);
  const progress = createProgress(story.tell, input.demo ? PARTS + 1 : PARTS);
  const stopped = openPromise<void>();
  let supervisor: Supervisor | undefined;
  const server = await control.serve(async (request, say) => {
    if (request['command'] === 'ping') return null;
    if (request['command'] === 'watch') return story.follow(say);
    if (request['command'] === 'pids') return supervisor?.pidsOf(kindNamed(request['service'])) ?? [];
    if (request['command'] === 'stop') {
      asked.abort();
      return stopped.promise;
    }
    if (request['command'] !== 'restart')
      throw new AppError('internal_error', `up knows no command ${request['command']}.`);
    await restartAsked(supervisor, request['service'], signal);
    return null;
  });
  let platform: Platform | undefined;
  try {
    platform = await open(progress.say);
    const started = platform;
    story.keepIn(started.log);
    supervisor = createSupervisor(started.processes, story.tell);
    const demo = await bringUp(started, supervisor, progress, input.demo, signal);
    const ready = {
      ...readyFacts(started),
      elapsedMs: Math.round(performance.now()),
      demo,
      tips: tipsFor(started.facts),
    };
    story.isReady(ready);
    input.onReady(ready);
    await keepServicesUp(started, story.tell, signal);
  } catch (error) {
    if (!signal.aborted) {
      story.failed(error);
      throw error;
    }
  } finally {
    await shutDown(platform, supervisor, story.tell);
    stopped.resolve(undefined);
    await server.close();
  }
}

/** Each part is there when the next begins. Cheap where nothing is missing: a second start takes seconds. */
async function bringUp(
  platform: Platform,
  supervisor: Supervisor,
  progress: Progress,
  isDemoWanted: boolean,
  signal: AbortSignal,
): Promise<ReadyView['demo']> {
  progress.begin('Host: packages, accounts, folders');
  await platform.ensureHost(signal);
  progress.begin('Docker engine');
  progress.say(await platform.ensureEngine(signal));
  progress.begin('Tools: Compose, buildx');
  await platform.ensureTools(signal);
  progress.begin('Images');
  progress.say(await platform.prepareImages(signal));
  progress.begin('Services: MySQL, Redis');
  if (platform.services.managed.length < 2) progress.say('what DB_HOST or REDIS_HOST name is used as it is');
  await platform.services.ensure(signal);
  progress.begin('Database schema');
  progress.say(await platform.ensureSchema(signal));
  progress.begin('Edge');
  await platform.edge.start(signal);
  progress.begin(`Processes: ${platform.processes.map(({ name, count }) => `${count} ${name}`).join(', ')}`);
  supervisor.startAll();
  await Promise.all(platform.processes.map((kind) => untilAtWork(kind, supervisor, signal)));
  const restarted = await platform.stores.startAll(signal);
  if (restarted > 0) progress.say(`${restarted} stores that were stopped run again`);
  if (!isDemoWanted) return null;
  progress.begin('Demo store');
  return platform.ensureDemo(signal, progress.say);
}

async function untilAtWork(kind: ProcessKind, supervisor: Supervisor, signal: AbortSignal): Promise<void> {
  const deadline = AbortSignal.timeout(PROCESS_READY_WITHIN_MS);
  try {
    await probeUntil(
      async () => {
        const pids = supervisor.pidsOf(kind.name);
        if (pids.length < kind.count) return undefined;
        const ready = await Promise.all(pids.map((pid) => kind.isReady(pid)));
        return ready.every(Boolean) ? true : undefined;
      },
      { signal: AbortSignal.any([signal, deadline]), firstDelayMs: 20, maxDelayMs: 500 },
    );
  } catch (error) {
    signal.throwIfAborted();
    if (!deadline.aborted) throw error;
    throw new AppError(
      'internal_error',
      `The ${kind.name} did not get to work within ${PROCESS_READY_WITHIN_MS / SECOND} s.`,
      {
        cause: error,
        hint: `See why: shopctl logs ${kind.name}`,
      },
    );
  }
}

async function restartAsked(
  supervisor: Supervisor | undefined,
  name: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (supervisor === undefined)
    throw new AppError('not_allowed_now', 'The platform is just starting.', { retryable: true });
  await supervisor.restart(kindNamed(name), signal);
}

function kindNamed(name: string | undefined): ProcessKind['name'] {
  if (name === 'worker' || name === 'web') return name;
  throw new AppError('invalid_input', `up does not keep ${name}.`);
}

/** Workers first, while the database still answers them. The edge and the stores serve on. */
async function shutDown(
  platform: Platform | undefined,
  supervisor: Supervisor | undefined,
  tell: (line: string) => void,
): Promise<void> {
  if (platform === undefined) return;
  tell('Stopping: processes finish or park what they are at');
  await supervisor?.stopAll();
  if (platform.services.managed.length > 0) tell(`Stopping ${platform.services.managed.join(' and ')}`);
  try {
    await platform.services.stop(AbortSignal.timeout(STOP_SERVICES_WITHIN_MS));
  } catch (error) {
    // An engine that is away has stopped them too.
    tell(`Could not stop them: ${toAppError(error).message}`);
  }
  await platform.close();
  tell('Stopped. The edge and the stores keep serving; shopctl down --stores stops them too.');
  platform.log.close();
}

function readyFacts({ facts }: Platform): Omit<ReadyView, 'elapsedMs' | 'demo' | 'tips'> {
  const { baseDomain: _base, httpsPort: _port, listenAddress: _address, certificates: _ways, ...rest } = facts;
  return rest;
}

/** What `up` tells: to whoever started it, to its log, and to `up --detach` that looks over its shoulder. */
function createStory(onProgress: (line: string) => void) {
  const told: string[] = [];
  const followers = new Set<(line: string) => void>();
  const ready = openPromise<ReadyView>();
  let log: Platform['log'] | undefined;
  return {
    tell(line: string): void {
      told.push(line);
      onProgress(line);
      log?.write(line);
      for (const follow of followers) follow(line);
    },
    keepIn(file: Platform['log']): void {
      log = file;
      for (const line of told) file.write(line);
    },
    isReady: (view: ReadyView): void => ready.resolve(view),
    failed: (error: unknown): void => ready.reject(error),
    /** From the first line on, until ready. */
    follow(say: (line: string) => void): Promise<ReadyView> {
      for (const line of told) say(line);
      followers.add(say);
      return ready.promise.finally(() => followers.delete(say));
    },
  };
}

function alreadyRunning(dataDir: string): AppError {
  return new AppError('already_running', `The platform of ${dataDir} is up already.`, {
    hint: 'See: shopctl status. Stop it: shopctl down. A second instance needs another DATA_DIR, CUSTOMERS_DIR, STORE_SUBNETS and STORE_UIDS.',
  });
}
