import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { AppError } from '../../domain/errors.ts';
import { isPublicAddress } from '../../domain/network-address.ts';

/**
 * The address to connect to for a mail server that a customer named: of this machine's own resolver. Unless private ones
 * are allowed, every address of the name has to be public, so that nobody reaches what is behind this machine by naming
 * it. Connect to what this returns, not to the name: the next answer may be another one. Throws `mail_host_refused`.
 */
export async function addressOfMailHost(host: string, options: { readonly mayBePrivate: boolean }): Promise<string> {
  const addresses = isIP(host) === 0 ? await namesOf(host) : [host];
  const [first] = addresses;
  if (first === undefined) throw refused(`There is no server ${host}.`);
  if (!options.mayBePrivate && !addresses.every(isPublicAddress)) {
    throw refused(`${host} is not a server on the internet.`);
  }
  return first;
}

async function namesOf(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (thrown) {
    throw refused(`The name ${host} cannot be found.`, thrown);
  }
}

/** Names change, and resolvers are away at times: worth another try. */
function refused(message: string, cause?: unknown): AppError {
  return new AppError('mail_host_refused', message, { cause, retryable: true });
}
