/** One directive as nginx reads it: its words with quotes undone, and what is in its braces. */
export interface Parsed {
  readonly words: readonly string[];
  readonly block?: readonly Parsed[];
}

/**
 * Reads a configuration by the rules of nginx's own reader (`ngx_conf_read_token`): words end at space, `;` or `{`; a
 * quote at the beginning of a word takes everything up to its twin; a backslash undoes quotes and itself. Throws where
 * nginx would. For tests: it shares no line with the emitter that it checks.
 */
export function parseNginx(text: string): Parsed[] {
  let at = 0;
  const result = readBlock(false);
  if (at < text.length) throw new Error(`unexpected "}" at ${at}`);
  return result;

  function readBlock(isInner: boolean): Parsed[] {
    const found: Parsed[] = [];
    let words: string[] = [];
    for (;;) {
      skipSpace();
      const char = text[at];
      if (char === undefined) {
        if (isInner || words.length > 0) throw new Error('unexpected end of file');
        return found;
      }
      if (char === '}') {
        if (words.length > 0) throw new Error('unexpected "}"');
        if (isInner) at += 1;
        return found;
      }
      if (char === ';' || char === '{') {
        at += 1;
        if (words.length === 0) throw new Error(`unexpected "${char}"`);
        found.push(char === ';' ? { words } : { words, block: readBlock(true) });
        words = [];
      } else words.push(char === '"' || char === "'" ? readQuoted(char) : readWord());
    }
  }

  function skipSpace(): void {
    for (;;) {
      while (/[ \t\r\n]/.test(text[at] ?? '')) at += 1;
      if (text[at] !== '#') return;
      while (at < text.length && text[at] !== '\n') at += 1;
    }
  }

  function readWord(): string {
    let word = '';
    while (at < text.length && !/[ \t\r\n;{]/.test(text[at] ?? '')) word += readChar();
    return word;
  }

  function readQuoted(quote: string): string {
    let word = '';
    at += 1;
    while (text[at] !== quote) {
      if (at >= text.length) throw new Error('a quote is not closed');
      word += readChar();
    }
    at += 1;
    if (!/[ \t\r\n;{)]/.test(text[at] ?? ' ')) throw new Error(`unexpected "${text[at] ?? ''}" after a quote`);
    return word;
  }

  function readChar(): string {
    const char = text[at] ?? '';
    const next = text[at + 1] ?? '';
    if (char === '\\' && /["'\\]/.test(next)) {
      at += 2;
      return next;
    }
    at += 1;
    return char;
  }
}
