import { join } from 'node:path';
import {
  accessLineOf,
  type ErrorLine,
  errorLineOf,
  type Passage,
  passageOf,
  storeOf,
} from '../adapters/edge/store-lines.ts';
import { readLogFileOn } from '../adapters/host/read-log-file.ts';
import { SECOND } from '../lib/time.ts';
import type { LogReading } from '../stores/logs/read-logs.ts';

/** A request's access line is written when it ends; its errors before. Later than this, it has been written. */
const DECIDED_AFTER_MS = 10 * SECOND;
/** All stores write here: a look reads no more than this end of either file. */
const BYTES_AT_MOST = 8 * 1024 * 1024;
/** More errors than these are not told apart at one look: the newest are. */
const ERRORS_AT_MOST = 10_000;

interface Candidate extends ErrorLine {
  /** Where the error log was read to before this line. */
  readonly before: string;
}

/**
 * What the edge wrote of one store's visitors: requests, and what went wrong with them. `inTurn` lets one look after the
 * other, so that no owner's reading keeps this process from everything else.
 */
export function edgeLogReadings({
  dataDir,
  storeId,
  inTurn,
  now,
}: {
  readonly dataDir: string;
  readonly storeId: string;
  readonly inTurn: <T>(look: () => Promise<T>) => Promise<T>;
  readonly now: () => Date;
}): readonly LogReading[] {
  const accessLog = join(dataDir, 'logs', 'edge-access.log');
  const errorLog = join(dataDir, 'logs', 'edge-error.log');
  return [
    {
      name: 'edge-access',
      title: 'Visits',
      // Other stores' lines are in the same file: how many are wanted is no limit to what has to be looked at.
      read: ({ after, signal }, onLine) =>
        inTurn(() =>
          readLogFileOn(accessLog, { after, bytesAtMost: BYTES_AT_MOST, signal }, (line) => {
            const found = accessLineOf(storeId, line);
            if (found !== undefined) onLine(found);
          }),
        ),
    },
    {
      name: 'edge-errors',
      title: 'Errors of visits',
      async read({ after, signal }, onLine) {
        const { candidates, end, passages } = await inTurn(async () => {
          const errors = await readErrors(errorLog, after, signal);
          return { ...errors, passages: await readPassages(accessLog, errors.candidates, signal) };
        });
        // Read in part, the requests do not tell whose the errors were.
        if (signal.aborted) return after ?? '';
        for (const candidate of candidates) {
          const { connection = '', atMs, level, text, before } = candidate;
          const theirs = passages.get(connection) ?? [];
          // Nothing overtakes a line whose request is still under way.
          if (theirs.length === 0 && now().getTime() - atMs < DECIDED_AFTER_MS) return before;
          if (storeOf(candidate, theirs) === storeId) onLine({ at: new Date(atMs).toISOString(), level, text });
        }
        return end;
      },
    },
  ];
}

async function readErrors(
  path: string,
  after: string | undefined,
  signal: AbortSignal,
): Promise<{ candidates: Candidate[]; end: string }> {
  let candidates: Candidate[] = [];
  let before = after ?? '';
  const end = await readLogFileOn(path, { after, bytesAtMost: BYTES_AT_MOST, signal }, (line, place) => {
    const found = errorLineOf(line);
    if (found?.connection !== undefined) candidates.push({ ...found, before });
    before = place;
    if (candidates.length >= 2 * ERRORS_AT_MOST) candidates = candidates.slice(-ERRORS_AT_MOST);
  });
  return { candidates: candidates.slice(-ERRORS_AT_MOST), end };
}

/** The requests of the connections that had errors. */
async function readPassages(
  path: string,
  candidates: readonly Candidate[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly Passage[]>> {
  const passages = new Map<string, Passage[]>(candidates.map(({ connection = '' }) => [connection, []]));
  if (passages.size === 0) return passages;
  await readLogFileOn(path, { after: undefined, bytesAtMost: BYTES_AT_MOST, signal }, (line) => {
    // Only nginx's own words come before it.
    const connection = /^\{"time":"[^"]*","connection":"([\d.]+)"/.exec(line)?.[1];
    const known = connection === undefined ? undefined : passages.get(connection);
    if (known === undefined) return;
    const passage = passageOf(line);
    if (passage !== undefined) known.push(passage);
  });
  return passages;
}
