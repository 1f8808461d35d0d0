import { createHash } from 'node:crypto';
import { basename } from 'node:path';

/** PHP's code of one set of parts, compiled; a folder that every store of these parts mounts. */
export interface CompiledCode {
  /** The folder's own name: it tells the parts, and the ids. */
  readonly name: string;
  /** The folder inside that pages use; PHP names it by an id that tells what the code was compiled with. */
  readonly pages: string;
  /** The one that the shop's programs use. */
  readonly programs: string;
}

/** What code is compiled of. */
export interface CompiledParts {
  /** The engine's id of the image. */
  readonly image: string;
  /** What is mounted into it read-only: the unpacked application on the host, and where the container has it. */
  readonly mounts: readonly { readonly source: string; readonly target: string }[];
}

/** Under which a store's row records which compiled code it mounts. */
export const COMPILED_KEY = 'compiled';

/** What a store mounts that has none: empty folders. */
export const NOTHING_COMPILED: CompiledCode = { name: 'none', pages: 'pages', programs: 'programs' };

/** Raised when code is compiled otherwise than by another image or application, or of files with other times. */
const FORMAT = 2;
const KEY_LENGTH = 16;
const NAME = /^[0-9a-f]{16}-([0-9a-f]{32})-([0-9a-f]{32})$/;

/** Sixteen hexadecimal digits: equal ones are of equal parts. Applications are told by their folder, which names their sum. */
export function compiledKeyOf({ image, mounts }: CompiledParts): string {
  const text = JSON.stringify([FORMAT, image, mounts.map(({ source, target }) => [basename(source), target])]);
  return createHash('sha256').update(text).digest('hex').slice(0, KEY_LENGTH);
}

export const compiledNameOf = (key: string, ids: Pick<CompiledCode, 'pages' | 'programs'>): string =>
  `${key}-${ids.pages}-${ids.programs}`;

/** `undefined` for a name that is none of ours. */
export function readCompiledName(name: string): CompiledCode | undefined {
  const [, pages, programs] = NAME.exec(name) ?? [];
  return pages === undefined || programs === undefined || pages === programs ? undefined : { name, pages, programs };
}
