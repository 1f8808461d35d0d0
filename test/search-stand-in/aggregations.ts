import type { DocumentIndex } from './index-of-documents.ts';
import { EngineError, type Json, type JsonObject, listOf, numberOf, objectOf, textOf } from './json.ts';
import { isNumber } from './mapping.ts';
import { runQuery } from './query.ts';

/** A document of one of the searched indices. */
export interface Found {
  readonly index: DocumentIndex;
  readonly id: string;
}

type Value = string | number | boolean;
type Aggregate = (found: readonly Found[], body: JsonObject, below: JsonObject) => JsonObject;

/** What aggregations make of the found documents. Throws `parsing_exception` for a kind the stand-in does not know. */
export function aggregate(found: readonly Found[], aggregations: JsonObject): JsonObject {
  const results = Object.entries(aggregations).map(([name, definition]) => {
    const { aggs, aggregations: below = aggs, meta: _, ...kinds } = objectOf(definition);
    const [kind, body] = Object.entries(kinds)[0] ?? [''];
    const run = KINDS[kind];
    if (run === undefined) {
      throw new EngineError(400, 'parsing_exception', `Unknown aggregation type [${kind}]`);
    }
    return [name, run(found, objectOf(body), objectOf(below))] as const;
  });
  return Object.fromEntries(results);
}

const KINDS: Readonly<Record<string, Aggregate>> = {
  terms: termBuckets,
  histogram: histogramBuckets,
  range: rangeBuckets,
  filter: (found, body, below) => bucket(matching(found, body), below),
  global: (found, _, below) => bucket(everything(found), below),
  stats: (found, body) => stats(numbers(found, body)),
  extended_stats: (found, body) => extendedStats(numbers(found, body)),
  min: (found, body) => ({ value: stats(numbers(found, body))['min'] ?? null }),
  max: (found, body) => ({ value: stats(numbers(found, body))['max'] ?? null }),
  avg: (found, body) => ({ value: stats(numbers(found, body))['avg'] ?? null }),
  sum: (found, body) => ({ value: stats(numbers(found, body))['sum'] ?? 0 }),
  value_count: (found, body) => ({ value: found.flatMap((one) => valuesOf(one, textOf(body['field']))).length }),
  cardinality: (found, body) => ({
    value: new Set(found.flatMap((one) => valuesOf(one, textOf(body['field'])))).size,
  }),
};

function termBuckets(found: readonly Found[], body: JsonObject, below: JsonObject): JsonObject {
  const wanted = includes(body['include']);
  const groups = new Map<Value, Found[]>();
  for (const one of found) {
    for (const value of new Set(valuesOf(one, textOf(body['field'])))) {
      if (wanted(value)) groups.set(value, [...(groups.get(value) ?? []), one]);
    }
  }
  const size = numberOf(body['size'], 10);
  const enough = [...groups].filter(([, members]) => members.length >= numberOf(body['min_doc_count'], 1));
  const sorted = enough.toSorted(byOrder(body['order']));
  const shown = sorted.slice(0, size);
  return {
    doc_count_error_upper_bound: 0,
    sum_other_doc_count: sorted.slice(size).reduce((sum, [, members]) => sum + members.length, 0),
    buckets: shown.map(([key, members]) => ({ ...keyOf(key), ...bucket(members, below) })),
  };
}

const keyOf = (key: Value): JsonObject =>
  typeof key === 'boolean' ? { key: key ? 1 : 0, key_as_string: String(key) } : { key };

/** A list of exact values, or a pattern. Without one everything is included. */
function includes(include: Json | undefined): (value: Value) => boolean {
  if (include === undefined || include === null) return () => true;
  if (typeof include === 'string') return (value) => new RegExp(`^(?:${include})$`, 'u').test(String(value));
  const exact = new Set(listOf(include).map(textOf));
  return (value) => exact.has(String(value));
}

type Group = readonly [Value, readonly Found[]];

/** Most documents first, else by key; as the engine: equals by key. */
function byOrder(order: Json | undefined): (a: Group, b: Group) => number {
  const [by, direction] = Object.entries(objectOf(listOf(order)[0]))[0] ?? ['_count', 'desc'];
  const sign = direction === 'desc' ? -1 : 1;
  const byKey = (a: Group, b: Group): number => compare(a[0], b[0]);
  if (by === '_key') return (a, b) => sign * byKey(a, b);
  return (a, b) => sign * (a[1].length - b[1].length) || byKey(a, b);
}

export const compare = (a: Value, b: Value): number => (a < b ? -1 : a > b ? 1 : 0);

function histogramBuckets(found: readonly Found[], body: JsonObject, below: JsonObject): JsonObject {
  const interval = numberOf(body['interval'], 0);
  if (interval <= 0) throw new EngineError(400, 'illegal_argument_exception', '[interval] must be >0');
  const groups = new Map<number, Found[]>();
  for (const one of found) {
    const keys = numbers([one], body).map((value) => Math.floor(value / interval) * interval);
    for (const key of new Set(keys)) groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const known = [...groups.keys()].toSorted((a, b) => a - b);
  const keys = numberOf(body['min_doc_count'], 0) > 0 ? known : everyKey(known, interval);
  return { buckets: keys.map((key) => ({ key, ...bucket(groups.get(key) ?? [], below) })) };
}

function everyKey(known: readonly number[], interval: number): readonly number[] {
  const [first = 0, last = -1] = [known[0], known.at(-1)];
  return Array.from({ length: Math.round((last - first) / interval) + 1 }, (_, at) => first + at * interval);
}

function rangeBuckets(found: readonly Found[], body: JsonObject, below: JsonObject): JsonObject {
  const buckets = listOf(body['ranges']).map((range) => {
    const { from, to, key } = objectOf(range);
    const [low, high] = [numberOf(from, Number.NEGATIVE_INFINITY), numberOf(to, Number.POSITIVE_INFINITY)];
    const members = found.filter((one) => numbers([one], body).some((value) => value >= low && value < high));
    const edge = (value: number): string => (Number.isFinite(value) ? value.toFixed(1) : '*');
    return {
      key: key ?? `${edge(low)}-${edge(high)}`,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...bucket(members, below),
    };
  });
  return { buckets };
}

const bucket = (members: readonly Found[], below: JsonObject): JsonObject => ({
  doc_count: members.length,
  ...aggregate(members, below),
});

function matching(found: readonly Found[], query: Json): readonly Found[] {
  const matches = new Map(
    [...new Set(found.map(({ index }) => index))].map((index) => [index, runQuery(index, query)]),
  );
  return found.filter(({ index, id }) => matches.get(index)?.has(id) === true);
}

const everything = (found: readonly Found[]): readonly Found[] =>
  [...new Set(found.map(({ index }) => index))].flatMap((index) =>
    [...index.documents.keys()].map((id) => ({ index, id })),
  );

/** The values that are sorted and counted by. Text has none, as in the engine. */
export function valuesOf({ index, id }: Found, name: string): readonly Value[] {
  if (index.field(name)?.type !== 'text') return index.values(id, name);
  const reason = `Text fields are not optimised for operations that require per-document field data like aggregations and sorting, so these operations are disabled by default. Please use a keyword field instead: [${name}]`;
  throw new EngineError(400, 'illegal_argument_exception', reason);
}

function numbers(found: readonly Found[], { field, missing }: JsonObject): readonly number[] {
  const name = textOf(field);
  const unfit = found.find(({ index }) => {
    const known = index.field(name);
    return known !== undefined && !isNumber(known) && !['date', 'boolean'].includes(known.type);
  });
  if (unfit !== undefined) {
    throw new EngineError(400, 'illegal_argument_exception', `Field [${name}] is not supported for this aggregation`);
  }
  return found.flatMap((one) => {
    const own = valuesOf(one, name).map(Number);
    return own.length === 0 && missing !== undefined ? [numberOf(missing, 0)] : own;
  });
}

function stats(values: readonly number[]): JsonObject {
  const count = values.length;
  if (count === 0) return { count, min: null, max: null, avg: null, sum: 0 };
  const sum = values.reduce((total, value) => total + value, 0);
  return { count, min: Math.min(...values), max: Math.max(...values), avg: sum / count, sum };
}

function extendedStats(values: readonly number[]): JsonObject {
  const basic = stats(values);
  const squares = values.reduce((total, value) => total + value * value, 0);
  if (values.length === 0) {
    return { ...basic, sum_of_squares: null, variance: null, std_deviation: null };
  }
  const average = numberOf(basic['avg'], 0);
  const variance = values.reduce((total, value) => total + (value - average) ** 2, 0) / values.length;
  const deviation = Math.sqrt(variance);
  return {
    ...basic,
    sum_of_squares: squares,
    variance,
    std_deviation: deviation,
    std_deviation_bounds: { upper: average + 2 * deviation, lower: average - 2 * deviation },
  };
}
