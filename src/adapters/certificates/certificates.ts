import { CertificateError, type CertificateFacts } from '../../domain/certificates.ts';
import { isHostname } from '../../domain/domain-name.ts';
import { AppError } from '../../domain/errors.ts';
import { fileWork } from '../filesystem/file-error.ts';
import { findSystemUser } from '../filesystem/find-system-user.ts';
import { type AcmeOrders, lifeOf } from './acme-orders.ts';
import {
  ensureRights,
  type FolderContent,
  type FolderFiles,
  placeFolder,
  readFolder,
  replaceCertificate,
  replaceFolder,
} from './certificate-folder.ts';
import { readPair } from './certificate-pair.ts';
import { ensureParent, factsOf, hostFolder, type PresentCertificate, presentIn } from './host-folders.ts';
import { isDevelopmentName } from './local-authority.ts';
import type { LocalCertificates } from './local-certificates.ts';
import type { Wildcard } from './wildcard.ts';

export interface CertificatesOptions {
  readonly dataDir: string;
  readonly user: string;
  readonly local: LocalCertificates;
  /** Absent: our own CA serves every name it may. */
  readonly orders?: AcmeOrders | undefined;
  readonly wildcard?: Wildcard | undefined;
  readonly now?: () => Date;
}

interface Changed {
  readonly changed: boolean;
}

/** Certificates by name: a wildcard, the local CA or an authority, whichever the name asks for. */
export interface Certificates {
  readonly caFile: string;
  readonly wildcard: Wildcard | undefined;
  /** Can one be made without asking anybody outside? */
  isMadeHere(hostname: string): boolean;
  /**
   * A certificate that holds for the name is there; a better one where it can be had. Throws `certificate_failed` only
   * when visitors would get none: a store that has one is never stopped by an authority.
   */
  ensure(hostname: string, signal: AbortSignal): Promise<Changed>;
  /**
   * As `ensure`, but throws also when only the successor cannot be had. What the name had before stays, and the
   * authority is left alone for a while.
   */
  renewDue(hostname: string, signal: AbortSignal): Promise<Changed>;
  /** As `renewDue`, for somebody who waits for it: no pause after failures. */
  issue(hostname: string, signal: AbortSignal): Promise<Changed>;
  /** A new one, due or not. Throws `not_allowed_now` for one that was imported. */
  renew(hostname: string, signal: AbortSignal): Promise<Changed>;
  /** Puts somebody's own in place. Throws `invalid_input` when it does not fit; then nothing changed. */
  importPair(
    hostname: string,
    texts: { readonly certificate: string; readonly key: string },
  ): Promise<CertificateFacts>;
  /** Forgets the name's own certificate, and that an authority refused one. */
  remove(hostname: string): Promise<void>;
  /** What visitors of the name are shown; for the wildcard's own name, the wildcard. */
  find(hostname: string): Promise<CertificateFacts | undefined>;
  /** For the edge, which waits: see `EdgeCertificates`. */
  readonly forEdge: Pick<LocalCertificates, 'fallback' | 'caFile' | 'ensureFallback' | 'ensure' | 'present'>;
}

export function createCertificates(options: CertificatesOptions): Certificates {
  const { dataDir, local, orders, wildcard } = options;
  const now = options.now ?? (() => new Date());

  /** A customer's own certificate stands before everything, as long as it lives. */
  const isImported = (found: FolderContent | undefined): found is FolderContent =>
    found?.origin.source === 'imported' && lifeOf(found.certificate).notAfter > now();

  const ordersFor = (hostname: string): AcmeOrders | undefined =>
    orders === undefined || isDevelopmentName(hostname) ? undefined : orders;

  async function keep(hostname: string, urgency: 'due' | 'urgent' | 'now', signal: AbortSignal): Promise<Changed> {
    signal.throwIfAborted();
    const folder = hostFolder(dataDir, hostname);
    const own = await readFolder(folder);
    if (isImported(own)) {
      if (urgency === 'now') throw notOurs(hostname);
      await ensureRights(folder, await findSystemUser(options.user));
      return { changed: false };
    }
    if (wildcard !== undefined && (await isCovered(hostname))) return await wildcard.ensure(signal, urgency);
    const authority = ordersFor(hostname);
    if (authority !== undefined) return await keepOrdered(authority, hostname, urgency, signal);
    return await (urgency === 'now' ? local.renew(hostname, signal) : local.ensure(hostname, signal));
  }

  /** Meant for the wildcard, or held by it anyway (BASE_DOMAIN itself, in many people's files). */
  async function isCovered(hostname: string): Promise<boolean> {
    return wildcard?.isFor(hostname) === true || (await wildcardFor(hostname)) !== undefined;
  }

  async function wildcardFor(hostname: string) {
    const inUse = await wildcard?.find();
    return inUse?.content.certificate.checkHost(hostname) === undefined ? undefined : inUse;
  }

  async function keepOrdered(
    authority: AcmeOrders,
    hostname: string,
    urgency: 'due' | 'urgent' | 'now',
    signal: AbortSignal,
  ): Promise<Changed> {
    const folder = hostFolder(dataDir, hostname);
    const look = async (): Promise<FolderContent | undefined | 'enough'> => {
      const found = await readFolder(folder);
      return urgency !== 'now' && authority.isAsWanted(found, hostname) ? 'enough' : found;
    };
    if ((await look()) === 'enough') {
      await ensureRights(folder, await findSystemUser(options.user));
      return { changed: false };
    }
    const place = (files: FolderFiles, found: FolderContent | undefined): Promise<void> => put(folder, files, found);
    return await authority.renew({ name: hostname, isUrgent: urgency !== 'due', look, place }, signal);
  }

  async function put(folder: string, files: FolderFiles, found: FolderContent | undefined): Promise<void> {
    await fileWork('Putting a certificate in place', async () => {
      const user = await findSystemUser(options.user);
      await ensureParent(dataDir, 'hosts', user);
      if (found === undefined) return void (await placeFolder(folder, files, user));
      const isSameKey = found.key.export({ type: 'pkcs8', format: 'pem' }).toString() === files.key;
      await (isSameKey ? replaceCertificate(folder, files, user) : replaceFolder(folder, files, user));
    });
  }

  async function present(hostnames: readonly string[]): Promise<Map<string, PresentCertificate>> {
    const own = await local.present(hostnames);
    const inUse = await wildcard?.find();
    if (inUse === undefined) return own;
    const user = await findSystemUser(options.user);
    const shared = await presentIn(inUse.folder, user);
    if (shared === undefined) return own;
    for (const hostname of hostnames.filter(isHostname)) {
      if (inUse.content.certificate.checkHost(hostname) === undefined) continue;
      const isOwn = own.has(hostname) && isImported(await readFolder(hostFolder(dataDir, hostname)));
      if (!isOwn) own.set(hostname, shared);
    }
    return own;
  }

  async function find(hostname: string): Promise<CertificateFacts | undefined> {
    if (hostname === wildcard?.name) {
      const inUse = await wildcard.find();
      return inUse && factsOf(hostname, inUse.content);
    }
    const own = await readFolder(hostFolder(dataDir, hostname));
    const content = isImported(own) ? own : ((await wildcardFor(hostname))?.content ?? own);
    return content?.certificate.checkHost(hostname) === undefined ? undefined : factsOf(hostname, content);
  }

  return {
    caFile: local.caFile,
    wildcard,
    isMadeHere: (hostname) => ordersFor(hostname) === undefined && wildcard?.isFor(hostname) !== true,
    async ensure(hostname, signal) {
      try {
        return await keep(hostname, 'due', signal);
      } catch (error) {
        const inUse = error instanceof CertificateError ? await find(hostname) : undefined;
        if (inUse !== undefined && inUse.notAfter > now()) return { changed: false };
        throw error;
      }
    },
    renewDue: (hostname, signal) => keep(hostname, 'due', signal),
    issue: (hostname, signal) => keep(hostname, 'urgent', signal),
    renew: (hostname, signal) => keep(hostname, 'now', signal),
    async remove(hostname) {
      await local.remove(hostname);
      await orders?.forget(hostname);
    },
    find,

    async importPair(hostname, texts) {
      const folder = hostFolder(dataDir, hostname);
      await put(folder, readPair(texts, hostname, now()), await readFolder(folder));
      await orders?.forget(hostname);
      const placed = await readFolder(folder);
      if (placed === undefined) throw new AppError('internal_error', `The certificate of ${hostname} did not arrive.`);
      return factsOf(hostname, placed);
    },

    forEdge: {
      fallback: local.fallback,
      caFile: local.caFile,
      ensureFallback: local.ensureFallback,
      ensure: local.ensure,
      present,
    },
  };
}

function notOurs(hostname: string): AppError {
  return new AppError('not_allowed_now', `The certificate of ${hostname} was imported: whoever issued it renews it.`, {
    hint: `Bring its successor: shopctl certificate import ${hostname} --certificate FILE --key FILE`,
  });
}
