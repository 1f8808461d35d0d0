import { InvalidInputError } from '../../domain/errors.ts';
import type { LogLevel, LogSourceName, StoreLogLine, StoreLogPage, StoreLogQuery } from '../../domain/log-lines.ts';
import type { Store } from '../../domain/store.ts';
import { cleanLine } from './clean-line.ts';
import { levelOf } from './level-of.ts';

/** An answer is not larger than this, whatever its lines hold; the oldest are left out. */
const ANSWER_AT_MOST = 4 * 1024 * 1024;

export interface RawLine {
  readonly at: string | null;
  readonly text: string;
  /** Where the source knows it; otherwise it is read from the text. */
  readonly level?: LogLevel;
}

export interface ReadRequest {
  readonly since: Date | undefined;
  /** `undefined`: from the beginning. What this source gave as its place before. */
  readonly after: string | undefined;
  /** No more than these last lines are wanted; `undefined` where each has to be looked at. */
  readonly tail: number | undefined;
  readonly signal: AbortSignal;
}

/** Calls `onLine` for the lines of one source, oldest first, and returns how far it has read. */
export interface LogReading extends LogSourceName {
  read(request: ReadRequest, onLine: (line: RawLine) => void): Promise<string>;
}

/**
 * A store's logs, filtered, from all its sources by time. Holds no more than the lines it returns, however large the
 * logs are. Throws `invalid_input` for a source that the store does not have.
 */
export function createLogReader(readingsOf: (store: Store) => readonly LogReading[]) {
  return async (store: Store, query: StoreLogQuery, signal: AbortSignal): Promise<StoreLogPage> => {
    const all = readingsOf(store);
    const wanted = query.source === undefined ? all : all.filter(({ name }) => name === query.source);
    if (wanted.length === 0) {
      const names = all.map(({ name }) => name).join(', ');
      throw new InvalidInputError('source', `${store.name} has logs of these: ${names}.`);
    }
    const after = placesFrom(query.after);
    const needsAll = query.levels.length > 0 || query.search !== '' || query.until !== undefined;
    const found = await Promise.all(
      wanted.map(async (reading) => {
        const last = keepLast(query.tail);
        const request = {
          since: query.since,
          after: after[reading.name],
          tail: needsAll ? undefined : query.tail,
          signal,
        };
        const place = await reading.read(request, (raw) => {
          const line = shownLine(reading.name, raw);
          if (matches(line, query)) last.add(line);
        });
        return { name: reading.name, place, ...last.taken() };
      }),
    );
    const matched = inOrderOfTime(found.map(({ lines }) => lines));
    const lines = withinAnswer(matched.slice(-query.tail));
    return {
      sources: all.map(({ name, title }) => ({ name, title })),
      lines,
      leftOut: found.reduce((sum, { dropped }) => sum + dropped, 0) + matched.length - lines.length,
      places: placesText({ ...after, ...Object.fromEntries(found.map(({ name, place }) => [name, place])) }),
    };
  };
}

function shownLine(source: string, { at, text, level }: RawLine): StoreLogLine {
  const shown = cleanLine(text);
  const time = at === null ? Number.NaN : Date.parse(at);
  return {
    source,
    at: Number.isNaN(time) ? null : new Date(time).toISOString(),
    level: level ?? levelOf(shown),
    text: shown,
  };
}

function matches({ at, level, text }: StoreLogLine, { since, until, levels, search }: StoreLogQuery): boolean {
  if (levels.length > 0 && !levels.includes(level)) return false;
  if (search !== '' && !text.toLowerCase().includes(search.toLowerCase())) return false;
  if (at === null) return true;
  return (since === undefined || at >= since.toISOString()) && (until === undefined || at <= until.toISOString());
}

/** The last lines of many, in an array that is cut now and then instead of at every line. */
function keepLast(count: number) {
  let lines: StoreLogLine[] = [];
  let dropped = 0;
  const cut = (): void => {
    dropped += Math.max(0, lines.length - count);
    lines = lines.slice(-count);
  };
  return {
    add(line: StoreLogLine): void {
      lines.push(line);
      if (lines.length >= 2 * count) cut();
    },
    taken(): { lines: readonly StoreLogLine[]; dropped: number } {
      cut();
      return { lines, dropped };
    },
  };
}

/** A line without a time belongs behind the one before it in its source. */
function inOrderOfTime(sources: readonly (readonly StoreLogLine[])[]): StoreLogLine[] {
  const keyed = sources.flatMap((lines) => {
    let last = '';
    return lines.map((line) => {
      last = line.at ?? last;
      return { line, key: last };
    });
  });
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ line }) => line);
}

function withinAnswer(lines: readonly StoreLogLine[]): readonly StoreLogLine[] {
  let size = 0;
  const firstThatFits = lines.findLastIndex(({ text }) => {
    size += text.length;
    return size > ANSWER_AT_MOST;
  });
  return lines.slice(firstThatFits + 1);
}

/** Places travel through browsers, which may send anything back: what is none of ours counts as the beginning. */
function placesFrom(text: string | undefined): Readonly<Record<string, string>> {
  if (text === undefined) return {};
  try {
    const places: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (typeof places !== 'object' || places === null) return {};
    return Object.fromEntries(Object.entries(places).filter(([, place]) => typeof place === 'string'));
  } catch {
    return {};
  }
}

function placesText(places: Readonly<Record<string, string>>): string {
  return Buffer.from(JSON.stringify(places), 'utf8').toString('base64url');
}
