import { EngineError, type Json, type JsonObject, listOf, objectOf, textOf } from './json.ts';

export interface Field {
  readonly name: string;
  readonly type: string;
  readonly definition: JsonObject;
  /** Where its values are in a document; differs from the name for a field below `fields`. */
  readonly source: string;
}

const NUMBERS = new Set(['byte', 'short', 'integer', 'long', 'float', 'half_float', 'double', 'scaled_float']);
const WHOLE = new Set(['byte', 'short', 'integer', 'long']);
const ISO_DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

export const isNumber = ({ type }: Field): boolean => NUMBERS.has(type);

/** All fields that mappings name, those below `properties` and `fields` too. */
export function fieldsOf(properties: JsonObject, prefix = ''): Map<string, Field> {
  const found = new Map<string, Field>();
  for (const [short, value] of Object.entries(properties)) {
    const definition = objectOf(value);
    const name = `${prefix}${short}`;
    const below = definition['properties'];
    if (below !== undefined) {
      for (const [inner, field] of fieldsOf(objectOf(below), `${name}.`)) found.set(inner, field);
      continue;
    }
    found.set(name, { name, type: textOf(definition['type']), definition, source: name });
    for (const [suffix, part] of Object.entries(objectOf(definition['fields']))) {
      const full = `${name}.${suffix}`;
      found.set(full, { name: full, type: textOf(objectOf(part)['type']), definition: objectOf(part), source: name });
    }
  }
  return found;
}

/** New mappings into the old ones, deeply. A field whose type would change is refused, as the engine does. */
export function mergeProperties(old: JsonObject, added: JsonObject): JsonObject {
  const merged: Record<string, Json | undefined> = { ...old };
  for (const [name, value] of Object.entries(added)) {
    const before = old[name] === undefined ? undefined : objectOf(old[name]);
    const after = objectOf(value);
    const change = `cannot be changed from type [${textOf(before?.['type'])}] to [${textOf(after['type'])}]`;
    if (before?.['type'] !== undefined && after['type'] !== undefined && before['type'] !== after['type']) {
      throw new EngineError(400, 'illegal_argument_exception', `mapper [${name}] ${change}`);
    }
    const fields = { ...objectOf(before?.['fields']), ...objectOf(after['fields']) };
    const properties =
      after['properties'] === undefined && before?.['properties'] === undefined
        ? undefined
        : mergeProperties(objectOf(before?.['properties']), objectOf(after['properties']));
    merged[name] = {
      ...before,
      ...after,
      ...(Object.keys(fields).length === 0 ? {} : { fields }),
      ...(properties === undefined ? {} : { properties }),
    };
  }
  return merged;
}

/** Mappings for what a document has and the index does not know yet: by its dynamic templates, else by its kind. */
export function dynamicProperties(document: JsonObject, known: JsonObject, templates: readonly Json[]): JsonObject {
  const added: Record<string, Json> = {};
  for (const [name, value] of Object.entries(document)) {
    const sample = listOf(value).find((one) => one !== null);
    if (sample === undefined) continue;
    const before = objectOf(known[name]);
    if (typeof sample === 'object') {
      const properties = dynamicProperties(objectOf(sample), objectOf(before['properties']), templates);
      if (before['type'] === undefined && Object.keys(properties).length > 0) added[name] = { properties };
      continue;
    }
    if (known[name] === undefined) added[name] = templated(name, sample, templates) ?? guessed(sample);
  }
  return added;
}

function templated(name: string, sample: Json, templates: readonly Json[]): JsonObject | undefined {
  for (const entry of templates.flatMap((template) => Object.values(objectOf(template)))) {
    const template = objectOf(entry);
    const { match, match_mapping_type: kind } = template as { match?: Json; match_mapping_type?: Json };
    if (match !== undefined && !matchesPattern(textOf(match), name)) continue;
    if (kind !== undefined && kind !== '*' && kind !== kindOf(sample)) continue;
    return objectOf(template['mapping']);
  }
  return undefined;
}

function kindOf(sample: Json): string {
  if (typeof sample === 'boolean') return 'boolean';
  if (typeof sample === 'number') return Number.isInteger(sample) ? 'long' : 'double';
  return ISO_DATE.test(textOf(sample)) ? 'date' : 'string';
}

function guessed(sample: Json): JsonObject {
  const kind = kindOf(sample);
  if (kind === 'string') return { type: 'text', fields: { keyword: { type: 'keyword', ignore_above: 256 } } };
  return { type: kind === 'double' ? 'float' : kind };
}

/** A value as the field keeps it; `undefined` is not kept. Throws `mapper_parsing_exception` for what does not fit. */
export function parsed(field: Field, value: Json): string | number | boolean | undefined {
  if (value === null) return undefined;
  if (isNumber(field)) {
    if (value === '') return undefined;
    const number = typeof value === 'boolean' ? Number.NaN : Number(value);
    if (!Number.isFinite(number)) throw unfit(field, value);
    return WHOLE.has(field.type) ? Math.trunc(number) : number;
  }
  if (field.type === 'boolean') {
    if (value === true || value === 'true') return true;
    if (value === false || value === 'false' || value === '') return false;
    throw unfit(field, value);
  }
  if (field.type !== 'date') return textOf(value);
  const time = typeof value === 'number' ? value : timeOf(textOf(value));
  if (Number.isNaN(time)) throw unfit(field, value);
  return time;
}

function timeOf(text: string): number {
  if (/^\d{5,}$/.test(text)) return Number(text);
  if (!ISO_DATE.test(text)) return Number.NaN;
  const local = text.replace(' ', 'T');
  return Date.parse(
    /(?:Z|[+-]\d{2}:?\d{2})$/.test(local) || local.length === 'YYYY-MM-DD'.length ? local : `${local}Z`,
  );
}

const unfit = ({ name, type }: Field, value: Json): EngineError =>
  new EngineError(
    400,
    'mapper_parsing_exception',
    `failed to parse field [${name}] of type [${type}]: ${textOf(value)}`,
  );

/** `*` stands for anything, `?` for one character. */
export function matchesPattern(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'su').test(text);
}

/** Everything at a path of dots in a document, lists opened. */
export function valuesAt(document: Json | undefined, path: string): readonly Json[] {
  if (Array.isArray(document)) return document.flatMap((one: Json) => valuesAt(one, path));
  if (typeof document !== 'object' || document === null) return [];
  const members = document as JsonObject;
  const direct = members[path];
  if (direct !== undefined) return listOf(direct).filter((one) => one !== null);
  const dot = path.indexOf('.');
  return dot < 0 ? [] : valuesAt(members[path.slice(0, dot)], path.slice(dot + 1));
}
