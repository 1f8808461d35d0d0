import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { AppError } from '../../domain/errors.ts';
import { isPublicAddress } from '../../domain/network-address.ts';
import { pause } from '../../lib/deadline.ts';
import { SECOND } from '../../lib/time.ts';

export interface MailHostOptions {
  readonly mayBePrivate: boolean;
  /** This machine's own addresses, and others that stand beside it and trust it. */
  readonly ours?: () => readonly string[];
  /** Hosts that take our mail without asking who we are, because they know this machine. */
  readonly trustUs?: readonly string[];
  /** All addresses of a name; default: by this machine's own resolver. */
  readonly addressesOf?: (name: string) => Promise<readonly string[]>;
  readonly lookUpWithinMs?: number;
}

const LOOK_UP_WITHIN_MS = 5 * SECOND;

/**
 * The address to connect to for a mail server that a customer named. Unless private ones are allowed, every address of
 * the name has to be public and none of them this machine's or of a server that trusts it, so that nobody reaches what is
 * behind this machine, or sends as it, by naming it. Connect to what this returns, not to the name: the next answer may
 * be another one. Throws `mail_host_refused`, also for a name that nobody tells about in time.
 */
export async function addressOfMailHost(host: string, options: MailHostOptions): Promise<string> {
  const addresses = await addressesOf(host, options);
  const [first] = addresses;
  if (first === undefined) throw refused(`There is no server ${host}.`);
  if (options.mayBePrivate) return first;
  if (!addresses.every(isPublicAddress)) throw refused(`${host} is not a server on the internet.`);
  const trusting = await Promise.all((options.trustUs ?? []).map((name) => addressesOf(name, options)));
  const ours = [...(options.ours?.() ?? []), ...trusting.flat()];
  if (addresses.some((address) => ours.includes(address))) throw refused(`${host} is a server of this platform.`);
  return first;
}

async function addressesOf(
  host: string,
  { addressesOf: ask = askResolver, lookUpWithinMs = LOOK_UP_WITHIN_MS }: MailHostOptions,
): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  const answered = new AbortController();
  try {
    return await Promise.race([ask(host), tooLate(host, lookUpWithinMs, answered.signal)]);
  } catch (thrown) {
    throw thrown instanceof AppError ? thrown : refused(`The name ${host} cannot be found.`, thrown);
  } finally {
    answered.abort();
  }
}

async function tooLate(host: string, withinMs: number, answered: AbortSignal): Promise<never> {
  await pause(withinMs, answered);
  throw refused(`The name ${host} is not told in time.`);
}

const askResolver = async (name: string): Promise<string[]> =>
  (await lookup(name, { all: true })).map(({ address }) => address);

/** Names change, and resolvers are away at times: worth another try. */
function refused(message: string, cause?: unknown): AppError {
  return new AppError('mail_host_refused', message, { cause, retryable: true });
}
