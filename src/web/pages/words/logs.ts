import type { LogLevel } from '../../../domain/log-lines.ts';
import type { Age } from '../../log-wish.ts';

export const LEVEL_WORDS: Readonly<Record<LogLevel, string>> = { error: 'Errors', warning: 'Warnings', info: 'Info' };

export const AGE_WORDS: Readonly<Record<Age, string>> = {
  '1h': 'Last hour',
  '6h': 'Last 6 hours',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  all: 'All there is',
};

/** `2026-11-25 10:00:05.123`, in UTC or in the reader's own zone. */
export function lineTime(iso: string, zone: 'utc' | 'local'): string {
  const at = new Date(iso);
  const offsetMs = zone === 'utc' ? 0 : at.getTimezoneOffset() * 60_000;
  return new Date(at.getTime() - offsetMs).toISOString().slice(0, 23).replace('T', ' ');
}

/** A text in pieces, those that were searched for marked; together they are the text. */
export function piecesOf(
  text: string,
  search: string,
): readonly { readonly text: string; readonly isFound: boolean }[] {
  if (search === '') return [{ text, isFound: false }];
  const pieces: { text: string; isFound: boolean }[] = [];
  const [inText, wanted] = [text.toLowerCase(), search.toLowerCase()];
  // Letters whose small form is longer would shift what is marked.
  if (inText.length !== text.length) return [{ text, isFound: false }];
  let from = 0;
  for (let at = inText.indexOf(wanted); at !== -1; at = inText.indexOf(wanted, from)) {
    if (at > from) pieces.push({ text: text.slice(from, at), isFound: false });
    pieces.push({ text: text.slice(at, at + wanted.length), isFound: true });
    from = at + wanted.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), isFound: false });
  return pieces;
}

/** `37 new lines`. */
export const newLinesInWords = (count: number): string => `${count} new ${count === 1 ? 'line' : 'lines'}`;
