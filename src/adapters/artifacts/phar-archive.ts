import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { refused } from './archive-entry.ts';

const END_OF_STUB = '__HALT_COMPILER();';
const MAGIC = 'GBMB';
const HAS_SIGNATURE = 0x10000;
const COMPRESSED = 0xf000;
/** Signature type → its algorithm. OpenSSL's need a key that we do not have; wp-cli uses none of them. */
const ALGORITHMS: Readonly<Record<number, string>> = { 1: 'md5', 2: 'sha1', 3: 'sha256', 4: 'sha512' };

/**
 * One file out of a phar, which must be whole: its own signature is recomputed. `undefined` when it is a phar without
 * that file. A cut-off or altered one throws `artifact_refused`.
 */
export async function readFromPhar(file: string, wanted: string): Promise<string | undefined> {
  const bytes = await readFile(file);
  try {
    checkSignature(bytes, file);
    return find(bytes, wanted, file);
  } catch (error) {
    if (error instanceof RangeError) throw refused(file, 'is a damaged phar archive', error);
    throw error;
  }
}

function checkSignature(bytes: Buffer, file: string): void {
  if (bytes.subarray(-4).toString('latin1') !== MAGIC) throw refused(file, 'is cut off (no signature at its end)');
  const algorithm = ALGORITHMS[bytes.readUInt32LE(bytes.length - 8)];
  if (algorithm === undefined) throw refused(file, 'has a signature of an unknown kind');
  const length = createHash(algorithm).digest().length;
  const content = bytes.subarray(0, bytes.length - 8 - length);
  const claimed = bytes.subarray(content.length, content.length + length);
  const actual = createHash(algorithm).update(content).digest();
  if (!timingSafeEqual(actual, claimed)) throw refused(file, 'is damaged (its own signature does not fit)');
}

/** The manifest as PHP's manual has it ("Phar file format"). */
function find(bytes: Buffer, wanted: string, file: string): string | undefined {
  let at = bytes.indexOf(END_OF_STUB);
  if (at < 0) throw refused(file, 'is not a phar archive');
  at = bytes.indexOf('?>', at) + 2;
  if (bytes.subarray(at, at + 2).toString('latin1') === '\r\n') at += 2;
  else if (bytes[at] === 0x0a) at += 1;
  const number = (): number => {
    at += 4;
    return bytes.readUInt32LE(at - 4);
  };
  const skipCounted = (): void => {
    const length = number();
    at += length;
  };
  const manifestLength = number();
  let content = at + manifestLength;
  const count = number();
  at += 2; // API version
  const flags = number();
  if ((flags & HAS_SIGNATURE) === 0) throw refused(file, 'is a phar archive without a signature');
  skipCounted(); // alias
  skipCounted(); // metadata
  for (let index = 0; index < count; index += 1) {
    const nameLength = number();
    const name = bytes.subarray(at, at + nameLength).toString('utf8');
    at += nameLength + 8; // size, time
    const size = number();
    at += 4; // checksum
    const fileFlags = number();
    skipCounted(); // metadata
    if (name === wanted) {
      if ((fileFlags & COMPRESSED) !== 0) return undefined;
      return bytes.subarray(content, content + size).toString('utf8');
    }
    content += size;
  }
  return undefined;
}
