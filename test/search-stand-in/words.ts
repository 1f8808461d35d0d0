import type { Token } from './analysis.ts';
import type { DocumentIndex, Words } from './index-of-documents.ts';
import { type JsonObject, numberOf, textOf } from './json.ts';
import type { Field } from './mapping.ts';
import type { Matches } from './matches.ts';
import { neededOf } from './needed-of.ts';

/** BM25, as the engine weighs words. */
const SATURATION = 1.2;
const LENGTH_WEIGHT = 0.75;
/** One place in the looked-for text: the words that may stand there, or what a word there begins with. */
interface Place {
  readonly words: ReadonlySet<string>;
  readonly prefix: boolean;
}

/** Documents whose text field has the words, the phrase, or the phrase whose last word is only begun. */
export function matchWords(index: DocumentIndex, field: Field, options: JsonObject, type: string): Matches {
  const named = options['analyzer'];
  const analyze = index.analyzer(field, named === undefined ? undefined : textOf(named));
  const places = placesOf(analyze(textOf(options['query'])), type === 'match_phrase_prefix');
  const all = index.wordsOf(field);
  const boost = numberOf(options['boost'], 1);
  const everyWord = textOf(options['operator']).toLowerCase() === 'and';
  const needed = everyWord ? places.length : neededOf(options['minimum_should_match'], places.length, 1);
  const found = new Map<string, number>();
  if (places.length === 0) return found;
  for (const [id, tokens] of all.of) {
    const present = places.filter((place) => tokens.some(({ term }) => standsIn(place, term)));
    if (present.length < Math.max(1, type === 'match' ? needed : places.length)) continue;
    if (type !== 'match' && !hasPhrase(tokens, places)) continue;
    found.set(id, boost * present.reduce((score, place) => score + weight(all, tokens, place), 0));
  }
  return found;
}

function placesOf(tokens: readonly Token[], lastIsBegun: boolean): readonly Place[] {
  const positions = [...new Set(tokens.map(({ position }) => position))];
  return positions.map((at, order) => ({
    words: new Set(tokens.filter(({ position }) => position === at).map(({ term }) => term)),
    prefix: lastIsBegun && order === positions.length - 1,
  }));
}

const standsIn = ({ words, prefix }: Place, term: string): boolean =>
  words.has(term) || (prefix && [...words].some((word) => term.startsWith(word)));

function hasPhrase(tokens: readonly Token[], places: readonly Place[]): boolean {
  const at = new Map<number, string[]>();
  for (const { position, term } of tokens) at.set(position, [...(at.get(position) ?? []), term]);
  return [...at.keys()].some((start) =>
    places.every((place, order) => at.get(start + order)?.some((term) => standsIn(place, term)) === true),
  );
}

function weight({ of, documentsWith, averageLength }: Words, tokens: readonly Token[], place: Place): number {
  const matching = tokens.filter(({ term }) => standsIn(place, term));
  const documents = Math.max(1, ...matching.map(({ term }) => documentsWith.get(term) ?? 1));
  const rarity = Math.log(1 + (of.size - documents + 0.5) / (documents + 0.5));
  const length = SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * (tokens.length / averageLength));
  return rarity * (matching.length / (matching.length + length));
}
