import type { Device } from '../adapters/crypto/device-tokens.ts';
import { SECOND } from '../lib/time.ts';
import type { Visitor } from '../web/services.ts';
import { type RateLimits, takeOrRefuse } from './limits.ts';
import { networkOf } from './network-of.ts';

const FREE_TRIES = 5;
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 3 * SECOND;

export interface PasswordTry {
  /** The password was right: what was counted against this person is forgotten. */
  succeeded(): Promise<void>;
}

/**
 * Counts a try for an account before it is made, known or not. Throws `TooManyTriesError`. Whoever guesses from
 * everywhere makes an account's log-in slower by at most three seconds, never impossible; a browser that has been signed
 * in to the account before has tries of its own, which nobody else can use up.
 */
export async function beginPasswordTry(
  { limits, pause }: { readonly limits: RateLimits; readonly pause: (ms: number) => Promise<void> },
  {
    email,
    visitor,
    device,
  }: { readonly email: string; readonly visitor: Visitor; readonly device: Device | undefined },
): Promise<PasswordTry> {
  if (device !== undefined) {
    const key = `${device.customerId} ${device.nonce}`;
    await takeOrRefuse(limits, 'log-ins-by-device', key, 'wrong passwords from one browser');
    return { succeeded: () => limits.clear('log-ins-by-device', key) };
  }
  const address = networkOf(visitor.address);
  const pair = JSON.stringify([email, address]);
  await takeOrRefuse(
    limits,
    'log-ins-by-account-and-address',
    pair,
    'wrong passwords for one account from one address',
  );
  await takeOrRefuse(limits, 'log-ins-from-address', address, 'wrong passwords from one address');
  const { taken } = await limits.take('log-ins-for-account', email);
  await pause(delayAfter(taken - 1));
  return {
    async succeeded() {
      await limits.clear('log-ins-by-account-and-address', pair);
      await limits.giveBack('log-ins-from-address', address);
      await limits.giveBack('log-ins-for-account', email);
    },
  };
}

/** Nothing for what happens to everybody, then twice as long each time, up to three seconds. */
function delayAfter(failures: number): number {
  if (failures < FREE_TRIES) return 0;
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - FREE_TRIES));
}
