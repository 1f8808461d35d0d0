import { AppError } from '../domain/errors.ts';

/** Whom a shop's mail is from, in the end. */
export interface Sender {
  readonly address: string;
  /** Null: what the mail itself calls its sender, else `fallbackName`. */
  readonly name: string | null;
  readonly fallbackName: string;
  /** Where answers go; null: where the mail itself says. */
  readonly replyTo: string | null;
  /** The mail's own sender is answered to where it names nobody else: its address is no longer the one that it is from. */
  readonly answersToItsOwn: boolean;
}

const OURS_TO_WRITE = /^(?:from|sender|reply-to|return-path|x-shop-[a-z-]+)$/;
const PRINTABLE = /^[\x20-\x7e]*$/;
const NAME_MAX = 300;
/** So many bytes make an encoded word of less than 75 characters (RFC 2047). */
const WORD_BYTES = 42;

/**
 * The same mail from that sender: its head has one `From` and at most one `Reply-To`, and nothing that was noted for us.
 * Everything else, and the body, is as the shop wrote it, byte for byte. Throws `mail_failed` for a head that some read
 * otherwise than others: a lone carriage return, a NUL.
 */
export function setSender(raw: Buffer, sender: Sender): Buffer {
  const { lines, rest } = headOf(raw);
  const kept = lines.filter((line) => !OURS_TO_WRITE.test(nameOf(line)));
  const own = valueOf(lines, 'from');
  const name = sender.name ?? phraseOf(own);
  const replyTo = sender.replyTo ?? valueOf(lines, 'reply-to') ?? (sender.answersToItsOwn ? addressOf(own) : undefined);
  const head = [
    `From: ${sender.name === null && name !== undefined ? name : wordsOf(name ?? sender.fallbackName)} <${sender.address}>`,
    ...(replyTo === undefined ? [] : [`Reply-To: ${replyTo}`]),
    ...kept,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n`, 'latin1'), rest]);
}

/** Header lines, folded ones whole; and everything from the empty line on. Latin-1: bytes stay what they are. */
function headOf(raw: Buffer): { lines: string[]; rest: Buffer } {
  const text = raw.toString('latin1');
  const end = /\r?\n\r?\n/.exec(text);
  const head = end === null ? text : text.slice(0, end.index);
  const rest = end === null ? Buffer.from('\r\n') : raw.subarray(end.index + (end[0].startsWith('\r') ? 2 : 1));
  if (/\0|\r(?!\n)/.test(head))
    throw new AppError('mail_failed', 'The head of the mail has characters that end no line.');
  // What continues no line would continue ours.
  const whole = head.replace(/^(?:[ \t][^\n]*(?:\n|$))+/, '');
  return { lines: whole.split(/\r?\n(?![ \t])/).filter((line) => line !== ''), rest };
}

const nameOf = (line: string): string => (line.split(':', 1)[0] ?? '').trim().toLowerCase();

function valueOf(lines: readonly string[], name: string): string | undefined {
  const line = lines.find((candidate) => nameOf(candidate) === name);
  const value = line
    ?.slice(line.indexOf(':') + 1)
    .replace(/\s+/g, ' ')
    .trim();
  return value === undefined || value === '' || !PRINTABLE.test(value) ? undefined : value;
}

/** `"Roses" <a@b.c>` → `"Roses"`, as it is written there; nothing where it is only an address, or has too much to say. */
function phraseOf(value: string | undefined): string | undefined {
  const phrase = /^("(?:[^"\\]|\\.)*"|[^<>,;:@"\\()[\]]+?)\s*<[^<>\s]+>$/.exec(value ?? '')?.[1];
  return phrase === undefined || phrase.length > NAME_MAX ? undefined : phrase;
}

function addressOf(value: string | undefined): string | undefined {
  const bare = /<([^<>\s]+)>$/.exec(value ?? '')?.[1] ?? value;
  return bare !== undefined && /^[^\s<>,;:"]+@[^\s<>,;:"]+$/.test(bare) ? `<${bare}>` : undefined;
}

/** A name as a header holds it: quoted, or as encoded words. */
function wordsOf(name: string): string {
  if (PRINTABLE.test(name)) return `"${name.replace(/["\\]/g, '\\$&')}"`;
  const words: string[] = [];
  let word = '';
  for (const character of name) {
    if (Buffer.byteLength(word + character) > WORD_BYTES) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  return [...words, word].map((part) => `=?UTF-8?B?${Buffer.from(part).toString('base64')}?=`).join('\r\n ');
}
