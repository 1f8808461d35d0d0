import { TooManyTriesError } from '../domain/errors.ts';
import { DAY, HOUR, MINUTE } from '../lib/time.ts';

/** How long a mailed link to a new password works. */
export const RESET_LINK_LIVES_MS = 45 * MINUTE;

/** So many in so long a time; then nothing until the time is over. */
export interface Bucket {
  readonly points: number;
  readonly durationMs: number;
}

/** What only makes slower is counted, never refused: anybody in the world can use it up. */
const NEVER = 1_000_000;

/**
 * Each is counted by a key of its own: a browser, an e-mail, the network that asks. Nothing that refuses is counted for an
 * e-mail alone: strangers could keep its owner out.
 */
export function limitBuckets({ signUpsPerAddress }: { readonly signUpsPerAddress: number }) {
  return {
    'log-ins-by-device': { points: 10, durationMs: 15 * MINUTE },
    'log-ins-for-email-from-address': { points: 5, durationMs: 15 * MINUTE },
    'log-ins-from-address': { points: 20, durationMs: HOUR },
    'passwords-for-email-from-address': { points: 20, durationMs: HOUR },
    'passwords-for-email': { points: NEVER, durationMs: HOUR },
    'sign-up-posts-from-address': { points: 120, durationMs: 10 * MINUTE },
    'sign-ups-from-address': { points: signUpsPerAddress, durationMs: HOUR },
    'sign-ups-for-email-from-address': { points: 5, durationMs: DAY },
    'resets-from-address': { points: 20, durationMs: HOUR },
    'resets-for-email-from-address': { points: 5, durationMs: HOUR },
    'verifications-of-customer': { points: 5, durationMs: HOUR },
    'links-from-address': { points: 60, durationMs: HOUR },
    // These refuse nobody: further mails are just not sent. Who has a mail too few to reset has a link that still works:
    // a newest one holds as long as the count does.
    'verification-mails-for-email': { points: 20, durationMs: DAY },
    'reset-mails-for-email': { points: 3, durationMs: RESET_LINK_LIVES_MS },
    'codes-of-log-in': { points: 5, durationMs: 10 * MINUTE },
    // For browsers in which a second factor was proven: by the password alone anybody who knows it makes any number.
    'codes-by-device': { points: 10, durationMs: 15 * MINUTE },
    'codes-of-session': { points: 10, durationMs: 15 * MINUTE },
    // Of those who know the password and sit at no browser of the owner's. They can use it up; another password ends that.
    'codes-of-strangers': { points: 100, durationMs: DAY },
    'passkey-questions-from-address': { points: 120, durationMs: 10 * MINUTE },
    // Refuses nobody either: by the tenth its owner knows.
    'new-device-mails-of-customer': { points: 10, durationMs: DAY },
    'welcome-mails-for-email': { points: 5, durationMs: DAY },
    // Each leaves a line in the ledger, for good; there is room for one at a time that was made and revoked again.
    'tokens-of-customer': { points: 10, durationMs: 10 * MINUTE },
    'token-revocations-of-customer': { points: 60, durationMs: 10 * MINUTE },
    // Refuses nobody: the page of the tokens names every one.
    'token-mails-of-customer': { points: 5, durationMs: DAY },
  } as const satisfies Record<string, Bucket>;
}

export type BucketName = keyof ReturnType<typeof limitBuckets>;

/** Counts that outlive this process. */
export interface RateLimits {
  /** Takes one. `taken` includes it; it is one too many when `isAllowed` is false, until `retryAfterMs` have passed. */
  take(bucket: BucketName, key: string): Promise<{ isAllowed: boolean; taken: number; retryAfterMs: number }>;
  /** One that was taken does not count after all. */
  giveBack(bucket: BucketName, key: string): Promise<void>;
  /** None of them counts any more. */
  clear(bucket: BucketName, key: string): Promise<void>;
}

/** Takes one. Throws `TooManyTriesError` when there is none; `what` is told to operators. Returns how many are taken. */
export async function takeOrRefuse(
  limits: Pick<RateLimits, 'take'>,
  bucket: BucketName,
  key: string,
  what: string,
): Promise<number> {
  const { isAllowed, taken, retryAfterMs } = await limits.take(bucket, key);
  if (!isAllowed) throw new TooManyTriesError(what, retryAfterMs);
  return taken;
}

/**
 * Does what tells somebody by a mail, or does it without one when there were enough mails lately: a mail that nobody
 * needs is refused to nobody, it is just not sent. What fails has told nothing and does not count.
 */
export async function tellIfFew<Done>(
  limits: Pick<RateLimits, 'take' | 'giveBack'>,
  bucket: BucketName,
  key: string,
  act: (isToBeTold: boolean) => Promise<Done>,
): Promise<Done> {
  const { isAllowed } = await limits.take(bucket, key);
  try {
    return await act(isAllowed);
  } catch (refusal) {
    await limits.giveBack(bucket, key);
    throw refusal;
  }
}
