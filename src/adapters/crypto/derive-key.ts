import { hkdfSync } from 'node:crypto';

/** What a sub-key is for. Each process is handed only the ones it needs; none can be computed from another. */
export type KeyPurpose = 'sealed-secrets' | 'devices' | 'password-salts' | 'totp' | 'ledger' | 'webhooks';

const KEY_BYTES = 32;

/** The 256-bit sub-key of `SECRET_KEY` for one purpose (HKDF-SHA256). The same input always gives the same key. */
export function deriveKey(secretKey: string, purpose: KeyPurpose): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secretKey, 'shophosting', `shophosting/${purpose}/v1`, KEY_BYTES));
}
