import { createHash } from 'node:crypto';
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose';
import { AppError } from '../../domain/errors.ts';

/** One sealing key per id; new rows are sealed with the current one, older rows say which key opens them. */
export interface SealingKeys {
  readonly currentKeyId: string;
  readonly byId: ReadonlyMap<string, Uint8Array>;
}

/** The row a sealed text belongs to. A text copied into another row does not open there. */
export interface SealedRow {
  /** The id of whatever it belongs to: a store, an account. */
  readonly owner: string;
  readonly name: string;
}

export interface Sealed {
  readonly keyId: string;
  readonly text: string;
}

export interface Sealer {
  seal(clear: string, row: SealedRow): Promise<Sealed>;
  /** Throws `secret_unreadable` for an unknown key, a changed text, or a text of another row. */
  open(sealed: string, row: SealedRow): Promise<string>;
}

/** Keys in use, the current one first. A key's id is a digest of it: it says nothing and needs no book-keeping. */
export function createSealingKeys(current: Uint8Array, older: readonly Uint8Array[] = []): SealingKeys {
  const byId = new Map([current, ...older].map((key) => [keyIdOf(key), key]));
  return { currentKeyId: keyIdOf(current), byId };
}

/** Seals texts at rest: JWE `dir` + A256GCM, bound to their row by the protected header. */
export function createSealer(keys: SealingKeys): Sealer {
  return {
    async seal(clear, row) {
      const key = keyOf(keys, keys.currentKeyId, row);
      const text = await new CompactEncrypt(new TextEncoder().encode(clear))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: keys.currentKeyId, row: bindingOf(row) })
        .encrypt(key);
      return { keyId: keys.currentKeyId, text };
    },
    async open(sealed, row) {
      try {
        const { plaintext, protectedHeader } = await compactDecrypt(
          sealed,
          ({ kid }) => keyOf(keys, String(kid), row),
          { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] },
        );
        if (protectedHeader['row'] !== bindingOf(row)) throw unreadable(row, 'it was sealed for another row');
        return new TextDecoder('utf-8', { fatal: true }).decode(plaintext);
      } catch (thrown) {
        if (thrown instanceof AppError) throw thrown;
        throw unreadable(row, 'it does not open with its key', thrown);
      }
    },
  };
}

/**
 * Seals anew what an older key has sealed; `undefined` for what the current one has. Throws `secret_unreadable` as
 * `open` does.
 */
export function createResealer(keys: SealingKeys): (sealed: string, row: SealedRow) => Promise<Sealed | undefined> {
  const { open, seal } = createSealer(keys);
  return async (sealed, row) => {
    if (keyIdIn(sealed) === keys.currentKeyId) return undefined;
    return seal(await open(sealed, row), row);
  };
}

/** Which key a text says it was sealed with; `undefined` for what is no sealed text. */
function keyIdIn(sealed: string): string | undefined {
  try {
    return decodeProtectedHeader(sealed).kid;
  } catch {
    return undefined;
  }
}

function keyOf(keys: SealingKeys, keyId: string, row: SealedRow): Uint8Array {
  const key = keys.byId.get(keyId);
  if (key === undefined) throw unreadable(row, `it was sealed with key ${keyId}, which is not configured`);
  return key;
}

function keyIdOf(key: Uint8Array): string {
  return createHash('sha256').update('shophosting/key-id').update(key).digest('hex').slice(0, 12);
}

function bindingOf({ owner, name }: SealedRow): string {
  return `shophosting/sealed_secrets/${owner}/${name}`;
}

function unreadable({ owner, name }: SealedRow, why: string, cause?: unknown): AppError {
  return new AppError('secret_unreadable', `The secret ${name} of ${owner} cannot be read: ${why}.`, {
    hint: 'Set SECRET_KEY to the value it had when this was sealed.',
    cause,
  });
}
