import { createPrivateKey, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { isRenewalDue } from '../../domain/certificates.ts';
import { isHostname } from '../../domain/domain-name.ts';
import { AppError } from '../../domain/errors.ts';
import { fileWork } from '../filesystem/file-error.ts';
import { findSystemUser, type SystemUser } from '../filesystem/find-system-user.ts';
import {
  ensureRights,
  type FolderContent,
  LOCAL,
  placeFolder,
  readFolder,
  removeFolder,
  replaceCertificate,
} from './certificate-folder.ts';
import { certificatesRoot, ensureParent, hostFolder, type PresentCertificate } from './host-folders.ts';
import { issueLeaf, makeKey } from './issue-certificate.ts';
import { AUTHORITY_CERTIFICATE, domainsOf, ensureAuthority, isAtOrBelow } from './local-authority.ts';
import { createFolderLook } from './look-at-folders.ts';

export interface LocalCertificates {
  /** The CA's certificate, for browsers and for our own probes. */
  readonly caFile: string;
  /** Folder of the certificate for names that have none. */
  readonly fallback: string;
  /**
   * A certificate for exactly this name is there, readable for the edge and not near its end. One that an authority
   * or a customer brought is left alone. Throws `certificate_failed` for a name that our CA may not vouch for.
   */
  ensure(hostname: string, signal: AbortSignal): Promise<{ readonly changed: boolean }>;
  /** As `ensure`, but ours is made anew whatever is left of its life. */
  renew(hostname: string, signal: AbortSignal): Promise<{ readonly changed: boolean }>;
  ensureFallback(signal: AbortSignal): Promise<void>;
  /** Forgets the name's certificate and key, whoever issued it. Does nothing when there is none. */
  remove(hostname: string): Promise<void>;
  /** What the edge can show for these names right now; a cheap look at names and rights. */
  present(hostnames: readonly string[]): Promise<Map<string, PresentCertificate>>;
}

/** Nobody asks for it on purpose, and nobody can own it (RFC 2606). */
const FALLBACK_NAME = 'no-shop-here.invalid';

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
  const { dataDir } = options;
  const authorityFolder = join(certificatesRoot(dataDir), 'local-ca');
  const fallback = join(certificatesRoot(dataDir), 'fallback');
  const domains = domainsOf(options.domains ?? []);
  const now = options.now ?? (() => new Date());
  const lookAt = createFolderLook();

  async function ensureIn(folder: string, hostname: string, isEnough: IsEnough): Promise<{ changed: boolean }> {
    return await fileWork(`Making the certificate of ${hostname}`, async () => {
      const user = await findSystemUser(options.user);
      const found = await readFolder(folder);
      if (found !== undefined && found.origin.source !== 'local') return await leaveAlone(folder, user);
      if (!domains.some((domain) => isAtOrBelow(hostname, domain))) throw notOurs(hostname);
      await ensureParent(dataDir, 'hosts', user);
      const authority = await ensureAuthority(authorityFolder, domains);
      if (found !== undefined && isEnough(found, hostname, authority.certificate))
        return await leaveAlone(folder, user);
      if (found !== undefined) {
        const fullchain = await issueLeaf(hostname, found.key, authority, now());
        await replaceCertificate(folder, { fullchain, origin: LOCAL }, user);
        return { changed: true };
      }
      const key = await makeKey();
      const fullchain = await issueLeaf(hostname, createPrivateKey(key), authority, now());
      return { changed: await placeFolder(folder, { fullchain, key, origin: LOCAL }, user) };
    });
  }

  const isGood: IsEnough = ({ certificate }, hostname, authorityPem) => {
    const life = { notBefore: new Date(certificate.validFrom), notAfter: new Date(certificate.validTo) };
    const isOurs = certificate.verify(new X509Certificate(authorityPem).publicKey);
    return isOurs && !isRenewalDue(life, now()) && certificate.checkHost(hostname) !== undefined;
  };

  return {
    caFile: join(authorityFolder, AUTHORITY_CERTIFICATE),
    fallback,
    async ensure(hostname, signal) {
      signal.throwIfAborted();
      return await ensureIn(hostFolder(dataDir, hostname), hostname, isGood);
    },
    async renew(hostname, signal) {
      signal.throwIfAborted();
      return await ensureIn(hostFolder(dataDir, hostname), hostname, () => false);
    },
    async ensureFallback(signal) {
      signal.throwIfAborted();
      await ensureIn(fallback, FALLBACK_NAME, isGood);
    },
    remove: async (hostname) =>
      await fileWork(
        `Removing the certificate of ${hostname}`,
        async () => await removeFolder(hostFolder(dataDir, hostname)),
      ),

    async present(hostnames) {
      const user = await findSystemUser(options.user);
      const folders = new Map(hostnames.filter(isHostname).map((name) => [hostFolder(dataDir, name), name]));
      const found = await lookAt([...folders.keys()], user);
      return new Map([...found].map(([folder, present]) => [folders.get(folder) ?? '', present]));
    },
  };
}

/** Is what was found good enough to be left alone? */
type IsEnough = (found: FolderContent, hostname: string, authorityPem: string) => boolean;

async function leaveAlone(folder: string, user: SystemUser): Promise<{ changed: false }> {
  await ensureRights(folder, user);
  return { changed: false };
}

function notOurs(hostname: string): AppError {
  return new AppError('certificate_failed', `Our own CA may not vouch for ${hostname}.`, {
    hint: 'A public name needs a public certificate: set ACME_EMAIL, or import one.',
  });
}
