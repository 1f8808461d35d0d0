import { type Json, numberOf } from './json.ts';

/** Documents that match, with their scores. */
export type Matches = ReadonlyMap<string, number>;

/** All of one score: 1, or the boost. */
export const constant = (ids: readonly string[], boost: Json | undefined): Matches =>
  new Map(ids.map((id) => [id, numberOf(boost, 1)]));

/** Of several matches of a document the highest. */
export function best(all: readonly Matches[]): Matches {
  const found = new Map<string, number>();
  for (const [id, score] of all.flatMap((one) => [...one])) found.set(id, Math.max(score, found.get(id) ?? 0));
  return found;
}

/** Of several matches of a document all together. */
export function sum(all: readonly Matches[]): Matches {
  const found = new Map<string, number>();
  for (const [id, score] of all.flatMap((one) => [...one])) found.set(id, score + (found.get(id) ?? 0));
  return found;
}
