import { aggregate, compare, type Found, valuesOf } from './aggregations.ts';
import type { Named } from './index-of-documents.ts';
import { EngineError, type Json, type JsonObject, listOf, numberOf, objectOf, onlyMember, textOf } from './json.ts';
import { matchesPattern, valuesAt } from './mapping.ts';
import { runQuery } from './query.ts';
import { suggest } from './suggest.ts';

interface Hit extends Found {
  readonly name: string;
  readonly score: number;
  readonly sort: readonly (string | number | boolean | null)[];
}

interface SortBy {
  readonly field: string;
  readonly descending: boolean;
}

const WINDOW = 10_000;
const SHARDS = { total: 1, successful: 1, skipped: 0, failed: 0 };

/** Answers a search over some indices in the engine's form. Throws what the engine would say of a wrong request. */
export function search(indices: readonly Named[], body: JsonObject): JsonObject {
  const from = numberOf(body['from'], 0);
  const size = numberOf(body['size'], 10);
  if (from + size > WINDOW) {
    const reason = `Result window is too large, from + size must be less than or equal to: [${WINDOW}] but was [${from + size}].`;
    throw new EngineError(400, 'illegal_argument_exception', reason);
  }
  const order = listOf(body['sort']).map(sortBy);
  const all = indices.flatMap(([name, index]) =>
    [...runQuery(index, body['query'])].map(([id, score]) => ({ name, index, id, score })),
  );
  checkSortable(indices, order);
  const hits: Hit[] = all.map((found) => ({ ...found, sort: order.map((by) => sortValue(found, by)) }));
  const sorted = order.length === 0 ? hits.toSorted((a, b) => b.score - a.score) : hits.toSorted(inOrder(order));
  const scored = order.length === 0 || order.some(({ field }) => field === '_score');
  const wanted = objectOf(body['aggregations'] ?? body['aggs']);
  return {
    took: 1,
    timed_out: false,
    _shards: SHARDS,
    hits: {
      total: { value: all.length, relation: 'eq' },
      max_score: scored && size > 0 && all.length > 0 ? Math.max(...all.map(({ score }) => score)) : null,
      hits: sorted.slice(from, from + size).map((hit) => present(hit, body, { scored, ordered: order.length > 0 })),
    },
    ...(Object.keys(wanted).length === 0 ? {} : { aggregations: aggregate(all, wanted) }),
    ...(body['suggest'] === undefined ? {} : { suggest: suggest(indices, objectOf(body['suggest'])) }),
  };
}

function sortBy(entry: Json): SortBy {
  const [field, how] = typeof entry === 'string' ? [entry, undefined] : onlyMember(entry, 'sort');
  const order = textOf(typeof how === 'string' ? how : objectOf(how)['order']);
  return { field, descending: order === 'desc' || (order === '' && field === '_score') };
}

function checkSortable(indices: readonly Named[], order: readonly SortBy[]): void {
  for (const { field } of order.filter(({ field }) => !field.startsWith('_'))) {
    if (indices.some(([, index]) => index.field(field) === undefined)) {
      throw new EngineError(400, 'query_shard_exception', `No mapping found for [${field}] in order to sort on`);
    }
  }
}

function sortValue(found: Found & { readonly score: number }, { field, descending }: SortBy) {
  if (field === '_score') return found.score;
  if (field === '_doc') return 0;
  const values = valuesOf(found, field).toSorted(compare);
  return (descending ? values.at(-1) : values[0]) ?? null;
}

function inOrder(order: readonly SortBy[]): (a: Hit, b: Hit) => number {
  return (a, b) => {
    for (const [at, { descending }] of order.entries()) {
      const [left, right] = [a.sort[at] ?? null, b.sort[at] ?? null];
      if (left === right) continue;
      // What has no value comes last, in either direction.
      if (left === null || right === null) return left === null ? 1 : -1;
      return descending ? compare(right, left) : compare(left, right);
    }
    return 0;
  };
}

function present(
  hit: Hit,
  body: JsonObject,
  shown: { readonly scored: boolean; readonly ordered: boolean },
): JsonObject {
  const stored = body['stored_fields'];
  const nothingStored = stored === '_none_';
  const source = hit.index.documents.get(hit.id)?.source ?? {};
  const fields = { ...storedFields(hit, stored), ...docValues(hit, body['docvalue_fields']) };
  const withSource = stored === undefined && body['_source'] !== false;
  return {
    _index: hit.name,
    ...(nothingStored ? {} : { _type: '_doc', _id: hit.id }),
    _score: shown.scored ? hit.score : null,
    ...(withSource ? { _source: filtered(source, body['_source']) } : {}),
    ...(Object.keys(fields).length === 0 ? {} : { fields }),
    ...(shown.ordered ? { sort: hit.sort } : {}),
  };
}

/** Values of fields whose mapping says `store`. */
function storedFields({ index, id }: Hit, stored: Json | undefined): JsonObject {
  const names = stored === '_none_' ? [] : listOf(stored).map(textOf);
  const kept = names.filter((name) => index.field(name)?.definition['store'] === true);
  const found = kept.map((name) => [name, index.values(id, name)] as const);
  return Object.fromEntries(found.filter(([, values]) => values.length > 0));
}

function docValues(hit: Hit, wanted: Json | undefined): JsonObject {
  const names = listOf(wanted).map((entry) => textOf(typeof entry === 'string' ? entry : objectOf(entry)['field']));
  const found = names.map((name) => [name, valuesOf(hit, name)] as const);
  return Object.fromEntries(found.filter(([, values]) => values.length > 0));
}

function filtered(source: JsonObject, wanted: Json | undefined): JsonObject {
  if (wanted === undefined || wanted === true) return source;
  const includes = listOf(typeof wanted === 'object' && !Array.isArray(wanted) ? objectOf(wanted)['includes'] : wanted);
  if (includes.length === 0) return source;
  const names = Object.keys(source).filter((name) =>
    includes.some((pattern) => matchesPattern(textOf(pattern), name) || valuesAt(source, textOf(pattern)).length > 0),
  );
  const kept = names.filter((name) =>
    includes.some((pattern) => matchesPattern(textOf(pattern).split('.')[0] ?? '', name)),
  );
  return Object.fromEntries(kept.map((name) => [name, source[name]]));
}
