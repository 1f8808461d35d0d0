import { digestOfRecoveryCode, makeRecoveryCode } from '../adapters/crypto/recovery-codes.ts';
import { createSealer, createSealingKeys } from '../adapters/crypto/seal.ts';
import { makeTotpSecret, qrCodeOf, stepOfCode } from '../adapters/crypto/totp.ts';

/**
 * What makes and checks the codes of second factors. `key` seals the secrets of authenticator apps; what the `former`
 * ones have sealed still opens.
 */
export function secondFactorTools(key: Uint8Array, former: readonly Uint8Array[]) {
  return {
    sealer: createSealer(createSealingKeys(key, former)),
    totp: { makeSecret: makeTotpSecret, qrCodeOf, stepOfCode },
    recoveryCodes: { make: makeRecoveryCode, digestOf: digestOfRecoveryCode },
  };
}
