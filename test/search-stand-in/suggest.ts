import type { Named } from './index-of-documents.ts';
import { type JsonObject, listOf, numberOf, objectOf, textOf } from './json.ts';

const MOST_EDITS = 2;

/** Phrase suggestions: the text with every unknown word replaced by the nearest one that the field knows. */
export function suggest(indices: readonly Named[], body: JsonObject): JsonObject {
  const { text: shared, ...wanted } = body;
  const answers = Object.entries(wanted).map(([name, definition]) => {
    const text = textOf(objectOf(definition)['text'] ?? shared);
    const phrase = objectOf(objectOf(definition)['phrase']);
    const options = phrase['field'] === undefined ? [] : corrected(indices, text, phrase);
    return [name, [{ text, offset: 0, length: text.length, options }]] as const;
  });
  return Object.fromEntries(answers);
}

function corrected(indices: readonly Named[], text: string, phrase: JsonObject): readonly JsonObject[] {
  const name = textOf(phrase['field']);
  const known = new Map<string, number>();
  for (const [, index] of indices) {
    const field = index.field(name);
    if (field === undefined) continue;
    for (const [term, count] of index.wordsOf(field).documentsWith) known.set(term, (known.get(term) ?? 0) + count);
  }
  const generator = objectOf(listOf(phrase['direct_generator'])[0]);
  const shortest = numberOf(generator['min_word_length'], 4);
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const better = words.map((word) => (known.has(word) || word.length < shortest ? word : nearest(word, known)));
  if (better.every((word, at) => word === words[at])) return [];
  const distance = better.reduce((sum, word, at) => sum + edits(word, words[at] ?? ''), 0);
  return [{ text: better.join(' '), score: 1 / (1 + distance) }];
}

function nearest(word: string, known: ReadonlyMap<string, number>): string {
  const close = [...known]
    .map(([term, count]) => ({ term, count, distance: edits(word, term) }))
    .filter(({ distance }) => distance <= MOST_EDITS)
    .toSorted((a, b) => a.distance - b.distance || b.count - a.count);
  return close[0]?.term ?? word;
}

/** How many letters must be put in, taken out or changed. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const change = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
