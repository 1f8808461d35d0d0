import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeFileAtomically } from '../filesystem/write-file-atomically.ts';
import { ignoring } from './certificate-folder.ts';
import { isAuthorityFor, makeAuthority, type PemPair } from './issue-certificate.ts';

/** Names that never leave a machine or an office: nobody else can vouch for them, so we may. */
const DEVELOPMENT_DOMAINS = ['localhost', 'test', 'example', 'invalid', 'internal', 'local', 'lan', 'home.arpa'];

export const AUTHORITY_CERTIFICATE = 'ca.crt';
const AUTHORITY_KEY = 'ca.key';
/** People copy the certificate from here into their browser; the key in it is for root alone. */
const FOLDER_MODE = 0o755;

/** Every domain that our CA may vouch for, ours included. */
export function domainsOf(ownDomains: readonly string[]): string[] {
  const extra = ownDomains.filter((domain) => !DEVELOPMENT_DOMAINS.some((known) => isAtOrBelow(domain, known)));
  return [...DEVELOPMENT_DOMAINS, ...[...new Set(extra)].sort()];
}

export function isAtOrBelow(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}

/**
 * The CA in this folder, made when it is not there. Two processes that make one at the same moment end up with the
 * same. One that may vouch for other domains than asked is replaced: its leaves are then issued anew, one by one.
 */
export async function ensureAuthority(folder: string, domains: readonly string[]): Promise<PemPair> {
  for (;;) {
    const found = await read(folder);
    if (found !== undefined && isAuthorityFor(found.certificate, domains)) return found;
    if (found !== undefined) await moveAside(folder);
    const made = await place(folder, await makeAuthority(domains));
    if (made !== undefined) return made;
  }
}

async function read(folder: string): Promise<PemPair | undefined> {
  const [certificate, key] = await Promise.all([
    readFile(join(folder, AUTHORITY_CERTIFICATE), 'utf8').catch(ignoring('ENOENT')),
    readFile(join(folder, AUTHORITY_KEY), 'utf8').catch(ignoring('ENOENT')),
  ]);
  return certificate === undefined || key === undefined ? undefined : { certificate, key };
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
