import { EngineError, type Json, textOf } from './json.ts';

/** How many of `count` must match: `2`, `-1`, `75%`, `3<75%`. */
export function neededOf(wanted: Json | undefined, count: number, otherwise: number): number {
  if (count === 0) return 0;
  if (wanted === undefined || wanted === null || wanted === '') return otherwise;
  const [part = '', limit] = textOf(wanted).split('<').toReversed();
  if (limit !== undefined && count <= Number(limit)) return count;
  const number = Number.parseInt(part, 10);
  if (Number.isNaN(number)) throw new EngineError(400, 'parse_exception', `minimum_should_match [${textOf(wanted)}]`);
  const share = part.includes('%') ? Math.trunc((Math.abs(number) * count) / 100) : Math.abs(number);
  return Math.max(0, number < 0 ? count - share : share);
}
