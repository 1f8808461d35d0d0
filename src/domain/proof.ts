import { MINUTE } from '../lib/time.ts';

/** For this long a password (or whatever else proves who somebody is) opens what needs a fresh proof (contract §3). */
export const PROOF_HOLDS_MS = 5 * MINUTE;

export function isProofFresh(provenAt: Date, now: Date): boolean {
  return now.getTime() - provenAt.getTime() <= PROOF_HOLDS_MS;
}
