import { isHostname } from '../../domain/domain-name.ts';
import { AppError } from '../../domain/errors.ts';

/**
 * The only way a character gets into a file of nginx: as a leaf, made by one of the functions below, each of which
 * knows exactly what it lets through. The emitter writes nothing else, so no text from outside can end a directive,
 * open a block or name a variable.
 */
class LeafText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
export type Leaf = LeafText;

/** Every leaf that this module made: a look-alike, or one made with a cast, is not among them. */
const made = new WeakSet<Leaf>();

export interface Directive {
  /** A word of nginx; in a `map`, the key, which is a leaf as any other value is. */
  readonly name: string | Leaf;
  readonly args: readonly Leaf[];
  readonly block?: readonly Directive[];
}

/** Words that mean something inside a `map` block whatever is around them; as names of hosts they would be swallowed. */
const WORDS_OF_MAP = ['default', 'hostnames', 'include', 'volatile'];
const DIRECTIVE_NAME = /^[a-z][a-z0-9_]*$/;
const ABSOLUTE_PATH = /^\/[A-Za-z0-9._\-/+@ ]*$/;
const NEEDS_QUOTES = /[^A-Za-z0-9._\-/+:]/;

/** A canonical host name: lower-case ASCII labels, at most 253 characters. */
export function hostname(text: string): Leaf {
  if (!isHostname(text)) throw refusal('host name', 'only lower-case letters, digits, hyphens and dots may be in it');
  if (WORDS_OF_MAP.includes(text)) throw refusal('host name', 'nginx gives this word a meaning of its own');
  return leaf(text);
}

export function port(value: number): Leaf {
  if (!Number.isInteger(value) || value < 1 || value > 65_535) throw refusal('port', 'it is not between 1 and 65535');
  return leaf(String(value));
}

/** A path without anything that nginx, or a glob, would expand; `..` is not followed. */
export function absolutePath(text: string): Leaf {
  if (!ABSOLUTE_PATH.test(text) || text.split('/').includes('..'))
    throw refusal('path', 'only letters, digits, space and . _ - / + @ may be in it, and no ".."');
  return leaf(quoted(text));
}

/** An id of ours, e.g. `sto_01h…`. */
export function storeId(text: string): Leaf {
  if (!/^[a-z0-9_]{1,64}$/.test(text)) throw refusal('store id', 'only a-z, 0-9 and _ may be in it');
  return leaf(text);
}

/** The name of a local account. */
export function systemUser(text: string): Leaf {
  if (!/^[a-z_][a-z0-9_-]{0,31}$/.test(text)) throw refusal('user', 'it is not a name of a system user');
  return leaf(text);
}

/** Hexadecimal digits. */
export function digest(text: string): Leaf {
  if (!/^[0-9a-f]{8,64}$/.test(text)) throw refusal('digest', 'only hexadecimal digits may be in it');
  return leaf(text);
}

export function count(value: number): Leaf {
  if (!Number.isSafeInteger(value) || value < 0) throw refusal('number', 'it is not a whole number');
  return leaf(String(value));
}

export function seconds(milliseconds: number): Leaf {
  return leaf(`${count(Math.ceil(milliseconds / 1000)).text}s`);
}

export function megabytes(value: number): Leaf {
  return leaf(`${count(value).text}m`);
}

/** What follows `listen`: an address with a port. IPv6 in brackets. */
export function endpoint(address: string, portNumber: number): Leaf {
  if (!/^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]{2,39}\])$/.test(address)) throw refusal('address', 'it is not an IP');
  return leaf(`${address}:${port(portNumber).text}`);
}

/** A unix socket, as `listen` names it. */
export function unixSocket(path: string): Leaf {
  absolutePath(path);
  return leaf(quoted(`unix:${path}`));
}

/**
 * Text of this source code, variables of nginx included. The type lets only literals through: a value that is known
 * when the program runs has type `string` and does not compile.
 */
export function literal<Text extends string>(text: string extends Text ? never : Text): Leaf {
  // eslint-disable-next-line no-control-regex -- exactly these must not get through
  if (/[\0\r\n]/.test(text)) throw refusal('literal', 'it holds a control character');
  return leaf(quoted(text));
}

/** Leaves written together as one argument, e.g. a path and a file name. None of them may need quotes of its own. */
export function joined(...parts: readonly Leaf[]): Leaf {
  const text = parts.map((part) => unquoted(textOf(part))).join('');
  return leaf(quoted(text));
}

/** The text of a file. Throws `internal_error` on a directive name or an argument that is not one. */
export function emit(directives: readonly Directive[], indent = ''): string {
  return directives.map((directive) => emitOne(directive, indent)).join('');
}

function emitOne({ name, args, block }: Directive, indent: string): string {
  const head = [typeof name === 'string' ? wordOf(name) : textOf(name), ...args.map(textOf)].join(' ');
  if (block === undefined) return `${indent}${head};\n`;
  return `${indent}${head} {\n${emit(block, `${indent}  `)}${indent}}\n`;
}

function wordOf(name: string): string {
  if (!DIRECTIVE_NAME.test(name)) throw refusal('directive', 'its name is not a word');
  return name;
}

function leaf(text: string): Leaf {
  const result = new LeafText(text);
  made.add(result);
  return result;
}

function textOf(value: Leaf): string {
  if (!made.has(value)) throw refusal('value', 'it was not made by a leaf function');
  return value.text;
}

/** nginx reads `\\` and `\"` inside double quotes; everything else, `$` included, is as it stands. */
function quoted(text: string): string {
  if (text !== '' && !NEEDS_QUOTES.test(text)) return text;
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('\\"', '"').replaceAll('\\\\', '\\') : text;
}

function refusal(what: string, why: string): AppError {
  return new AppError('route_refused', `This ${what} cannot be written into the edge's configuration: ${why}.`);
}
