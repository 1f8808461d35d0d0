import { EngineError, type Json, type JsonObject, listOf, objectOf, textOf } from './json.ts';

export interface Token {
  readonly term: string;
  readonly position: number;
  /** Left alone by the stemmer. */
  readonly keyword: boolean;
}

export type Analyzer = (text: string) => readonly Token[];

type Filter = (tokens: readonly Token[]) => readonly Token[];

const WORD = /[\p{L}\p{N}_]+(?:['’.][\p{L}\p{N}_]+)*/gu;

const BUILT_IN = ['default', 'standard', 'simple', 'keyword', 'whitespace'];

/** The analyzers of an index: built-in ones, and custom ones of its settings, by name. Throws for another name. */
export function analyzersOf(analysis: JsonObject): (name: string | undefined) => Analyzer {
  const custom = objectOf(analysis['analyzer']);
  const made = new Map<string, Analyzer>();
  return (name = 'default') => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const definition = custom[name];
    if (definition === undefined && !BUILT_IN.includes(name)) {
      throw new EngineError(
        400,
        'illegal_argument_exception',
        `analyzer [${name}] has not been configured in mappings`,
      );
    }
    const analyzer = definition === undefined ? builtIn(name) : customAnalyzer(objectOf(definition), analysis);
    made.set(name, analyzer);
    return analyzer;
  };
}

/** What a keyword field's normalizer makes of a value. Only `lowercase` and `asciifolding` do anything. */
export function normalizerOf(analysis: JsonObject, name: string | undefined): (text: string) => string {
  const filters = name === undefined ? [] : listOf(objectOf(objectOf(analysis['normalizer'])[name])['filter']);
  const names = new Set(filters.map(textOf));
  return (text) => {
    const folded = names.has('asciifolding') ? fold(text) : text;
    return names.has('lowercase') ? folded.toLowerCase() : folded;
  };
}

function builtIn(name: string): Analyzer {
  if (name === 'keyword') return (text) => [{ term: text, position: 0, keyword: false }];
  if (name === 'whitespace') return (text) => split(text, /\S+/g);
  return (text) => lowercase(split(text, WORD));
}

function customAnalyzer(definition: JsonObject, analysis: JsonObject): Analyzer {
  const tokenize = tokenizerOf(textOf(definition['tokenizer']), objectOf(analysis['tokenizer']));
  const filters = listOf(definition['filter']).map((name) => filterOf(textOf(name), objectOf(analysis['filter'])));
  const types = listOf(definition['char_filter']).map((name) =>
    typeOf(textOf(name), objectOf(analysis['char_filter'])),
  );
  const clean = types.includes('html_strip') ? stripHtml : (text: string) => text;
  return (text) => filters.reduce<readonly Token[]>((tokens, filter) => filter(tokens), tokenize(clean(text)));
}

const typeOf = (name: string, custom: JsonObject): string => textOf(objectOf(custom[name])['type']) || name;

function tokenizerOf(name: string, custom: JsonObject): Analyzer {
  const type = typeOf(name, custom);
  if (type === 'keyword') return builtIn('keyword');
  return type === 'whitespace' ? builtIn('whitespace') : (text) => split(text, WORD);
}

function filterOf(name: string, custom: JsonObject): Filter {
  const filters: Readonly<Record<string, Filter>> = {
    lowercase,
    asciifolding: (tokens) => tokens.map((token) => ({ ...token, term: fold(token.term) })),
    keyword_repeat: (tokens) => tokens.flatMap((token) => [{ ...token, keyword: true }, token]),
    stemmer: (tokens) => tokens.map((token) => (token.keyword ? token : { ...token, term: stem(token.term) })),
    unique: withoutTwins,
    synonym: synonymsOf(listOf(objectOf(custom[name])['synonyms'])),
    synonym_graph: synonymsOf(listOf(objectOf(custom[name])['synonyms'])),
  };
  return filters[typeOf(name, custom)] ?? ((tokens) => tokens);
}

function split(text: string, pattern: RegExp): readonly Token[] {
  return [...text.matchAll(pattern)].map(([term], position) => ({ term, position, keyword: false }));
}

const lowercase: Filter = (tokens) => tokens.map((token) => ({ ...token, term: token.term.toLowerCase() }));

function withoutTwins(tokens: readonly Token[]): readonly Token[] {
  const seen = new Set<string>();
  return tokens.filter(({ position, term }) => {
    const twin = seen.has(`${position} ${term}`);
    seen.add(`${position} ${term}`);
    return !twin;
  });
}

/** Single words only; a synonym of several words would need a graph, which no test asks for. */
function synonymsOf(rules: readonly Json[]): Filter {
  const others = new Map<string, readonly string[]>();
  for (const rule of rules.map(textOf)) {
    const [left = '', right] = rule.split('=>');
    const words = (part: string): string[] => part.split(',').map((word) => word.trim().toLowerCase());
    for (const word of words(left)) others.set(word, words(right ?? left));
  }
  return (tokens) =>
    withoutTwins(
      tokens.flatMap((token) => [token, ...(others.get(token.term) ?? []).map((term) => ({ ...token, term }))]),
    );
}

const stripHtml = (text: string): string => text.replaceAll(/<[^>]*>/g, ' ').replaceAll(/&(?:amp|nbsp);/g, ' ');
const fold = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll('ß', 'ss');

/** Plural, past and progressive of English: enough that "bags" finds "bag". */
function stem(term: string): string {
  if (term.length < 4) return term;
  if (term.endsWith('ies')) return `${term.slice(0, -3)}i`;
  if (term.endsWith('sses')) return term.slice(0, -2);
  if (/[^s]s$/.test(term)) return stem(term.slice(0, -1));
  if (term.length > 5 && term.endsWith('ing')) return term.slice(0, -3);
  if (term.length > 4 && term.endsWith('ed')) return term.slice(0, -2);
  return term.endsWith('y') ? `${term.slice(0, -1)}i` : term.replace(/e$/, '');
}
