import type { ServiceView } from '../cli/actions.ts';
import { SECOND } from '../lib/time.ts';
import type { Look } from './status.ts';

/** Heartbeats come every few seconds; who missed that many is not at work. */
export const SILENT_AFTER_MS = 20 * SECOND;

export interface WorkerSign {
  readonly pid: number;
  readonly hostname: string;
  readonly silentMs: number;
}

/** The engine, by its own word. */
export const lookAtEngine =
  (look: (signal: AbortSignal) => Promise<{ readonly version: string } | undefined>): Look =>
  async (signal) => {
    const facts = await look(signal);
    return facts === undefined ? down('does not answer') : up(`version ${facts.version}`);
  };

/** MySQL: it answers, its schema is this version's, and it is the database that belongs to the stores here. */
export const lookAtMysql =
  (parts: {
    readonly ping: (signal: AbortSignal) => Promise<void>;
    readonly pendingMigrations: () => Promise<readonly string[]>;
    readonly isStrange: () => Promise<boolean>;
    readonly pidOf: () => Promise<number | undefined>;
    readonly address: string;
  }): Look =>
  async (signal) => {
    await parts.ping(signal);
    const [pending, pid] = await Promise.all([parts.pendingMigrations(), parts.pidOf().catch(() => undefined)]);
    const degraded = (detail: string): ServiceView => ({ state: 'degraded', detail, ...withPid(pid) });
    if (pending.length > 0) return degraded(`${pending.length} migrations pending; run: shopctl migrate`);
    if (await parts.isStrange()) return degraded('not the database that belongs to the stores here');
    return { ...up(parts.address), ...withPid(pid) };
  };

/** Redis: it answers and keeps what it is given. */
export const lookAtRedis =
  (parts: {
    readonly ping: () => Promise<{
      readonly appendOnly: boolean;
      readonly evictionPolicy: string;
      readonly version: string;
    }>;
    readonly pidOf: () => Promise<number | undefined>;
    readonly address: string;
  }): Look =>
  async () => {
    const [facts, pid] = await Promise.all([parts.ping(), parts.pidOf().catch(() => undefined)]);
    const wrong = [
      ...(facts.appendOnly ? [] : ['appendonly is off']),
      ...(facts.evictionPolicy === 'noeviction' ? [] : [`maxmemory-policy is ${facts.evictionPolicy}`]),
    ];
    const detail = wrong.length === 0 ? `version ${facts.version}, ${parts.address}` : wrong.join(', ');
    return { state: wrong.length === 0 ? 'up' : 'degraded', detail, ...withPid(pid) };
  };

/** The edge: our own nginx runs. */
export const lookAtEdge =
  (isRunning: () => Promise<{ readonly pid: number } | undefined>, address: string): Look =>
  async () => {
    const running = await isRunning();
    return running === undefined ? down('not running') : { ...up(address), pid: running.pid };
  };

/** Workers, by their heartbeats in the database: also those that no `up` of this machine started. */
export const lookAtWorkers =
  (list: () => Promise<readonly WorkerSign[]>): Look =>
  async () => {
    const all = await list();
    const alive = all.filter(({ silentMs }) => silentMs < SILENT_AFTER_MS);
    if (alive.length === 0)
      return down(all.length === 0 ? 'no worker is registered' : 'no worker has shown a sign of life lately');
    return { ...up(alive.length === 1 ? '1 process' : `${alive.length} processes`), pids: alive.map(({ pid }) => pid) };
  };

/** The web process: it answers, and so does what it needs (`/readyz`). */
export const lookAtWeb =
  (parts: {
    readonly ask: (
      path: '/healthz' | '/readyz',
      signal: AbortSignal,
    ) => Promise<{ readonly status: number; readonly state: string | undefined }>;
    readonly pidOf: () => Promise<number | undefined>;
    readonly address: string;
  }): Look =>
  async (signal) => {
    const pid = withPid(await parts.pidOf().catch(() => undefined));
    const alive = await parts.ask('/healthz', signal).catch(() => undefined);
    if (alive === undefined) return { ...down(`does not answer at ${parts.address}`), ...pid };
    if (alive.status !== 200) return { ...down(`answers ${alive.status} at ${parts.address}`), ...pid };
    const ready = await parts.ask('/readyz', signal);
    if (ready.status !== 200)
      return { state: 'degraded', detail: `not ready (${ready.state ?? ready.status})`, ...pid };
    if (ready.state === 'degraded') return { state: 'degraded', detail: 'runs without Redis', ...pid };
    return { ...up(parts.address), ...pid };
  };

const up = (detail: string): ServiceView => ({ state: 'up', detail });
const down = (detail: string): ServiceView => ({ state: 'down', detail });
const withPid = (pid: number | undefined): { pid?: number } => (pid === undefined || pid === 0 ? {} : { pid });
