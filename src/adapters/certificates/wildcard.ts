import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CertificateError } from '../../domain/certificates.ts';
import { HOUR } from '../../lib/time.ts';
import { fileWork } from '../filesystem/file-error.ts';
import { findSystemUser } from '../filesystem/find-system-user.ts';
import { ignoring } from '../filesystem/ignoring.ts';
import { type AcmeOrders, lifeOf, sampleOf } from './acme-orders.ts';
import { type FolderContent, type FolderFiles, placeFolder, readFolder } from './certificate-folder.ts';
import { readPair } from './certificate-pair.ts';
import { certificatesRoot, ensureParent } from './host-folders.ts';

export interface WildcardOptions {
  readonly dataDir: string;
  readonly user: string;
  readonly baseDomain: string;
  /** The operator's files, or orders proven by DNS. */
  readonly from: { readonly certificateFile: string; readonly keyFile: string } | AcmeOrders;
  readonly now: () => Date;
}

/** One certificate for every store directly below BASE_DOMAIN. */
export interface Wildcard {
  readonly name: string;
  /** Is it meant for this name? */
  isFor(hostname: string): boolean;
  /** What is in use, wherever it came from; `undefined` when there is none or its life is over. */
  find(): Promise<{ readonly folder: string; readonly content: FolderContent } | undefined>;
  /**
   * The newest is in use: files are read again, orders are made when due. What was in use stays when it throws
   * `CertificateError`. The edge must be applied after a change, since each pair has a folder of its own.
   */
  ensure(signal: AbortSignal, urgency: 'due' | 'urgent' | 'now'): Promise<{ readonly changed: boolean }>;
}

/** Whoever was served the one before has been applied to the one after long since. */
const KEPT_AFTER_MS = HOUR;
const CURRENT = 'current';

/**
 * Each pair of certificate and key has a folder of its own, and a link says which is in use: with another key the two
 * cannot be swapped in one step, and a handshake between two steps would fail for every store at once.
 */
export function createWildcard({ dataDir, user, baseDomain, from, now }: WildcardOptions): Wildcard {
  const name = `*.${baseDomain}`;
  const root = join(certificatesRoot(dataDir), 'wildcards');

  async function folderInUse(): Promise<string | undefined> {
    const link = await readlink(join(root, CURRENT)).catch(ignoring('ENOENT'));
    return link === undefined ? undefined : join(root, basename(link));
  }

  async function read(): Promise<FolderContent | undefined> {
    const folder = await folderInUse();
    return folder === undefined ? undefined : await readFolder(folder);
  }

  async function place(files: FolderFiles): Promise<{ changed: boolean }> {
    const edgeUser = await findSystemUser(user);
    await ensureParent(dataDir, 'wildcards', edgeUser);
    const id = createHash('sha256').update(files.fullchain).update(files.key).digest('hex').slice(0, 16);
    const folder = join(root, id);
    if ((await readFolder(folder)) === undefined) await placeFolder(folder, files, edgeUser);
    if ((await folderInUse()) === folder) {
      await forgetOthers(id);
      return { changed: false };
    }
    const link = join(root, `.${CURRENT}-${randomBytes(4).toString('hex')}`);
    await symlink(id, link);
    await rename(link, join(root, CURRENT));
    return { changed: true };
  }

  async function forgetOthers(id: string): Promise<void> {
    const { mtimeMs } = await stat(join(root, id));
    if (Date.now() - mtimeMs < KEPT_AFTER_MS) return;
    const others = (await readdir(root)).filter((entry) => entry !== id && entry !== CURRENT);
    for (const other of others) await rm(join(root, other), { recursive: true, force: true });
  }

  async function readFiles(paths: { certificateFile: string; keyFile: string }): Promise<{ changed: boolean }> {
    try {
      const [certificate, key] = await Promise.all([
        readFile(paths.certificateFile, 'utf8'),
        readFile(paths.keyFile, 'utf8'),
      ]);
      return await place(readPair({ certificate, key }, sampleOf(name), now()));
    } catch (cause) {
      throw new CertificateError(name, 'refused', {
        reason: cause instanceof Error ? cause.message : String(cause),
        hint: 'Check the files that WILDCARD_CERTIFICATE_FILE and WILDCARD_KEY_FILE name.',
        cause,
      });
    }
  }

  async function order(orders: AcmeOrders, signal: AbortSignal, urgency: 'due' | 'urgent' | 'now') {
    const isEnough = async (): Promise<FolderContent | undefined | 'enough'> => {
      const found = await read();
      return urgency !== 'now' && orders.isAsWanted(found, name) ? 'enough' : found;
    };
    if ((await isEnough()) === 'enough') return { changed: false };
    const isUrgent = urgency !== 'due';
    return await orders.renew(
      { name, isUrgent, look: isEnough, place: async (files) => void (await place(files)) },
      signal,
    );
  }

  return {
    name,
    isFor: (hostname) => hostname.endsWith(name.slice(1)) && !hostname.slice(0, -name.length + 1).includes('.'),

    async find() {
      const [folder, content] = [await folderInUse(), await read()];
      if (folder === undefined || content === undefined) return undefined;
      return lifeOf(content.certificate).notAfter > now() ? { folder, content } : undefined;
    },

    async ensure(signal, urgency) {
      signal.throwIfAborted();
      return await fileWork('Keeping the wildcard certificate', async () =>
        'certificateFile' in from ? await readFiles(from) : await order(from, signal, urgency),
      );
    },
  };
}
