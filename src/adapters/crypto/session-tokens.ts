import { createHash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;

/** 256 bits nobody can guess, as base64url. */
export function makeToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** As many bits, as they are. */
export function randomSecret(): Uint8Array {
  return randomBytes(TOKEN_BYTES);
}

/** What is kept of a token, or of another text that only its owner should be able to show again: SHA-256, in hex. */
export function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
