import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmod, chown, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isHostname } from '../../domain/domain-name.ts';
import { AppError } from '../../domain/errors.ts';
import { DAY } from '../../lib/time.ts';
import { fileWork } from '../filesystem/file-error.ts';
import { findSystemUser, type SystemUser } from '../filesystem/find-system-user.ts';
import {
  type CertificateSource,
  ensureRights,
  FOLDER_MODE,
  type FolderContent,
  ignoring,
  isUsable,
  placeFolder,
  readFolder,
  readSource,
  removeFolder,
  replaceCertificate,
} from './certificate-folder.ts';
import { issueLeaf, makeKey } from './issue-certificate.ts';
import { AUTHORITY_CERTIFICATE, domainsOf, ensureAuthority, isAtOrBelow } from './local-authority.ts';

export interface CertificateFacts {
  readonly hostname: string;
  readonly folder: string;
  readonly source: CertificateSource;
  readonly notAfter: Date;
}

export interface LocalCertificates {
  /** The CA's certificate, for browsers and for our own probes. */
  readonly caFile: string;
  /** Folder of the certificate for names that have none. */
  readonly fallback: string;
  /**
   * A certificate for exactly this name is there, readable for the edge and good for at least 30 days. One that
   * certbot or a customer brought is left alone. Throws `certificate_failed` for a name that our CA may not vouch for.
   */
  ensure(hostname: string, signal: AbortSignal): Promise<{ readonly changed: boolean }>;
  ensureFallback(signal: AbortSignal): Promise<void>;
  /** Forgets the name's certificate and key, whoever issued it. Does nothing when there is none. */
  remove(hostname: string): Promise<void>;
  /** Every certificate of a name, by name, with its end. */
  list(): Promise<CertificateFacts[]>;
  /** What the edge can show right now; a cheap look at names and rights. */
  present(): Promise<Map<string, { readonly folder: string; readonly isPubliclyTrusted: boolean }>>;
}

/** Nobody asks for it on purpose, and nobody can own it (RFC 2606). */
const FALLBACK_NAME = 'no-shop-here.invalid';
const RENEW_WHEN_LEFT = 30 * DAY;

/**
 * Certificates of a CA of our own, one per name: browsers refuse wildcards below `localhost`. `domains` are those of
 * the platform; besides them the CA can vouch for development names only.
 */
export function createLocalCertificates(options: {
  readonly dataDir: string;
  /** The system user of the edge's workers: its group may read keys. */
  readonly user: string;
  readonly domains?: readonly string[];
  readonly now?: () => Date;
}): LocalCertificates {
  const root = join(options.dataDir, 'certificates');
  const authorityFolder = join(root, 'local-ca');
  const hosts = join(root, 'hosts');
  const fallback = join(root, 'fallback');
  const domains = domainsOf(options.domains ?? []);
  const now = options.now ?? (() => new Date());

  async function ensureIn(folder: string, hostname: string, signal: AbortSignal): Promise<{ changed: boolean }> {
    signal.throwIfAborted();
    return await fileWork(`Making the certificate of ${hostname}`, async () => {
      const user = await findSystemUser(options.user);
      const found = await readFolder(folder);
      if (found !== undefined && found.source !== 'local') return await leaveAlone(folder, user);
      if (!domains.some((domain) => isAtOrBelow(hostname, domain))) throw notOurs(hostname);
      await ensureFolders(user);
      const authority = await ensureAuthority(authorityFolder, domains);
      if (found !== undefined && isGood(found, hostname, authority.certificate, now()))
        return await leaveAlone(folder, user);
      if (found !== undefined) {
        await replaceCertificate(folder, await issueLeaf(hostname, found.key, authority, now()), user);
        await ensureRights(folder, user);
        return { changed: true };
      }
      const key = await makeKey();
      const fullchain = await issueLeaf(hostname, createPrivateKey(key), authority, now());
      return { changed: await placeFolder(folder, { fullchain, key, source: 'local' }, user) };
    });
  }

  async function ensureFolders(user: SystemUser): Promise<void> {
    await mkdir(hosts, { recursive: true });
    await chmod(root, 0o755);
    await chown(hosts, 0, user.gid);
    await chmod(hosts, FOLDER_MODE);
  }

  function folderOf(hostname: string): string {
    if (isHostname(hostname)) return join(hosts, hostname);
    throw new AppError('certificate_failed', 'A certificate can only be made for a host name.', {
      hint: 'Give a name like shop.example.com, in lower case.',
    });
  }

  return {
    caFile: join(authorityFolder, AUTHORITY_CERTIFICATE),
    fallback,
    ensure: async (hostname, signal) => await ensureIn(folderOf(hostname), hostname, signal),
    ensureFallback: async (signal) => void (await ensureIn(fallback, FALLBACK_NAME, signal)),
    remove: async (hostname) =>
      await fileWork(`Removing the certificate of ${hostname}`, async () => await removeFolder(folderOf(hostname))),

    async list() {
      const found = await Promise.all(
        (await namesIn(hosts)).map(async (hostname) => {
          const folder = join(hosts, hostname);
          const content = await readFolder(folder);
          if (content === undefined) return undefined;
          return { hostname, folder, source: content.source, notAfter: new Date(content.certificate.validTo) };
        }),
      );
      return found.filter((facts) => facts !== undefined);
    },

    async present() {
      const user = await findSystemUser(options.user);
      const found = await Promise.all(
        (await namesIn(hosts)).map(async (hostname) => {
          const folder = join(hosts, hostname);
          if (!(await isUsable(folder, user))) return undefined;
          return [hostname, { folder, isPubliclyTrusted: (await readSource(folder)) === 'acme' }] as const;
        }),
      );
      return new Map(found.filter((entry) => entry !== undefined));
    },
  };
}

async function leaveAlone(folder: string, user: SystemUser): Promise<{ changed: false }> {
  await ensureRights(folder, user);
  return { changed: false };
}

function isGood({ certificate }: FolderContent, hostname: string, authorityPem: string, now: Date): boolean {
  const left = new Date(certificate.validTo).getTime() - now.getTime();
  const isOurs = certificate.verify(new X509Certificate(authorityPem).publicKey);
  return isOurs && left >= RENEW_WHEN_LEFT && certificate.checkHost(hostname) !== undefined;
}

async function namesIn(hosts: string): Promise<string[]> {
  const names = (await readdir(hosts).catch(ignoring('ENOENT'))) ?? [];
  return names.filter(isHostname).sort();
}

function notOurs(hostname: string): AppError {
  return new AppError('certificate_failed', `Our own CA may not vouch for ${hostname}.`, {
    hint: 'A public name needs a public certificate: set ACME_EMAIL, or import one.',
  });
}
