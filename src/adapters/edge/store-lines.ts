import type { LogLevel } from '../../domain/log-lines.ts';
import { SECOND } from '../../lib/time.ts';

/** One line of the edge's access log, of one store. */
export interface AccessLine {
  readonly at: string;
  readonly text: string;
  readonly level: LogLevel;
}

/** What of an access line is looked at; written by render-config.ts with `escape=json`. */
interface AccessFields {
  readonly time: string;
  readonly store: string;
  readonly connection?: string;
  readonly client: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly state: string;
  readonly referer: string;
  readonly agent: string;
}

/**
 * A line of the access log when it is of that store. nginx writes the store itself, from its own map of hosts, and
 * escapes everything a visitor sends: what is in a request cannot make a line of another store's.
 */
export function accessLineOf(storeId: string, line: string): AccessLine | undefined {
  const fields = fieldsOf(line);
  if (fields === undefined || fields.store !== storeId) return undefined;
  const { time, status, seconds } = fields;
  const quoted = (text: string): string => (text === '' ? '-' : JSON.stringify(text));
  return {
    at: time,
    level: status >= 500 ? 'error' : status >= 400 ? 'warning' : 'info',
    text: `${status} ${fields.method} ${fields.path} ${seconds.toFixed(3)} s, ${fields.bytes} bytes, from ${fields.client}, referer ${quoted(fields.referer)}, ${quoted(fields.agent)}`,
  };
}

/** Which connection a request came by, whose it was, and when it was under way (milliseconds since the epoch). */
export interface Passage {
  readonly connection: string;
  readonly store: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** nginx writes whole seconds of time. */
const BLURRED_BY_MS = SECOND;

/** The passage that an access line tells of; `undefined` for lines of an older edge that told no connection. */
export function passageOf(line: string): Passage | undefined {
  const fields = fieldsOf(line);
  if (fields?.connection === undefined) return undefined;
  const untilMs = Date.parse(fields.time) + BLURRED_BY_MS;
  const fromMs = untilMs - fields.seconds * SECOND - 2 * BLURRED_BY_MS;
  return { connection: fields.connection, store: fields.store, fromMs, untilMs };
}

/** A line of the error log, as far as nginx itself wrote it. */
export interface ErrorLine {
  readonly atMs: number;
  readonly level: LogLevel;
  /** Process and connection, as access lines tell them; `undefined` for what is about no request. */
  readonly connection: string | undefined;
  readonly text: string;
}

const ERROR_LINE = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d) \[([a-z]+)\] (\d+)#\d+: (?:\*(\d+) )?(.*)$/;
/** From here on a line holds what the visitor sent, written as it came: a host or a request in it proves nothing. */
const VISITORS_PART = ', client: ';

/** The parts of a line of nginx's error log; `undefined` for what is none, e.g. the rest of a longer one. */
export function errorLineOf(line: string): ErrorLine | undefined {
  const [, year, month, day, time, level = '', pid, connection, text = ''] = ERROR_LINE.exec(line) ?? [];
  if (year === undefined) return undefined;
  return {
    // In the machine's own time, as nginx writes it.
    atMs: new Date(`${year}-${month}-${day}T${time}`).getTime(),
    level: ['error', 'crit', 'alert', 'emerg'].includes(level) ? 'error' : level === 'warn' ? 'warning' : 'info',
    connection: connection === undefined ? undefined : `${pid}.${connection}`,
    text: text.split(VISITORS_PART)[0] ?? '',
  };
}

/**
 * Whose request an error was about: the store of the requests that were under way on its connection just then. `undefined`
 * while none of them is in the access log, and when they were of several stores.
 */
export function storeOf({ connection, atMs }: ErrorLine, passages: readonly Passage[]): string | undefined {
  const stores = new Set(
    passages
      .filter((passage) => passage.connection === connection && passage.fromMs <= atMs && atMs <= passage.untilMs)
      .map(({ store }) => store),
  );
  const [store] = stores;
  return stores.size === 1 ? store : undefined;
}

function fieldsOf(line: string): AccessFields | undefined {
  try {
    const fields = JSON.parse(line) as AccessFields | null;
    return fields ?? undefined;
  } catch {
    return undefined;
  }
}
