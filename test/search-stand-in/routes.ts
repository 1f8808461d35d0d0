import { bulk, newId, write } from './bulk.ts';
import type { Cluster } from './cluster.ts';
import type { Named } from './index-of-documents.ts';
import { EngineError, type Json, type JsonObject, listOf, objectOf, textOf } from './json.ts';
import { search } from './search.ts';

export interface SearchRequest {
  readonly method: string;
  /** Decoded, without the empty first one. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly text: string;
}

export interface SearchAnswer {
  readonly status: number;
  readonly body: Json;
  /** Whether what is kept has to be written again. */
  readonly changed: boolean;
}

const VERSION = '1.3.0';
const ACKNOWLEDGED = { acknowledged: true };
const SHARDS = { total: 1, successful: 1, failed: 0 };

/** Answers one request. Throws `EngineError`, also for what the stand-in does not know. */
export function answer(cluster: Cluster, request: SearchRequest): SearchAnswer {
  const [first] = request.path;
  if (first === undefined) return asked(about());
  if (first.startsWith('_') && first !== '_all') return ofCluster(cluster, request);
  return ofIndex(cluster, request, first);
}

const asked = (body: Json, status = 200): SearchAnswer => ({ status, body, changed: false });
const changed = (body: Json, status = 200): SearchAnswer => ({ status, body, changed: true });

function about(): JsonObject {
  return {
    name: 'search-stand-in',
    cluster_name: 'search-stand-in',
    cluster_uuid: 'search-stand-in',
    version: {
      distribution: 'opensearch',
      number: VERSION,
      build_type: 'stand-in',
      minimum_wire_compatibility_version: '6.8.0',
      minimum_index_compatibility_version: '6.0.0-beta1',
    },
    tagline: 'A stand-in for tests',
  };
}

function ofCluster(cluster: Cluster, request: SearchRequest): SearchAnswer {
  const { method, path, text } = request;
  const [first = '', second] = path;
  const body = (): JsonObject => readBody(text);
  switch (`${method} ${first}`) {
    case 'GET _cluster':
      if (second === 'health') return asked(health(cluster, path[2]));
      break;
    case 'GET _cat':
      return asked(cat(cluster, second));
    case 'GET _alias':
    case 'GET _aliases':
    case 'HEAD _alias':
      return asked(cluster.aliases(undefined, second));
    case 'POST _aliases':
      cluster.updateAliases(listOf(body()['actions']));
      return changed(ACKNOWLEDGED);
    case 'POST _bulk':
    case 'PUT _bulk':
      return changed(bulk(cluster, text, undefined));
    case 'PUT _index_template':
      cluster.putTemplate(second ?? '', body());
      return changed(ACKNOWLEDGED);
    case 'DELETE _index_template':
      cluster.deleteTemplate(second ?? '');
      return changed(ACKNOWLEDGED);
    case 'GET _search':
    case 'POST _search':
      return asked(search(cluster.find('_all'), withQuery(body(), request.query)));
    case 'GET _count':
    case 'POST _count':
      return asked(count(cluster.find('_all'), body()));
    case 'GET _mapping':
      return asked(mappings(cluster.find('_all')));
    case 'GET _settings':
      return asked(settings(cluster.find('_all')));
    case 'GET _stats':
      return asked(stats(cluster.find('_all')));
    case 'GET _refresh':
    case 'POST _refresh':
    case 'POST _flush':
      return asked({ _shards: SHARDS });
    case 'GET _nodes':
      return asked({ cluster_name: 'search-stand-in', nodes: { 'stand-in': { version: VERSION, roles: ['data'] } } });
    default:
  }
  throw unknownRequest(request);
}

function ofIndex(cluster: Cluster, request: SearchRequest, name: string): SearchAnswer {
  const { method, path, text } = request;
  const [, verb = '', third] = path;
  const body = (): JsonObject => readBody(text);
  switch (`${method} ${verb}`.trim()) {
    case 'HEAD':
    case 'GET':
      return asked(described(cluster.find(name)));
    case 'PUT':
      cluster.create(name, body());
      return changed({ ...ACKNOWLEDGED, shards_acknowledged: true, index: name });
    case 'DELETE':
      cluster.delete(name);
      return changed(ACKNOWLEDGED);
    case 'GET _mapping':
    case 'GET _mappings':
      return asked(mappings(cluster.find(name)));
    case 'PUT _mapping':
    case 'PUT _mappings':
    case 'POST _mapping':
      for (const [, index] of cluster.find(name)) index.putMapping(body());
      return changed(ACKNOWLEDGED);
    case 'GET _settings':
      return asked(settings(cluster.find(name)));
    case 'PUT _settings':
      for (const [, index] of cluster.find(name)) index.putSettings(objectOf(body()['settings'] ?? body()));
      return changed(ACKNOWLEDGED);
    case 'GET _alias':
    case 'HEAD _alias':
      return asked(cluster.aliases(name, third));
    case 'PUT _alias':
    case 'POST _alias':
      cluster.updateAliases([{ add: { index: name, alias: third ?? '' } }]);
      return changed(ACKNOWLEDGED);
    case 'DELETE _alias':
      cluster.updateAliases([{ remove: { index: name, alias: third ?? '' } }]);
      return changed(ACKNOWLEDGED);
    case 'POST _bulk':
    case 'PUT _bulk':
      return changed(bulk(cluster, text, name));
    case 'GET _search':
    case 'POST _search':
      return asked(search(cluster.find(name), withQuery(body(), request.query)));
    case 'GET _count':
    case 'POST _count':
      return asked(count(cluster.find(name), body()));
    case 'GET _stats':
      return asked(stats(cluster.find(name)));
    case 'GET _refresh':
    case 'POST _refresh':
    case 'POST _flush':
    case 'POST _forcemerge':
      cluster.find(name);
      return asked({ _shards: SHARDS });
    default:
  }
  if (verb === '_doc' || verb === '_create') return ofDocument(cluster, request, { name, id: third });
  throw unknownRequest(request);
}

function ofDocument(
  cluster: Cluster,
  request: SearchRequest,
  { name, id }: { readonly name: string; readonly id: string | undefined },
): SearchAnswer {
  const { method, path, text } = request;
  if (method === 'PUT' || method === 'POST') {
    const action = path[1] === '_create' || request.query.get('op_type') === 'create' ? 'create' : 'index';
    const result = write(cluster, action, { index: name, id: id ?? newId() }, readBody(text));
    return changed(result, Number(result['status']));
  }
  if (id === undefined) throw unknownRequest(request);
  if (method === 'DELETE') {
    const result = write(cluster, 'delete', { index: name, id }, {});
    return changed(result, Number(result['status']));
  }
  const found = cluster.find(name).find(([, index]) => index.documents.has(id));
  if (found === undefined) return asked({ _index: name, _type: '_doc', _id: id, found: false }, 404);
  const document = found[1].documents.get(id);
  const { version = 1, source = {} } = document ?? {};
  return asked({ _index: found[0], _type: '_doc', _id: id, _version: version, found: true, _source: source });
}

function readBody(text: string): JsonObject {
  if (text.trim() === '') return {};
  try {
    return objectOf(JSON.parse(text) as Json);
  } catch (error) {
    throw new EngineError(400, 'parse_exception', `Failed to parse the request: ${String(error)}`);
  }
}

/** `from` and `size` may stand in the address, too. */
function withQuery(body: JsonObject, query: URLSearchParams): JsonObject {
  const given = ['from', 'size'].filter((name) => query.has(name)).map((name) => [name, Number(query.get(name))]);
  return { ...body, ...Object.fromEntries(given) };
}

function health(cluster: Cluster, expression: string | undefined): JsonObject {
  const shards = cluster.find(expression ?? '_all').length;
  return {
    cluster_name: 'search-stand-in',
    status: 'green',
    timed_out: false,
    number_of_nodes: 1,
    number_of_data_nodes: 1,
    active_primary_shards: shards,
    active_shards: shards,
    relocating_shards: 0,
    initializing_shards: 0,
    unassigned_shards: 0,
    active_shards_percent_as_number: 100,
  };
}

function cat(cluster: Cluster, what: string | undefined): Json {
  const all = cluster.find('_all');
  if (what === 'indices') {
    return all.map(([index, { documents }]) => ({
      health: 'green',
      status: 'open',
      index,
      'docs.count': String(documents.size),
    }));
  }
  if (what === 'health') return [{ cluster: 'search-stand-in', status: 'green' }];
  if (what === 'aliases') {
    return all.flatMap(([index, { aliases }]) => Object.keys(aliases).map((alias) => ({ alias, index })));
  }
  throw new EngineError(400, 'illegal_argument_exception', `the stand-in has no _cat/${what ?? ''}`);
}

function count(indices: readonly Named[], body: JsonObject): JsonObject {
  const { total } = objectOf(search(indices, { query: body['query'], size: 0 })['hits']);
  return { count: objectOf(total)['value'] ?? 0, _shards: SHARDS };
}

const byName = (indices: readonly Named[], facts: (index: Named[1], name: string) => JsonObject): JsonObject =>
  Object.fromEntries(indices.map(([name, index]) => [name, facts(index, name)]));

const settingsOf = (index: Named[1], name: string): JsonObject => ({
  index: asTexts({ number_of_shards: 1, number_of_replicas: 1, provided_name: name, ...index.settings }),
});
/** The engine tells every value of a setting as a text. */
const asTexts = (settings: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, asText(value)]));
const asText = (value: Json | undefined): Json | undefined => {
  if (Array.isArray(value)) return value.map(textOf);
  return typeof value === 'object' && value !== null ? asTexts(objectOf(value)) : textOf(value);
};
const mappings = (indices: readonly Named[]): JsonObject => byName(indices, (index) => ({ mappings: index.mappings }));
const settings = (indices: readonly Named[]): JsonObject =>
  byName(indices, (index, name) => ({ settings: settingsOf(index, name) }));
const described = (indices: readonly Named[]): JsonObject =>
  byName(indices, (index, name) => ({
    aliases: index.aliases,
    mappings: index.mappings,
    settings: settingsOf(index, name),
  }));

function stats(indices: readonly Named[]): JsonObject {
  const docs = (index: Named[1]): JsonObject => ({ docs: { count: index.documents.size, deleted: 0 } });
  return {
    _shards: SHARDS,
    indices: byName(indices, (index) => ({ primaries: docs(index), total: docs(index) })),
  };
}

function unknownRequest({ method, path }: SearchRequest): EngineError {
  const uri = `/${path.map(textOf).join('/')}`;
  return new EngineError(400, 'illegal_argument_exception', `no handler found for uri [${uri}] and method [${method}]`);
}
