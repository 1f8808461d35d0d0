import { createHmac } from 'node:crypto';

/** Seals of the ledger: HMAC-SHA256 in hex. The key is the sub-key `ledger`, which no web process is given. */
export function createLedgerMac(key: Uint8Array): (text: string) => string {
  return (text) => createHmac('sha256', key).update(text).digest('hex');
}
