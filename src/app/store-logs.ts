import type Docker from 'dockerode';
import pLimit from 'p-limit';
import { readContainerLogs } from '../adapters/docker/container-logs.ts';
import { readShopLogFile } from '../adapters/docker/shop-log-files.ts';
import { containerOf } from '../domain/names.ts';
import type { Run } from '../domain/run.ts';
import type { Store } from '../domain/store.ts';
import { SECOND } from '../lib/time.ts';
import { servicesOf, stackOf } from '../stacks/index.ts';
import type { LogSource } from '../stacks/stack.ts';
import { createLogReader, type LogReading, type RawLine } from '../stores/logs/read-logs.ts';
import type { Adapters } from './adapters.ts';
import { edgeLogReadings } from './edge-log-readings.ts';

/** As PHP's usual logger (monolog) begins a line: [2026-11-25T10:00:00.000000+00:00] main.ERROR: … */
const TIME_IN_FILE = /^\[(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))\] /;

/**
 * A store's logs: what its containers print, the files that its application writes, what the edge wrote of its visitors,
 * and what the steps of its last run did. Throws as `createLogReader` says.
 */
export function createStoreLogs(deps: {
  readonly docker: Docker;
  readonly dataDir: string;
  readonly latestRun: (storeId: string) => Promise<Run | undefined>;
  readonly now: () => Date;
}) {
  const { docker, dataDir, latestRun, now } = deps;
  const inTurn = pLimit(1);
  return createLogReader((store) => [
    ...sourcesOf(store).map((source) => shopReading(docker, store, source)),
    ...edgeLogReadings({ dataDir, storeId: store.id, inTurn, now }),
    provisioningReading(store, latestRun),
  ]);
}

/** As `createStoreLogs`, on what this process has. */
export function storeLogsOf({ config, docker, repositories }: Pick<Adapters, 'config' | 'docker' | 'repositories'>) {
  const { latest } = repositories.runs;
  return createStoreLogs({ docker, dataDir: config.dataDir, latestRun: latest, now: () => new Date() });
}

/** Those of the services that this store was made with. */
function sourcesOf(store: Store): readonly LogSource[] {
  const services = servicesOf(store);
  return stackOf(store.platform).logSources.filter(({ service }) => services[service] !== undefined);
}

function shopReading(docker: Docker, store: Store, source: LogSource): LogReading {
  const container = containerOf(store, source.service);
  return {
    name: source.name,
    title: source.title,
    async read({ since, after, tail, signal }, onLine) {
      if (source.kind === 'file') {
        return readShopLogFile(docker, container, source.path, after, (text) =>
          onLine({ at: TIME_IN_FILE.exec(text)?.[1] ?? null, text }),
        );
      }
      const place = placeFrom(after);
      const sinceMs = Math.max(since?.getTime() ?? 0, place.atMs);
      const options = { tail, follow: false, signal, sinceS: Math.floor(sinceMs / SECOND) };
      let { at: lastAt, count } = place;
      let seenAtPlace = 0;
      await readContainerLogs(docker, container, options, (text, at) => {
        if (at < place.at) return;
        if (at === place.at) {
          seenAtPlace += 1;
          if (seenAtPlace <= place.count) return;
        }
        count = at === lastAt ? count + 1 : 1;
        lastAt = at;
        onLine({ at, text });
      });
      return lastAt === '' ? '' : `${lastAt}|${count}`;
    },
  };
}

/** The engine's time of the last line that was read, to the nanosecond, and how many lines with that time were. */
function placeFrom(text: string | undefined): { at: string; atMs: number; count: number } {
  const [, at = '', count = '0'] = /^([\dT:.-]{19,40}Z)\|(\d{1,9})$/.exec(text ?? '') ?? [];
  const atMs = Date.parse(at);
  return Number.isNaN(atMs) ? { at: '', atMs: 0, count: 0 } : { at, atMs, count: Number(count) };
}

/** Before the containers are there, it is all there is. */
function provisioningReading(store: Store, latestRun: (storeId: string) => Promise<Run | undefined>): LogReading {
  return {
    name: 'provisioning',
    title: 'Provisioning',
    async read({ after }, onLine) {
      const run = await latestRun(store.id);
      if (run === undefined) return '';
      const lines = linesOfRun(run);
      const [runId, shown] = (after ?? '').split('|');
      for (const line of lines.slice(runId === run.id ? Number(shown) : 0)) onLine(line);
      return `${run.id}|${lines.length}`;
    },
  };
}

function linesOfRun({ steps }: Run): RawLine[] {
  return steps.flatMap(({ name, status, startedAt, finishedAt, logTail, error }) => {
    if (startedAt === null) return [];
    const [began, ended] = [startedAt.toISOString(), finishedAt?.toISOString() ?? null];
    const said = logTail === null || logTail === '' ? [] : logTail.split('\n');
    return [
      { at: began, level: 'info' as const, text: `${name}: started` },
      ...said.map((text) => ({ at: began, text: `${name}: ${text}` })),
      ...(error === null ? [] : [{ at: ended, level: 'error' as const, text: `${name}: ${error.message}` }]),
      ...(ended === null || error !== null ? [] : [{ at: ended, level: 'info' as const, text: `${name}: ${status}` }]),
    ];
  });
}
