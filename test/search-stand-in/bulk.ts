import type { Cluster } from './cluster.ts';
import { EngineError, type Json, type JsonObject, objectOf, onlyMember, textOf } from './json.ts';

let sequence = 0;

/** Carries out lines of actions and documents. One that fails is told in its item and stops none of the others. */
export function bulk(cluster: Cluster, text: string, defaultIndex: string | undefined): JsonObject {
  if (!text.endsWith('\n')) {
    const reason = 'The bulk request must be terminated by a newline [\\n]';
    throw new EngineError(400, 'illegal_argument_exception', reason);
  }
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const items: JsonObject[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const [action, where] = onlyMember(readLine(lines[at]), 'bulk');
    if (!['index', 'create', 'update', 'delete'].includes(action)) {
      const reason = `Malformed action/metadata line [${at + 1}], expected one of [create, delete, index, update] but found [${action}]`;
      throw new EngineError(400, 'illegal_argument_exception', reason);
    }
    const document = action === 'delete' ? {} : objectOf(readLine(lines[++at]));
    items.push({ [action]: carryOut(cluster, action, objectOf(where), { document, defaultIndex }) });
  }
  return { took: 1, errors: items.some((item) => Object.values(item).some(hasError)), items };
}

const hasError = (result: Json | undefined): boolean => objectOf(result)['error'] !== undefined;

interface Change {
  readonly document: JsonObject;
  readonly defaultIndex: string | undefined;
}

function carryOut(cluster: Cluster, action: string, where: JsonObject, { document, defaultIndex }: Change): JsonObject {
  const id = where['_id'] === undefined ? newId() : textOf(where['_id']);
  const named = where['_index'] === undefined ? defaultIndex : textOf(where['_index']);
  try {
    if (named === undefined) throw new EngineError(400, 'action_request_validation_exception', 'index is missing');
    return write(cluster, action, { index: named, id }, document);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const { type, message: reason, status } = error;
    return { _index: named ?? '', _type: '_doc', _id: id, status, error: { type, reason } };
  }
}

/** Writes, changes or removes one document; the answer is the engine's. */
export function write(
  cluster: Cluster,
  action: string,
  { index: named, id }: { readonly index: string; readonly id: string },
  document: JsonObject,
): JsonObject {
  const [name, index] = cluster.forWriting(named);
  const before = index.documents.get(id);
  const answer = (result: string, status: number): JsonObject => ({
    _index: name,
    _type: '_doc',
    _id: id,
    _version: index.documents.get(id)?.version ?? (before?.version ?? 0) + 1,
    result,
    _shards: { total: 1, successful: 1, failed: 0 },
    _seq_no: sequence++,
    _primary_term: 1,
    status,
  });
  if (action === 'delete') return index.remove(id) ? answer('deleted', 200) : answer('not_found', 404);
  if (action === 'create' && before !== undefined) {
    const reason = `[${id}]: version conflict, document already exists (current version [${before.version}])`;
    throw new EngineError(409, 'version_conflict_engine_exception', reason);
  }
  if (action !== 'update') index.put(id, document);
  else {
    const upsert = document['doc_as_upsert'] === true ? document['doc'] : document['upsert'];
    if (before === undefined && upsert === undefined) {
      throw new EngineError(404, 'document_missing_exception', `[_doc][${id}]: document missing`);
    }
    index.put(id, before === undefined ? objectOf(upsert) : { ...before.source, ...objectOf(document['doc']) });
  }
  return before === undefined ? answer('created', 201) : answer('updated', 200);
}

export const newId = (): string => `auto-${Date.now().toString(36)}-${(sequence++).toString(36)}`;

function readLine(line: string | undefined): Json {
  try {
    return JSON.parse(line ?? '') as Json;
  } catch (error) {
    throw new EngineError(400, 'parse_exception', `Malformed line: ${String(error)}`);
  }
}
