import { createHash, createPrivateKey, type KeyObject, randomBytes, X509Certificate } from 'node:crypto';
import type { Stats } from 'node:fs';
import { chmod, chown, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CERTIFICATE_SOURCES, type CertificateSource } from '../../domain/certificates.ts';
import type { SystemUser } from '../filesystem/find-system-user.ts';
import { ignoring } from '../filesystem/ignoring.ts';
import { writeFileAtomically } from '../filesystem/write-file-atomically.ts';

/** Where a certificate came from, as the file beside it says. */
export interface CertificateOrigin {
  readonly source: CertificateSource;
  /** The ACME directory. */
  readonly directory?: string | undefined;
  readonly isPubliclyTrusted: boolean;
}

export const LOCAL: CertificateOrigin = { source: 'local', isPubliclyTrusted: false };

export interface FolderContent {
  readonly origin: CertificateOrigin;
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

export interface FolderFiles {
  readonly fullchain: string;
  readonly key: string;
  readonly origin: CertificateOrigin;
}

export const CERTIFICATE_FILE = 'fullchain.pem';
export const KEY_FILE = 'privkey.pem';
export const SOURCE_FILE = 'source';

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
    return { origin: await readOrigin(folder), certificate, key };
  } catch {
    // Whatever is wrong with it, the answer is the same: it cannot be used, and is made anew.
    return undefined;
  }
}

/**
 * What the file beside the certificate says of it. It is written first and names the certificate by its digest: while
 * the two do not belong together (a crash in between), nothing is publicly trusted and no directory is known.
 */
export async function readOrigin(folder: string): Promise<CertificateOrigin> {
  const text = await readFile(join(folder, SOURCE_FILE), 'utf8').catch(() => '');
  const [word, ...lines] = text.trim().split('\n');
  const facts = new Map(lines.map((line) => [line.split(' ')[0], line.split(' ').slice(1).join(' ')]));
  const source = CERTIFICATE_SOURCES.find((known) => known === word) ?? 'local';
  if (facts.size === 0 || facts.get('digest') !== (await digestIn(folder))) return { source, isPubliclyTrusted: false };
  return { source, directory: facts.get('directory'), isPubliclyTrusted: facts.get('trusted') === 'publicly' };
}

async function digestIn(folder: string): Promise<string | undefined> {
  const fullchain = await readFile(join(folder, CERTIFICATE_FILE), 'utf8').catch(() => undefined);
  return fullchain === undefined ? undefined : digestOf(fullchain);
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

function originFile({ source, directory, isPubliclyTrusted }: CertificateOrigin, fullchain: string): string {
  const lines = [
    source,
    ...(directory === undefined ? [] : [`directory ${directory}`]),
    ...(isPubliclyTrusted ? ['trusted publicly'] : []),
    // One of our own needs no proof: it is told by its signature.
    ...(source === 'local' ? [] : [`digest ${digestOf(fullchain)}`]),
  ];
  return `${lines.join('\n')}\n`;
}

type FileFacts = Pick<Stats, 'size' | 'gid' | 'mode'>;

/** Could the edge's workers show a certificate whose files are these? */
export const canShow = (certificate: FileFacts, key: FileFacts, { gid }: SystemUser): boolean =>
  certificate.size > 0 && key.size > 0 && key.gid === gid && (key.mode & GROUP_READ) !== 0;

/** Could the edge's workers show this certificate now? Looks at names and rights only. */
export async function isUsable(folder: string, user: SystemUser): Promise<boolean> {
  try {
    const [certificate, key] = await Promise.all([stat(join(folder, CERTIFICATE_FILE)), stat(join(folder, KEY_FILE))]);
    return canShow(certificate, key, user);
  } catch {
    return false;
  }
}

/**
 * Makes the folder as a whole, beside, and renames it into place. A broken folder of that name is moved out of the
 * way. False when another process was faster: then its folder stands.
 */
export async function placeFolder(folder: string, files: FolderFiles, user: SystemUser): Promise<boolean> {
  const beside = hidden(folder);
  try {
    await writeFolder(beside, files, user);
    if ((await readFolder(folder)) === undefined) await moveAway(folder);
    await rename(beside, folder);
    return true;
  } catch (error) {
    ignoring('ENOTEMPTY', 'EEXIST')(error);
    return false;
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

/**
 * A certificate with another key in place of whatever is there. Between two renames there is neither: a handshake in
 * that instant fails. Use `replaceCertificate` where the key stays.
 */
export async function replaceFolder(folder: string, files: FolderFiles, user: SystemUser): Promise<void> {
  const beside = hidden(folder);
  const aside = hidden(folder);
  try {
    await writeFolder(beside, files, user);
    await rename(folder, aside).catch(ignoring('ENOENT'));
    await rename(beside, folder);
  } finally {
    await rm(beside, { recursive: true, force: true });
    await rm(aside, { recursive: true, force: true });
  }
}

async function writeFolder(
  folder: string,
  { fullchain, key, origin }: FolderFiles,
  { gid }: SystemUser,
): Promise<void> {
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  await writeFileAtomically(join(folder, KEY_FILE), key, { mode: KEY_MODE, uid: 0, gid });
  await writeFileAtomically(join(folder, CERTIFICATE_FILE), fullchain, { mode: PUBLIC_MODE, uid: 0, gid });
  const source = originFile(origin, fullchain);
  await writeFileAtomically(join(folder, SOURCE_FILE), source, { mode: PUBLIC_MODE, uid: 0, gid });
  await chown(folder, 0, gid);
  await chmod(folder, FOLDER_MODE);
}

/** A new certificate for the same key: whichever of the two nginx reads first, they belong together. */
export async function replaceCertificate(
  folder: string,
  { fullchain, origin }: Omit<FolderFiles, 'key'>,
  user: SystemUser,
): Promise<void> {
  const rights = { mode: PUBLIC_MODE, uid: 0, gid: user.gid };
  await writeFileAtomically(join(folder, SOURCE_FILE), originFile(origin, fullchain), rights);
  await writeFileAtomically(join(folder, CERTIFICATE_FILE), fullchain, rights);
  await ensureRights(folder, user);
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

/**
 * Removes the folder in one step for everybody who looks, and what a process killed while it made one left beside it:
 * a key may lie there. Does nothing when there is neither. A folder of that name being placed meanwhile may fail.
 */
export async function removeFolder(folder: string): Promise<void> {
  await moveAway(folder);
  const parent = dirname(folder);
  const beside = (await readdir(parent).catch(ignoring('ENOENT'))) ?? [];
  for (const name of beside.filter((one) => isHiddenOf(folder, one))) {
    await rm(join(parent, name), { recursive: true, force: true });
  }
}

async function moveAway(folder: string): Promise<void> {
  const aside = hidden(folder);
  await rename(folder, aside).catch(ignoring('ENOENT'));
  await rm(aside, { recursive: true, force: true });
}

/** A name beside the folder that is nobody's host: host names do not begin with a dot. */
const hidden = (folder: string): string =>
  join(dirname(folder), `${hiddenPrefix(folder)}${randomBytes(HIDDEN_BYTES).toString('hex')}`);

const isHiddenOf = (folder: string, name: string): boolean =>
  name.startsWith(hiddenPrefix(folder)) && name.length === hiddenPrefix(folder).length + 2 * HIDDEN_BYTES;

const HIDDEN_BYTES = 6;
/** A file's name has 255 bytes, a host's 253 characters: long ones are told apart by their digest. */
const HIDDEN_NAME_CHARACTERS = 100;

function hiddenPrefix(folder: string): string {
  const name = basename(folder);
  return name.length <= HIDDEN_NAME_CHARACTERS
    ? `.${name}-`
    : `.${name.slice(0, HIDDEN_NAME_CHARACTERS)}-${digestOf(name).slice(0, 16)}-`;
}
