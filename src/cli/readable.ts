/** Control characters, and those that reorder what is beside them: a shop's title must not repaint a terminal. */
const DANGEROUS = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Any text on one line of a terminal or of a table: what could move the cursor or the columns is shown escaped. */
export function onOneLine(text: string): string {
  return text.replaceAll(
    DANGEROUS,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/** `0.4 s`, `12.3 s`, `3 min 05 s`. */
export function elapsed(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}
