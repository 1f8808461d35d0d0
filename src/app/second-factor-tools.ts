import { digestOfRecoveryCode, makeRecoveryCode } from '../adapters/crypto/recovery-codes.ts';
import { createSealer, createSealingKeys } from '../adapters/crypto/seal.ts';
import { makeTotpSecret, qrCodeOf, stepOfCode } from '../adapters/crypto/totp.ts';

/** What makes and checks the codes of second factors; `key` seals the secrets of authenticator apps. */
export function secondFactorTools(key: Uint8Array) {
  return {
    sealer: createSealer(createSealingKeys(key)),
    totp: { makeSecret: makeTotpSecret, qrCodeOf, stepOfCode },
    recoveryCodes: { make: makeRecoveryCode, digestOf: digestOfRecoveryCode },
  };
}
