import type { Token } from './analysis.ts';
import type { DocumentIndex } from './index-of-documents.ts';
import { EngineError, type Json, type JsonObject, listOf, numberOf, objectOf, onlyMember, textOf } from './json.ts';
import { type Field, isNumber, matchesPattern, parsed } from './mapping.ts';
import { best, constant, type Matches, sum } from './matches.ts';
import { neededOf } from './needed-of.ts';
import { matchWords } from './words.ts';

type Run = (index: DocumentIndex, body: JsonObject) => Matches;

/** Finds what a query asks for. Throws `parsing_exception` for a query the stand-in does not know: it never guesses. */
export function runQuery(index: DocumentIndex, query: Json | undefined): Matches {
  const [type, body] = query === undefined ? ['match_all', {}] : onlyMember(query, 'query');
  const run = QUERIES[type];
  if (run === undefined) throw new EngineError(400, 'parsing_exception', `unknown query [${type}]`);
  return run(index, type === 'bool' ? objectOf(body) : { ...objectOf(body) });
}

const QUERIES: Readonly<Record<string, Run>> = {
  match_all: (index, { boost }) => constant([...index.documents.keys()], boost),
  match_none: () => new Map(),
  bool: runBool,
  constant_score: (index, { filter, boost }) => constant([...runQuery(index, filter).keys()], boost),
  dis_max: (index, { queries }) => best(listOf(queries).map((query) => runQuery(index, query))),
  ids: (index, { values }) => constant(idsOf(index, listOf(values)), undefined),
  exists: (index, { field, boost }) => keep(index, boost, (id) => index.values(id, textOf(field)).length > 0),
  term: (index, body) => {
    const [name, value] = onlyMember(body, 'term');
    const { value: wanted = value, boost } = objectOf(value) as { value?: Json; boost?: Json };
    return terms(index, name, [wanted], boost);
  },
  terms: (index, { boost, ...body }) => {
    const [name, values] = onlyMember(body, 'terms');
    if (!Array.isArray(values)) throw new EngineError(400, 'parsing_exception', '[terms] query requires an array');
    return terms(index, name, listOf(values), boost);
  },
  range: runRange,
  wildcard: (index, body) => {
    const [name, value] = onlyMember(body, 'wildcard');
    const pattern = textOf(objectOf(value)['value'] ?? objectOf(value)['wildcard'] ?? value);
    return patterned(index, name, pattern, objectOf(value)['boost']);
  },
  prefix: (index, body) => {
    const [name, value] = onlyMember(body, 'prefix');
    const prefix = textOf(objectOf(value)['value'] ?? value);
    return patterned(index, name, `${prefix}*`, objectOf(value)['boost']);
  },
  match: (index, body) => matchOne(index, body, 'match'),
  match_phrase: (index, body) => matchOne(index, body, 'match_phrase'),
  match_phrase_prefix: (index, body) => matchOne(index, body, 'match_phrase_prefix'),
  multi_match: runMultiMatch,
};

function runBool(index: DocumentIndex, body: JsonObject): Matches {
  const clauses = (name: string): Matches[] => listOf(body[name]).map((query) => runQuery(index, query));
  const must = clauses('must');
  const filter = clauses('filter');
  const should = clauses('should');
  const mustNot = clauses('must_not');
  const needed = neededOf(body['minimum_should_match'], should.length, must.length + filter.length === 0 ? 1 : 0);
  const found = new Map<string, number>();
  for (const id of index.documents.keys()) {
    const fits = must.every((one) => one.has(id)) && filter.every((one) => one.has(id));
    if (!fits || mustNot.some((one) => one.has(id))) continue;
    const optional = should.filter((one) => one.has(id));
    if (optional.length < needed) continue;
    const score = [...must, ...optional].reduce((sum, one) => sum + (one.get(id) ?? 0), 0);
    found.set(id, score * numberOf(body['boost'], 1));
  }
  return found;
}

function terms(index: DocumentIndex, name: string, wanted: readonly Json[], boost: Json | undefined): Matches {
  if (name === '_id') return constant(idsOf(index, wanted), boost);
  const field = index.field(name);
  if (field === undefined) return new Map();
  const values = new Set(wanted.map((value) => comparable(index, field, value)));
  if (field.type !== 'text')
    return keep(index, boost, (id) => index.values(id, name).some((value) => values.has(value)));
  const { of } = index.wordsOf(field);
  return keep(index, boost, (id) => of.get(id)?.some(({ term }) => values.has(term)) === true);
}

/** A wanted value as the field's own values are compared. */
function comparable(index: DocumentIndex, field: Field, value: Json): string | number | boolean {
  if (field.type === 'text') return textOf(value);
  const own = parsed(field, value);
  if (own === undefined) throw new EngineError(400, 'illegal_argument_exception', `no value for [${field.name}]`);
  return typeof own === 'string' ? index.normalizer(field)(own) : own;
}

function runRange(index: DocumentIndex, body: JsonObject): Matches {
  const [name, value] = onlyMember(body, 'range');
  const { boost, gt, gte, lt, lte, ...others } = objectOf(value);
  const unknown = Object.keys(others).find((key) => !['format', 'time_zone', 'relation'].includes(key));
  if (unknown !== undefined) {
    throw new EngineError(400, 'parsing_exception', `[range] query does not support [${unknown}]`);
  }
  const field = index.field(name);
  if (field === undefined) return new Map();
  const bound = (one: Json | undefined) =>
    one === undefined || one === null ? undefined : comparable(index, field, one);
  const [above, from, below, to] = [bound(gt), bound(gte), bound(lt), bound(lte)];
  return keep(index, boost, (id) =>
    index
      .values(id, name)
      .some(
        (own) =>
          (above === undefined || own > above) &&
          (from === undefined || own >= from) &&
          (below === undefined || own < below) &&
          (to === undefined || own <= to),
      ),
  );
}

function patterned(index: DocumentIndex, name: string, pattern: string, boost: Json | undefined): Matches {
  const field = index.field(name);
  if (field === undefined) return new Map();
  if (isNumber(field) || field.type === 'date' || field.type === 'boolean') {
    const only = `can only use wildcard queries on keyword and text fields - not on [${name}]`;
    throw new EngineError(400, 'query_shard_exception', only);
  }
  if (field.type !== 'text') {
    return keep(index, boost, (id) => index.values(id, name).some((value) => matchesPattern(pattern, String(value))));
  }
  const { of } = index.wordsOf(field);
  return keep(index, boost, (id) => of.get(id)?.some(({ term }: Token) => matchesPattern(pattern, term)) === true);
}

function matchOne(index: DocumentIndex, body: JsonObject, type: string): Matches {
  const [name, value] = onlyMember(body, type);
  const options = typeof value === 'object' && value !== null ? objectOf(value) : { query: value };
  return matchField(index, name, options, type);
}

/** One field against a text. Fields that are not text compare the whole value; what cannot be one matches nothing. */
function matchField(index: DocumentIndex, name: string, options: JsonObject, type: string): Matches {
  const { query = '', boost } = options;
  const field = index.field(name);
  if (field === undefined) return new Map();
  if (field.definition['index'] === false) {
    throw new EngineError(400, 'query_shard_exception', `Cannot search on field [${name}] since it is not indexed.`);
  }
  if (field.type === 'text') return matchWords(index, field, options, type);
  if (type === 'match_phrase_prefix') {
    if (field.type === 'keyword') return patterned(index, name, `${textOf(query)}*`, boost);
    const only = `Can only use phrase prefix queries on text fields - not on [${name}] which is of type [${field.type}]`;
    throw new EngineError(400, 'query_shard_exception', only);
  }
  try {
    return terms(index, name, [query], boost);
  } catch (error) {
    if (options['lenient'] === true) return new Map();
    throw error;
  }
}

function runMultiMatch(index: DocumentIndex, { fields, type = 'best_fields', ...options }: JsonObject): Matches {
  const named = listOf(fields).flatMap((entry) => {
    const [pattern = '', boost = '1'] = textOf(entry).split('^');
    const names = pattern.includes('*')
      ? index.fieldNames().filter((name) => matchesPattern(pattern, name))
      : [pattern];
    return names.map((name) => ({ name, boost: Number(boost) * numberOf(options['boost'], 1) }));
  });
  const kinds: Readonly<Record<string, string>> = { phrase: 'match_phrase', phrase_prefix: 'match_phrase_prefix' };
  const each = named.map(({ name, boost }) =>
    matchField(index, name, { ...options, boost }, kinds[textOf(type)] ?? 'match'),
  );
  return type === 'most_fields' ? sum(each) : best(each);
}

function keep(index: DocumentIndex, boost: Json | undefined, fits: (id: string) => boolean): Matches {
  return constant([...index.documents.keys()].filter(fits), boost);
}

const idsOf = (index: DocumentIndex, wanted: readonly Json[]): string[] => {
  const ids = new Set(wanted.map(textOf));
  return [...index.documents.keys()].filter((id) => ids.has(id));
};
