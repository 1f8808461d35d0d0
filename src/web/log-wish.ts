import { LOG_LEVELS } from '../domain/log-lines.ts';
import { DAY, HOUR } from '../lib/time.ts';
import type { LogWish } from './services/logs.ts';

/** How many lines a page shows at most; the middle one unless something else is wished. */
export const TAILS = [100, 300, 500] as const;
const USUAL_TAIL = 300;
/** How far back: what is in the address → milliseconds; `all` has no end. */
export const AGES = { '1h': HOUR, '6h': 6 * HOUR, '24h': DAY, '7d': 7 * DAY, all: null } as const;
export type Age = keyof typeof AGES;
export const USUAL_AGE: Age = '24h';
const SEARCH_AT_MOST = 200;
/** A source's name, as far as a page cares: which ones a store has the worker knows. */
const SOURCE = /^[a-z][a-z-]{0,30}$/;

/** What the address of a page of logs asks for. Whatever is none of ours counts as not asked for. */
export function logWishFrom(query: URLSearchParams, now = new Date()): LogWish {
  const source = query.get('source') ?? '';
  const ageMs = AGES[ageOf(query)];
  const until = new Date(query.get('until') ?? '');
  const asked = query.getAll('level');
  const tail = Number(query.get('tail'));
  return {
    ...(SOURCE.test(source) && { source }),
    tail: TAILS.find((count) => count === tail) ?? USUAL_TAIL,
    ...(ageMs !== null && { since: new Date(now.getTime() - ageMs).toISOString() }),
    ...(!Number.isNaN(until.getTime()) && { until: until.toISOString() }),
    levels: LOG_LEVELS.filter((level) => asked.includes(level)),
    search: (query.get('q') ?? '').slice(0, SEARCH_AT_MOST),
  };
}

/** How far back the address of a page asks for. */
export function ageOf(query: URLSearchParams): Age {
  const wanted = query.get('since') ?? '';
  return Object.hasOwn(AGES, wanted) ? (wanted as Age) : USUAL_AGE;
}
