import { EngineError, type JsonObject, listOf, numberOf, objectOf, textOf } from './json.ts';
import { matchesPattern } from './mapping.ts';

/** What indices of certain names begin with, by the template's name. */
export type IndexTemplates = Readonly<Record<string, JsonObject>>;

/** Throws where the stand-in would forget a part of it. */
export function checkTemplate(name: string, { index_patterns, template, priority, ...others }: JsonObject): void {
  const refusal = (why: string) =>
    new EngineError(400, 'illegal_argument_exception', `index template [${name}] ${why}`);
  if (listOf(index_patterns).length === 0) throw refusal('needs index patterns');
  const { settings, ...more } = objectOf(template);
  const [unknown] = Object.keys({ ...others, ...more });
  if (unknown !== undefined) throw refusal(`has [${unknown}], which the stand-in does not know`);
}

/** The settings of the template with the highest priority of those that fit. */
export function settingsFor(index: string, templates: IndexTemplates): JsonObject {
  const fitting = Object.values(templates).filter(({ index_patterns }) =>
    listOf(index_patterns).some((pattern) => matchesPattern(textOf(pattern), index)),
  );
  const [first] = fitting.toSorted((a, b) => numberOf(b['priority'], 0) - numberOf(a['priority'], 0));
  return objectOf(objectOf(first?.['template'])['settings']);
}
