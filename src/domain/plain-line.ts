/** Control characters, and the marks that turn the direction of text around (Unicode TR9). */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/u;
const CONTROLS = new RegExp(CONTROL, 'gu');
const DIRECTION_MARKS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Any text of one line, as titles and names are kept: composed, trimmed, without invisible marks that turn text around.
 * `undefined` for what is not one line.
 */
export function plainLine(text: string): string | undefined {
  return CONTROL.test(text) ? undefined : text.normalize('NFC').replace(DIRECTION_MARKS, '').trim();
}

/** Whatever a program printed, as one such line: control characters become blanks. */
export function asPlainLine(text: string): string {
  return plainLine(text.replace(CONTROLS, ' ')) ?? '';
}
