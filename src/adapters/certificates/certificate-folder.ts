import { createPrivateKey, type KeyObject, randomBytes, X509Certificate } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { SystemUser } from '../filesystem/find-system-user.ts';
import { writeFileAtomically } from '../filesystem/write-file-atomically.ts';

/** Who issued a certificate, and so who renews it: we ourselves, certbot, or the customer who gave it to us. */
export const CERTIFICATE_SOURCES = ['local', 'acme', 'imported'] as const;
export type CertificateSource = (typeof CERTIFICATE_SOURCES)[number];

export interface FolderContent {
  readonly source: CertificateSource;
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

export const CERTIFICATE_FILE = 'fullchain.pem';
export const KEY_FILE = 'privkey.pem';
const SOURCE_FILE = 'source';

/** nginx's workers, who are not root, read the key at each handshake; nobody else may. */
const KEY_MODE = 0o640;
const PUBLIC_MODE = 0o644;
export const FOLDER_MODE = 0o750;
const GROUP_READ = 0o040;

/** What is in the folder; `undefined` when something is missing, unreadable, or does not belong together. */
export async function readFolder(folder: string): Promise<FolderContent | undefined> {
  try {
    const [certificatePem, keyPem] = await Promise.all([
      readFile(join(folder, CERTIFICATE_FILE)),
      readFile(join(folder, KEY_FILE)),
    ]);
    const certificate = new X509Certificate(certificatePem);
    const key = createPrivateKey(keyPem);
    if (!certificate.checkPrivateKey(key)) return undefined;
    return { source: (await readSource(folder)) ?? 'local', certificate, key };
  } catch {
    // Whatever is wrong with it, the answer is the same: it cannot be used, and is made anew.
    return undefined;
  }
}

export async function readSource(folder: string): Promise<CertificateSource | undefined> {
  const text = await readFile(join(folder, SOURCE_FILE), 'utf8').catch(() => '');
  return CERTIFICATE_SOURCES.find((source) => source === text.trim());
}

/** Could the edge's workers show this certificate now? Looks at names and rights only. */
export async function isUsable(folder: string, { gid }: SystemUser): Promise<boolean> {
  try {
    const [certificate, key] = await Promise.all([stat(join(folder, CERTIFICATE_FILE)), stat(join(folder, KEY_FILE))]);
    return certificate.size > 0 && key.size > 0 && key.gid === gid && (key.mode & GROUP_READ) !== 0;
  } catch {
    return false;
  }
}

/**
 * Makes the folder as a whole, beside, and renames it into place. A broken folder of that name is moved out of the
 * way. False when another process was faster: then its folder stands.
 */
export async function placeFolder(
  folder: string,
  content: { readonly fullchain: string; readonly key: string; readonly source: CertificateSource },
  { gid }: SystemUser,
): Promise<boolean> {
  const beside = hidden(folder);
  const aside = hidden(folder);
  try {
    await mkdir(beside, { recursive: true, mode: FOLDER_MODE });
    await writeFileAtomically(join(beside, KEY_FILE), content.key, { mode: KEY_MODE, uid: 0, gid });
    await writeFileAtomically(join(beside, CERTIFICATE_FILE), content.fullchain, { mode: PUBLIC_MODE, uid: 0, gid });
    await writeFileAtomically(join(beside, SOURCE_FILE), `${content.source}\n`, { mode: PUBLIC_MODE, uid: 0, gid });
    await chown(beside, 0, gid);
    await chmod(beside, FOLDER_MODE);
    if ((await readFolder(folder)) === undefined) await rename(folder, aside).catch(ignoring('ENOENT'));
    await rename(beside, folder);
    return true;
  } catch (error) {
    ignoring('ENOTEMPTY', 'EEXIST')(error);
    return false;
  } finally {
    await rm(beside, { recursive: true, force: true });
    await rm(aside, { recursive: true, force: true });
  }
}

/** A new certificate for the same key: whichever of the two nginx reads first, they belong together. */
export async function replaceCertificate(folder: string, fullchain: string, { gid }: SystemUser): Promise<void> {
  await writeFileAtomically(join(folder, CERTIFICATE_FILE), fullchain, { mode: PUBLIC_MODE, uid: 0, gid });
}

/** Owner and modes as they should be, whatever somebody did to them. */
export async function ensureRights(folder: string, { gid }: SystemUser): Promise<void> {
  const wanted = [
    [folder, FOLDER_MODE],
    [join(folder, KEY_FILE), KEY_MODE],
    [join(folder, CERTIFICATE_FILE), PUBLIC_MODE],
  ] as const;
  for (const [path, mode] of wanted) {
    await chown(path, 0, gid);
    await chmod(path, mode);
  }
}

/** Removes the folder in one step for everybody who looks. Does nothing when it is not there. */
export async function removeFolder(folder: string): Promise<void> {
  const aside = hidden(folder);
  await rename(folder, aside).catch(ignoring('ENOENT'));
  await rm(aside, { recursive: true, force: true });
}

export function ignoring(...codes: readonly string[]): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof Error && 'code' in error && codes.includes(String(error.code))) return undefined;
    throw error;
  };
}

/** A name beside the folder that is nobody's host: host names do not begin with a dot. */
function hidden(folder: string): string {
  return join(dirname(folder), `.${basename(folder).slice(0, 100)}-${randomBytes(6).toString('hex')}`);
}
