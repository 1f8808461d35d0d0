import { EngineError, type JsonObject, listOf, numberOf, objectOf, textOf } from './json.ts';
import { matchesPattern } from './mapping.ts';

/** What indices of certain names begin with, by the template's name. */
export type IndexTemplates = Readonly<Record<string, JsonObject>>;

const KNOWN: readonly string[] = ['index_patterns', 'template', 'priority'];

/** Throws where the stand-in would forget a part of it. */
export function checkTemplate(name: string, body: JsonObject): void {
  const refusal = (why: string) =>
    new EngineError(400, 'illegal_argument_exception', `index template [${name}] ${why}`);
  if (listOf(body['index_patterns']).length === 0) throw refusal('needs index patterns');
  const parts = Object.keys(body).filter((part) => !KNOWN.includes(part));
  const inside = Object.keys(objectOf(body['template'])).filter((part) => part !== 'settings');
  const [unknown] = [...parts, ...inside];
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
