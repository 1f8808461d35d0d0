import { deriveKey, type KeyPurpose } from '../adapters/crypto/derive-key.ts';
import type { Config } from '../config/config.ts';

/** What sub-keys are made from. */
export type SecretKeys = Pick<Config, 'secretKey' | 'formerSecretKeys'>;

/** The sub-key of today for one purpose, and those that `SECRET_KEY_OLD` still lets open things, newest first. */
export function keysFor(
  { secretKey, formerSecretKeys }: SecretKeys,
  purpose: KeyPurpose,
): [current: Uint8Array, former: Uint8Array[]] {
  return [deriveKey(secretKey, purpose), formerSecretKeys.map((key) => deriveKey(key, purpose))];
}
