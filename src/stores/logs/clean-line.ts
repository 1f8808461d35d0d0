import { stripVTControlCharacters } from 'node:util';
import { LINE_AT_MOST } from '../../domain/log-lines.ts';

/** Controls, and what turns the direction of text or joins lines: whoever reads a line must see what is in it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about.
const UNSEEN = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/**
 * A line of a tenant's or a visitor's making, fit to be shown in a terminal and on a page: colours are taken out, other
 * controls become a visible mark, and what is too long is cut.
 */
export function cleanLine(text: string): string {
  const shown = text.length > 2 * LINE_AT_MOST ? text.slice(0, 2 * LINE_AT_MOST) : text;
  const clean = stripVTControlCharacters(shown.replace(/\r+$/, '')).replaceAll(UNSEEN, '\ufffd');
  return clean.length > LINE_AT_MOST ? `${clean.slice(0, LINE_AT_MOST)}…` : clean;
}
