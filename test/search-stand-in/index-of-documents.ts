import { type Analyzer, analyzersOf, normalizerOf, type Token } from './analysis.ts';
import { EngineError, type Json, type JsonObject, listOf, objectOf, textOf } from './json.ts';
import { dynamicProperties, type Field, fieldsOf, mergeProperties, parsed, valuesAt } from './mapping.ts';

export interface StoredDocument {
  readonly source: JsonObject;
  readonly version: number;
}

/** What is kept between starts. */
export interface IndexRecord {
  readonly settings: JsonObject;
  readonly mappings: JsonObject;
  readonly aliases: JsonObject;
  readonly documents: readonly (readonly [string, StoredDocument])[];
}

/** The words of one text field: which document has which, and how long they are. */
export interface Words {
  readonly of: ReadonlyMap<string, readonly Token[]>;
  readonly documentsWith: ReadonlyMap<string, number>;
  readonly averageLength: number;
}

/** An index under the name it has. */
export type Named = readonly [string, DocumentIndex];

/** Words of the next value of a list begin so far behind: a phrase does not reach across. */
const GAP = 100;

/** One index: its documents, and what a search asks of them. Nothing here is quick for more than some thousand. */
export class DocumentIndex {
  readonly documents: Map<string, StoredDocument>;
  settings: JsonObject;
  mappings: JsonObject;
  aliases: Record<string, Json>;
  private fields = new Map<string, Field>();
  private readonly words = new Map<string, Words>();
  private analyzers: (name: string | undefined) => Analyzer;

  constructor({ settings, mappings, aliases, documents }: IndexRecord) {
    this.documents = new Map(documents);
    this.settings = flatSettings(settings);
    this.mappings = mappings;
    this.aliases = { ...(aliases as Record<string, Json>) };
    this.analyzers = analyzersOf(this.analysis());
    this.putMapping({});
  }

  /** Adds to the mappings. Throws, and changes nothing, where a field's type would change. */
  putMapping(added: JsonObject): void {
    const properties = mergeProperties(objectOf(this.mappings['properties']), objectOf(added['properties']));
    this.mappings = { ...this.mappings, ...added, properties };
    this.fields = fieldsOf(properties);
    this.words.clear();
  }

  putSettings(added: JsonObject): void {
    this.settings = deepMerge(this.settings, flatSettings(added));
    this.analyzers = analyzersOf(this.analysis());
    this.words.clear();
  }

  /** Writes a document. Throws, and keeps the old one, where a value does not fit its field. */
  put(id: string, source: JsonObject): StoredDocument {
    const known = objectOf(this.mappings['properties']);
    const dynamic = this.mappings['dynamic'];
    if (dynamic !== false && dynamic !== 'false') {
      const properties = dynamicProperties(source, known, listOf(this.mappings['dynamic_templates']));
      if (Object.keys(properties).length > 0) this.putMapping({ properties });
    }
    for (const field of this.fields.values()) {
      for (const value of valuesAt(source, field.source)) parsed(field, value);
    }
    const document = { source, version: (this.documents.get(id)?.version ?? 0) + 1 };
    this.documents.set(id, document);
    this.words.clear();
    return document;
  }

  remove(id: string): boolean {
    this.words.clear();
    return this.documents.delete(id);
  }

  field(name: string): Field | undefined {
    return this.fields.get(name);
  }

  /** The fields a pattern like `name*` stands for. */
  fieldNames(): readonly string[] {
    return [...this.fields.keys()];
  }

  /** Values of a field in a document as a search compares them: numbers, times, normalized keywords, `_id`. */
  values(id: string, name: string): readonly (string | number | boolean)[] {
    if (name === '_id') return [id];
    const document = this.documents.get(id);
    const field = this.fields.get(name);
    if (document === undefined || field === undefined) return [];
    const normalize = this.normalizer(field);
    return this.raw(document.source, field)
      .map((value) => parsed(field, value))
      .filter((value) => value !== undefined)
      .map((value) => (typeof value === 'string' ? normalize(value) : value));
  }

  normalizer(field: Field): (text: string) => string {
    const name = field.definition['normalizer'];
    return normalizerOf(this.analysis(), name === undefined ? undefined : textOf(name));
  }

  /** The analyzer for a text that is looked for in a field. Throws for a name that the index does not know. */
  analyzer(field: Field, named?: string): Analyzer {
    const own = field.definition['search_analyzer'] ?? field.definition['analyzer'];
    return this.analyzers(named ?? (own === undefined ? undefined : textOf(own)));
  }

  wordsOf(field: Field): Words {
    const known = this.words.get(field.name);
    if (known !== undefined) return known;
    const words = this.readWords(field);
    this.words.set(field.name, words);
    return words;
  }

  record(): IndexRecord {
    const { settings, mappings, aliases } = this;
    return { settings, mappings, aliases, documents: [...this.documents] };
  }

  private readWords(field: Field): Words {
    const own = field.definition['analyzer'];
    const analyze = this.analyzers(own === undefined ? undefined : textOf(own));
    const of = new Map<string, readonly Token[]>();
    const documentsWith = new Map<string, number>();
    let length = 0;
    for (const [id, { source }] of this.documents) {
      const tokens: Token[] = [];
      for (const value of this.raw(source, field)) {
        const start = tokens.length === 0 ? 0 : (tokens.at(-1)?.position ?? 0) + GAP;
        tokens.push(...analyze(textOf(value)).map((token) => ({ ...token, position: token.position + start })));
      }
      if (tokens.length === 0) continue;
      of.set(id, tokens);
      length += tokens.length;
      for (const term of new Set(tokens.map(({ term }) => term))) {
        documentsWith.set(term, (documentsWith.get(term) ?? 0) + 1);
      }
    }
    return { of, documentsWith, averageLength: of.size === 0 ? 1 : length / of.size };
  }

  /** What the document says for a field, with what other fields copy into it. */
  private raw(source: JsonObject, field: Field): readonly Json[] {
    if (field.source !== field.name) return valuesAt(source, field.source);
    const copied = [...this.fields.values()].filter(({ definition }) =>
      listOf(definition['copy_to']).includes(field.name),
    );
    return [field, ...copied].flatMap((one) => valuesAt(source, one.source));
  }

  private analysis(): JsonObject {
    return objectOf(this.settings['analysis']);
  }
}

/** The name of an index, or why it cannot be one. */
export function checkIndexName(name: string): void {
  const reason = /[A-Z]/.test(name)
    ? 'must be lowercase'
    : /^[-_+]/.test(name) || name === '.' || name === '..'
      ? "must not start with '_', '-', or '+'"
      : /[\\/*?"<>| ,#:]/.test(name)
        ? 'must not contain the following characters [ , ", *, \\, <, |, ,, >, /, ?, #, :]'
        : undefined;
  if (reason === undefined) return;
  throw new EngineError(400, 'invalid_index_name_exception', `Invalid index name [${name}], ${reason}`);
}

/** Settings may be given with or without `index` in front. */
function flatSettings({ index, ...others }: JsonObject): JsonObject {
  const named = Object.entries({ ...others, ...objectOf(index) });
  return Object.fromEntries(named.map(([name, value]) => [name.replace(/^index\./, ''), value]));
}

function deepMerge(old: JsonObject, added: JsonObject): JsonObject {
  const merged: Record<string, Json | undefined> = { ...old };
  for (const [name, value] of Object.entries(added)) {
    const both = typeof value === 'object' && value !== null && !Array.isArray(value) && old[name] !== undefined;
    merged[name] = both ? deepMerge(objectOf(old[name]), objectOf(value)) : value;
  }
  return merged;
}
