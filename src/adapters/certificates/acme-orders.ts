import { X509Certificate } from 'node:crypto';
import {
  CertificateError,
  type FailedAttempts,
  isRenewalDue,
  isStagingDirectory,
  pauseAfter,
} from '../../domain/certificates.ts';
import { type OrderCounts, usedUp, waitFor } from '../../domain/order-budget.ts';
import type { FolderContent, FolderFiles } from './certificate-folder.ts';
import { chainIn, isPubliclyTrusted } from './public-trust.ts';
import { requestKey, signingRequest } from './signing-request.ts';

/** An ACME authority, as certbot reaches it. */
export interface AcmeAuthority {
  readonly directory: string;
  /** Certificate and chain. Throws `CertificateError`. One at a time. */
  order(order: { readonly name: string; readonly request: string }, signal: AbortSignal): Promise<string>;
}

export interface AcmeOrdersOptions {
  readonly authority: AcmeAuthority;
  /** Throws `CertificateError` (`dns`) when the name does not lead to this machine, as far as that can be told. */
  readonly checkName: (hostname: string, signal: AbortSignal) => Promise<void>;
  readonly attempts: {
    find(name: string): Promise<FailedAttempts | undefined>;
    put(attempts: FailedAttempts): Promise<void>;
    clear(name: string): Promise<void>;
  };
  /** What was ordered lately: we stop before the authority does. */
  readonly budget: {
    count(directory: string, name: string, now: Date): Promise<OrderCounts>;
    begin(directory: string, name: string, now: Date): Promise<number>;
    end(order: number, outcome: 'issued' | 'failed'): Promise<void>;
  };
  /** One order at a time on this machine. */
  readonly inTurn: <T>(signal: AbortSignal, action: () => Promise<T>) => Promise<T>;
  readonly onEvent: (event: CertificateEvent) => Promise<void>;
  readonly now: () => Date;
  /** Roots that count as known to browsers; those of Node where none are given. */
  readonly publicRoots?: readonly string[];
}

/** What is worth a line in the audit log. */
export type CertificateEvent =
  | { readonly type: 'issued'; readonly name: string; readonly directory: string; readonly notAfter: Date }
  | { readonly type: 'refused'; readonly name: string; readonly directory: string; readonly attempts: FailedAttempts };

export interface AcmeOrders {
  readonly directory: string;
  /** Nothing to do: made for the name, by this authority, not near its end. */
  isAsWanted(found: FolderContent | undefined, name: string): found is FolderContent;
  /**
   * Asks for a new certificate and hands it to `place`. Throws `CertificateError`; while one is `waiting` after a
   * failure nobody is asked, unless `isUrgent`; beyond the budget nobody is asked at all. `stillWanted` is asked when our turn has come.
   */
  renew(order: RenewalOrder, signal: AbortSignal): Promise<{ readonly changed: boolean }>;
  /** The name is nobody's any more: its failures are not its successor's. */
  forget(name: string): Promise<void>;
}

export interface RenewalOrder {
  readonly name: string;
  readonly isUrgent: boolean;
  /** What is there now; its key is used again where it can be. `'enough'` when somebody else was faster. */
  readonly look: () => Promise<FolderContent | undefined | 'enough'>;
  readonly place: (files: FolderFiles, found: FolderContent | undefined) => Promise<void>;
}

/** Orders at one authority: asks rarely after failures, takes only what fits, and never trades trust for none. */
export function createAcmeOrders(options: AcmeOrdersOptions): AcmeOrders {
  const { authority, attempts, now } = options;
  const { directory } = authority;

  function isAsWanted(found: FolderContent | undefined, name: string): found is FolderContent {
    if (found === undefined || found.certificate.checkHost(sampleOf(name)) === undefined) return false;
    const life = lifeOf(found.certificate);
    const isAlive = life.notAfter > now();
    if (found.origin.source === 'imported') return isAlive;
    if (found.origin.source !== 'acme') return false;
    // Somebody who goes back to staging keeps what browsers trust for as long as it lasts.
    if (found.origin.isPubliclyTrusted && isStagingDirectory(directory)) return isAlive;
    return found.origin.directory === directory && !isRenewalDue(life, now());
  }

  async function refuseWhileWaiting(name: string): Promise<void> {
    const failed = await attempts.find(name);
    if (failed === undefined || failed.directory !== directory || failed.retryAt <= now()) return;
    throw new CertificateError(name, 'waiting', {
      reason: `${failed.reason} Asked again after ${failed.retryAt.toISOString()}.`,
      hint: `To ask now: shopctl certificate issue ${name}`,
    });
  }

  /** Also for whoever is in a hurry: an authority that shuts its door shuts it for all names of this platform. */
  async function refuseBeyondBudget(name: string): Promise<void> {
    const spent = usedUp(await options.budget.count(directory, name, now()));
    if (spent === undefined) return;
    const retryAt = new Date(now().getTime() + waitFor(spent));
    throw new CertificateError(name, 'waiting', {
      reason: `${spent.sentence} Asked again after ${retryAt.toISOString()}.`,
      hint: "It goes on by itself; until then the authority's limits would only shut out everybody else too.",
    });
  }

  async function noteFailure(error: CertificateError): Promise<void> {
    const before = await attempts.find(error.hostname);
    const count = before?.directory === directory ? before.count + 1 : 1;
    const failed = {
      hostname: error.hostname,
      directory,
      count,
      reason: error.reason,
      retryAt: new Date(now().getTime() + pauseAfter(error.trouble, count)),
    };
    await attempts.put(failed);
    await options.onEvent({ type: 'refused', name: error.hostname, directory, attempts: failed });
  }

  async function ordered(name: string, request: string, signal: AbortSignal): Promise<string> {
    const order = await options.budget.begin(directory, name, now());
    try {
      const fullchain = await authority.order({ name, request }, signal);
      await options.budget.end(order, 'issued');
      return fullchain;
    } catch (error) {
      // Who was not reached has counted no failure.
      const isCounted = error instanceof CertificateError && error.trouble !== 'unreachable';
      if (isCounted) await options.budget.end(order, 'failed');
      throw error;
    }
  }

  async function askFor(name: string, found: FolderContent | undefined, signal: AbortSignal): Promise<FolderFiles> {
    const key = await requestKey(found?.key);
    const request = await signingRequest(name, key);
    const fullchain = await ordered(name, request, signal);
    const leaf = chainIn(fullchain)[0];
    if (leaf?.checkHost(sampleOf(name)) === undefined) throw useless(name, 'It is for another name.');
    const origin = {
      source: 'acme',
      directory,
      isPubliclyTrusted: isPubliclyTrusted(fullchain, options.publicRoots),
    } as const;
    return { fullchain, key, origin };
  }

  return {
    directory,
    isAsWanted,
    forget: attempts.clear,
    async renew({ name, isUrgent, look, place }, signal) {
      if (!isUrgent) await refuseWhileWaiting(name);
      if (!name.startsWith('*.')) await options.checkName(name, signal);
      return await options.inTurn(signal, async () => {
        const found = await look();
        if (found === 'enough') return { changed: false };
        await refuseBeyondBudget(name);
        try {
          const files = await askFor(name, found, signal);
          await place(files, found);
          await attempts.clear(name);
          const { notAfter } = lifeOf(new X509Certificate(files.fullchain));
          await options.onEvent({ type: 'issued', name, directory, notAfter });
          return { changed: true };
        } catch (error) {
          if (error instanceof CertificateError) await noteFailure(error);
          throw error;
        }
      });
    },
  };
}

export function lifeOf(certificate: X509Certificate): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(certificate.validFrom), notAfter: new Date(certificate.validTo) };
}

/** A name that a certificate for `name` must hold for; a wildcard is asked for any one label. */
export const sampleOf = (name: string): string => name.replace(/^\*\./, 'any-shop.');

function useless(name: string, reason: string): CertificateError {
  return new CertificateError(name, 'refused', {
    reason: `The authority's answer cannot be used. ${reason}`,
    hint: 'Check ACME_DIRECTORY.',
  });
}
