import { checkIndexName, DocumentIndex, type IndexRecord, type Named } from './index-of-documents.ts';
import { checkTemplate, type IndexTemplates, settingsFor } from './index-templates.ts';
import { EngineError, type Json, type JsonObject, listOf, objectOf, onlyMember, textOf } from './json.ts';
import { matchesPattern } from './mapping.ts';

export interface ClusterRecord {
  readonly indices: Readonly<Record<string, IndexRecord>>;
  readonly templates: IndexTemplates;
}

/** All indices, the aliases that stand for them, and the templates that new ones follow. */
export class Cluster {
  private readonly indices: Map<string, DocumentIndex>;
  private templates: IndexTemplates;

  constructor({ indices, templates }: ClusterRecord = { indices: {}, templates: {} }) {
    this.indices = new Map(Object.entries(indices).map(([name, one]) => [name, new DocumentIndex(one)]));
    this.templates = templates;
  }

  record(): ClusterRecord {
    const indices = Object.fromEntries([...this.indices].map(([name, index]) => [name, index.record()]));
    return { indices, templates: this.templates };
  }

  /** Holds for indices made from now on; one of this name is replaced. Throws for what the stand-in does not know. */
  putTemplate(name: string, template: JsonObject): void {
    checkTemplate(name, template);
    this.templates = { ...this.templates, [name]: template };
  }

  /** Throws where there is none of this name. */
  deleteTemplate(name: string): void {
    const { [name]: known, ...others } = this.templates;
    if (known === undefined) {
      throw new EngineError(404, 'resource_not_found_exception', `no index template [${name}]`);
    }
    this.templates = others;
  }

  /** Throws `resource_already_exists_exception`, and for a name that cannot be one. */
  create(name: string, body: JsonObject): void {
    checkIndexName(name);
    if (this.indices.has(name)) {
      throw new EngineError(400, 'resource_already_exists_exception', `index [${name}] already exists`);
    }
    if (this.withAlias(name).length > 0) {
      throw new EngineError(
        400,
        'invalid_index_name_exception',
        `Invalid index name [${name}], already exists as alias`,
      );
    }
    const index = new DocumentIndex({
      settings: settingsFor(name, this.templates),
      mappings: objectOf(body['mappings']),
      aliases: objectOf(body['aliases']),
      documents: [],
    });
    index.putSettings(objectOf(body['settings']));
    this.indices.set(name, index);
  }

  /** By its own name or a pattern, never by an alias. */
  delete(expression: string): void {
    if (this.withAlias(expression).length > 0) {
      const reason = `The provided expression [${expression}] matches an alias, specify the corresponding concrete indices instead.`;
      throw new EngineError(400, 'illegal_argument_exception', reason);
    }
    for (const [name] of this.find(expression)) this.indices.delete(name);
  }

  /** What an expression means: names, aliases, patterns, `_all`. Throws `index_not_found_exception`. */
  find(expression: string): readonly Named[] {
    const found = new Map<string, DocumentIndex>();
    for (const part of expression.split(',')) {
      const pattern = part === '_all' ? '*' : part;
      const named = [...this.indices].filter(
        ([name, { aliases }]) =>
          matchesPattern(pattern, name) || Object.keys(aliases).some((alias) => matchesPattern(pattern, alias)),
      );
      if (named.length === 0 && !pattern.includes('*')) throw notFound(part);
      for (const [name, index] of named) found.set(name, index);
    }
    return [...found];
  }

  /** The one index that can be written under a name; it is made when there is none, as the engine does by default. */
  forWriting(name: string): Named {
    const own = this.indices.get(name);
    if (own !== undefined) return [name, own];
    const [only, second] = this.withAlias(name);
    if (second !== undefined) {
      throw new EngineError(400, 'illegal_argument_exception', `no write index is defined for alias [${name}].`);
    }
    if (only !== undefined) return only;
    this.create(name, {});
    return this.forWriting(name);
  }

  /** Aliases by index, of the indices of `expression` or all. Throws when a named one is nowhere. */
  aliases(expression: string | undefined, names: string | undefined): JsonObject {
    const indices = expression === undefined ? [...this.indices] : this.find(expression);
    const wanted = names?.split(',');
    const fits = (alias: string): boolean =>
      wanted?.some((one) => one === '_all' || matchesPattern(one, alias)) ?? true;
    const found = indices
      .map(([name, index]) => [name, Object.entries(index.aliases).filter(([alias]) => fits(alias))] as const)
      .filter(([, own]) => names === undefined || own.length > 0);
    const missing = wanted?.filter(
      (one) => !one.includes('*') && !found.some(([, own]) => own.some(([a]) => a === one)),
    );
    if (missing?.[0] !== undefined && missing[0] !== '_all') throw new MissingAlias(missing[0]);
    return Object.fromEntries(found.map(([name, own]) => [name, { aliases: Object.fromEntries(own) }]));
  }

  /** All actions or none. */
  updateAliases(actions: readonly Json[]): void {
    const steps = actions.flatMap((action) => this.stepsOf(action));
    for (const step of steps) step();
  }

  private stepsOf(action: Json): readonly (() => void)[] {
    const [kind, body] = onlyMember(action, 'aliases');
    const { index, indices = index, alias, aliases = alias, ...options } = objectOf(body);
    const targets = listOf(indices).flatMap((one) => this.find(textOf(one)));
    const names = listOf(aliases).map(textOf);
    if (kind === 'remove_index')
      return targets.map(
        ([name]) =>
          () =>
            void this.indices.delete(name),
      );
    if (kind === 'remove') {
      const present = names.filter((name) => targets.some(([, one]) => one.aliases[name] !== undefined));
      const missing = names.find((name) => !present.includes(name));
      if (missing !== undefined) {
        throw new EngineError(404, 'aliases_not_found_exception', `aliases [${missing}] missing`);
      }
      return targets.map(([, one]) => () => {
        one.aliases = Object.fromEntries(Object.entries(one.aliases).filter(([name]) => !names.includes(name)));
      });
    }
    if (kind !== 'add') throw new EngineError(400, 'parsing_exception', `[aliases] unknown field [${kind}]`);
    for (const name of names) this.checkAlias(name);
    return targets.map(([, one]) => () => {
      for (const name of names) one.aliases[name] = options;
    });
  }

  private checkAlias(name: string): void {
    if (!this.indices.has(name)) return;
    const reason = `Invalid alias name [${name}], an index exists with the same name as the alias`;
    throw new EngineError(400, 'invalid_alias_name_exception', reason);
  }

  private withAlias(alias: string): readonly Named[] {
    return [...this.indices].filter(([, index]) => index.aliases[alias] !== undefined);
  }
}

/** A missing alias is told in a form of its own. */
export class MissingAlias extends EngineError {
  constructor(name: string) {
    super(404, 'aliases_not_found_exception', `alias [${name}] missing`);
  }

  override body(): JsonObject {
    return { error: this.message, status: this.status };
  }
}

const notFound = (name: string): EngineError =>
  new EngineError(404, 'index_not_found_exception', `no such index [${name}]`);
