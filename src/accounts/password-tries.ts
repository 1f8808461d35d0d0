import type { DeviceTokens } from '../adapters/crypto/device-tokens.ts';
import type { PasswordHasher } from '../adapters/crypto/hash-password.ts';
import type { AuditRepository } from '../adapters/mysql/audit.ts';
import type { CustomerForLogin } from '../adapters/mysql/customers.ts';
import { TooManyTriesError } from '../domain/errors.ts';
import { originOfVisitor } from '../domain/origin.ts';
import { normalisePassword } from '../domain/password.ts';
import { parseEmail } from '../domain/store-input.ts';
import { SECOND } from '../lib/time.ts';
import type { Visitor } from '../web/services.ts';
import { deviceOf } from './devices.ts';
import { type BucketName, type RateLimits, takeOrRefuse } from './limits.ts';
import { matchPassword } from './match-password.ts';
import { networkOf } from './network-of.ts';

/** Stands in the ledger for what was typed as an address and is none. */
const NO_ADDRESS = 'not an address';
const FREE_TRIES = 5;
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 3 * SECOND;

export interface PasswordTryDeps {
  readonly hasher: Pick<PasswordHasher, 'saltOf' | 'todaysRecipe' | 'recipeOf' | 'hash'>;
  readonly devices: DeviceTokens;
  readonly limits: RateLimits;
  readonly audit: Pick<AuditRepository, 'append' | 'appendAll'>;
  readonly pause: (ms: number) => Promise<void>;
  readonly now: () => Date;
}

export interface PasswordTry {
  readonly email: string;
  readonly password: string;
  /** The accounts that the password may open. */
  readonly accounts: readonly CustomerForLogin[];
  /** Are those all that the address has, known or not? Else it is one that the visitor is signed in to. */
  readonly areAll: boolean;
  readonly visitor: Visitor;
  readonly at: 'log-in' | 'sign-up';
}

export interface TriedPassword {
  /** The account that the password opens, if any. */
  readonly customer: CustomerForLogin | undefined;
  /** Is it the account that this browser was signed in to before? */
  readonly isTheirs: boolean;
  /** The password as a new hash of today would keep it. */
  readonly hash: string;
  /** Why only the browser's own account was tried: as a stranger to the others it has no more tries. */
  readonly refusal: TooManyTriesError | undefined;
  /** It was no guess: this one try does not count. What others are counted for, or guesses before it, stays. */
  succeeded(): Promise<void>;
}

/**
 * Tries a password, and counts that before anything is answered. Throws `TooManyTriesError`. A browser that has been
 * signed in to one of the accounts before has tries of its own for that account, which nobody else can use up. To every
 * other account, also of the same address, it is a stranger: few tries from one network, and from everywhere at most three
 * seconds' delay, so an account can be made slower but never shut. The same work and counts for addresses known and unknown.
 */
export async function tryPassword(deps: PasswordTryDeps, attempt: PasswordTry): Promise<TriedPassword> {
  const { limits } = deps;
  const device = deviceOf(deps.devices, attempt.accounts, attempt.visitor);
  if (device === undefined) {
    const succeeded = await takeAsStranger(deps, attempt);
    const { opened, hash } = await match(deps, attempt);
    return { customer: opened[0], isTheirs: false, hash, refusal: undefined, succeeded };
  }
  const key = `${device.customerId} ${device.nonce}`;
  await takeOrRefuse(limits, 'log-ins-by-device', key, 'wrong passwords from one browser');
  const { opened, hash } = await match(deps, attempt);
  const customer = opened.find(({ id }) => id === device.customerId);
  const succeeded = (): Promise<void> => limits.clear('log-ins-by-device', key);
  const theirs = { customer, isTheirs: customer !== undefined, hash, refusal: undefined, succeeded };
  if (customer !== undefined || !attempt.areAll) return theirs;
  // The others of the address, whether there are any or not.
  try {
    const tryCountsNot = await takeAsStranger(deps, attempt);
    return { ...theirs, customer: opened[0], succeeded: tryCountsNot };
  } catch (refusal) {
    if (!(refusal instanceof TooManyTriesError)) throw refusal;
    return { ...theirs, refusal };
  }
}

/**
 * A wrong password leaves a line, never what was typed: one for each account that carries the address, whose owner then
 * sees it, or one for the address where there is none; what is no address is not written down. One write either way.
 */
export async function noteWrongPassword(
  { audit, now }: Pick<PasswordTryDeps, 'audit' | 'now'>,
  { email, accounts, visitor }: Pick<PasswordTry, 'email' | 'accounts' | 'visitor'>,
): Promise<void> {
  const line = {
    ...originOfVisitor(visitor),
    action: 'session.refused',
    result: 'refused',
    details: {},
    at: now(),
  } as const;
  const targets = accounts.length === 0 ? [addressIn(email)] : accounts.map(({ id }) => id);
  await audit.appendAll(targets.map((target) => ({ ...line, target })));
}

/** What was typed where an address belongs may be anything: a password, or the id of what is somebody else's. */
function addressIn(typed: string): string {
  try {
    return parseEmail(typed);
  } catch {
    return NO_ADDRESS;
  }
}

async function match({ hasher }: PasswordTryDeps, { email, accounts, password }: PasswordTry) {
  const typed = normalisePassword(password);
  return typed === undefined ? { opened: [], hash: '' } : await matchPassword(hasher, email, accounts, typed);
}

/** Returns what makes this one try not count. */
async function takeAsStranger(
  { limits, pause }: PasswordTryDeps,
  { email, visitor, at }: PasswordTry,
): Promise<() => Promise<void>> {
  const network = networkOf(visitor.address);
  const pair = JSON.stringify([email, network]);
  const buckets: (readonly [BucketName, string])[] = [['passwords-for-email-from-address', pair]];
  if (at === 'log-in') {
    buckets.unshift(['log-ins-for-email-from-address', pair]);
    buckets.push(['log-ins-from-address', network]);
  }
  for (const [bucket, key] of buckets) await takeOrRefuse(limits, bucket, key, bucket.replaceAll('-', ' '));
  const { taken } = await limits.take('passwords-for-email', email);
  await pause(delayAfter(taken - 1));
  return async () => {
    for (const [bucket, key] of buckets) await limits.giveBack(bucket, key);
    await limits.giveBack('passwords-for-email', email);
  };
}

/** Nothing for what happens to everybody, then twice as long each time, up to three seconds. */
function delayAfter(failures: number): number {
  if (failures < FREE_TRIES) return 0;
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - FREE_TRIES));
}
