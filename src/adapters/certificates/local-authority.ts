import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../domain/errors.ts';
import { ignoring } from '../filesystem/ignoring.ts';
import { writeFileAtomically } from '../filesystem/write-file-atomically.ts';
import { isAuthorityFor, makeAuthority, type PemPair } from './issue-certificate.ts';

/** Names that never leave a machine or an office: nobody else can vouch for them, so we may. */
const DEVELOPMENT_DOMAINS = ['localhost', 'test', 'example', 'invalid', 'internal', 'local', 'lan', 'home.arpa'];

export const AUTHORITY_CERTIFICATE = 'ca.crt';
const AUTHORITY_KEY = 'ca.key';
/** People copy the certificate from here into their browser; the key in it is for root alone. */
const FOLDER_MODE = 0o755;
const MAX_ATTEMPTS = 5;

/** Every domain that our CA may vouch for, ours included. */
export function domainsOf(ownDomains: readonly string[]): string[] {
  const extra = ownDomains.filter((domain) => !isDevelopmentName(domain));
  return [...DEVELOPMENT_DOMAINS, ...[...new Set(extra)].sort()];
}

/** A name that no public authority would sign for. */
export function isDevelopmentName(name: string): boolean {
  return DEVELOPMENT_DOMAINS.some((domain) => isAtOrBelow(name, domain));
}

export function isAtOrBelow(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}

/**
 * The CA in this folder, made when it is not there or damaged. Two processes that make one at the same moment end up
 * with the same. One that may vouch for other domains than asked is replaced: its leaves are then issued anew, one by
 * one. Throws `certificate_failed` when something keeps damaging it.
 */
export async function ensureAuthority(folder: string, domains: readonly string[]): Promise<PemPair> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const found = await readUsable(folder, domains);
    if (found !== undefined) return found;
    const made = await place(folder, await makeAuthority(domains));
    if (made !== undefined) return made;
    // Something is there: what another process has just made, or what we cannot use.
    if ((await readUsable(folder, domains)) === undefined) await moveAside(folder);
  }
  throw new AppError('certificate_failed', `The local CA in ${folder} cannot be used and cannot be replaced.`, {
    hint: 'Look who else writes into that folder.',
    retryable: true,
  });
}

async function readUsable(folder: string, domains: readonly string[]): Promise<PemPair | undefined> {
  try {
    const [certificate, key] = await Promise.all([
      readFile(join(folder, AUTHORITY_CERTIFICATE), 'utf8'),
      readFile(join(folder, AUTHORITY_KEY), 'utf8'),
    ]);
    const parsed = new X509Certificate(certificate);
    const isWhole = parsed.checkPrivateKey(createPrivateKey(key)) && new Date(parsed.validTo).getTime() > Date.now();
    return isWhole && isAuthorityFor(certificate, domains) ? { certificate, key } : undefined;
  } catch {
    // Not there, half there or not readable as what it should be: all the same to whoever needs one.
    return undefined;
  }
}

/** `undefined` when another process was faster. */
async function place(folder: string, pair: PemPair): Promise<PemPair | undefined> {
  const beside = join(dirname(folder), `.local-ca-${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(beside, { recursive: true, mode: FOLDER_MODE });
    await writeFileAtomically(join(beside, AUTHORITY_KEY), pair.key, { mode: 0o600 });
    await writeFileAtomically(join(beside, AUTHORITY_CERTIFICATE), pair.certificate, { mode: 0o644 });
    await rename(beside, folder);
    return pair;
  } catch (error) {
    return ignoring('ENOTEMPTY', 'EEXIST')(error);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

async function moveAside(folder: string): Promise<void> {
  const aside = join(dirname(folder), `.local-ca-replaced-${randomBytes(6).toString('hex')}`);
  await rename(folder, aside).catch(ignoring('ENOENT'));
  await rm(aside, { recursive: true, force: true });
}
