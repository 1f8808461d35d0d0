import { DAY, HOUR, MINUTE } from '../lib/time.ts';
import { AppError } from './errors.ts';

/** Who issued a certificate, and so who renews it: we ourselves, an ACME authority, or nobody (it was given to us). */
export const CERTIFICATE_SOURCES = ['local', 'acme', 'imported'] as const;
export type CertificateSource = (typeof CERTIFICATE_SOURCES)[number];

/** What is known of the certificate that visitors of a name see. */
export interface CertificateFacts {
  readonly hostname: string;
  readonly source: CertificateSource;
  /** Who signed it, as the certificate says it, e.g. `Let's Encrypt (R11)`. */
  readonly issuer: string;
  /** The ACME directory it came from. */
  readonly directory: string | undefined;
  /** Does its chain end at a root that browsers know? */
  readonly isPubliclyTrusted: boolean;
  /** It covers more names than this one. */
  readonly isWildcard: boolean;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Real for us, worthless for browsers: what an installation begins with, so that a mistake costs no public limit. */
export const LETS_ENCRYPT_STAGING = 'https://acme-staging-v02.api.letsencrypt.org/directory';
export const LETS_ENCRYPT = 'https://acme-v02.api.letsencrypt.org/directory';

/** Is this a directory whose certificates no browser accepts? Authorities say it in its name. */
export function isStagingDirectory(directory: string): boolean {
  return /(?:^|[.-])(?:staging|stg|sandbox|test)\d*(?:[.-]|$)/.test(new URL(directory).host);
}

/** Time enough to notice and to mend what keeps a renewal away. */
const RENEW_WHEN_LEFT = 30 * DAY;

/** A certificate is renewed with 30 days left; one that lives less than 90 with a third of its life left. */
export function isRenewalDue(life: { readonly notBefore: Date; readonly notAfter: Date }, now: Date): boolean {
  const lifetime = life.notAfter.getTime() - life.notBefore.getTime();
  return life.notAfter.getTime() - now.getTime() < Math.min(RENEW_WHEN_LEFT, lifetime / 3);
}

/**
 * Why there is no new certificate: `dns` = the name does not lead here, nobody was asked · `refused`, `rate-limited` =
 * the authority's answer · `unreachable` = it gave none · `waiting` = it is not asked again yet.
 */
export type CertificateTrouble = 'dns' | 'refused' | 'rate-limited' | 'unreachable' | 'waiting';

/** A public certificate that cannot be had now. Whatever the name had before it still has. */
export class CertificateError extends AppError {
  readonly hostname: string;
  readonly trouble: CertificateTrouble;
  /** The message without the name. */
  readonly reason: string;

  constructor(
    hostname: string,
    trouble: CertificateTrouble,
    facts: { readonly reason: string; readonly hint: string; readonly cause?: unknown; readonly logTail?: string },
  ) {
    super('certificate_failed', `No certificate for ${hostname}: ${facts.reason}`, {
      hint: facts.hint,
      retryable: true,
      ...(facts.cause === undefined ? {} : { cause: facts.cause }),
      ...(facts.logTail === undefined ? {} : { logTail: facts.logTail }),
    });
    this.hostname = hostname;
    this.trouble = trouble;
    this.reason = facts.reason;
  }
}

/** Failures in a row for one name at one authority, kept so that nobody's impatience meets the authority's limits. */
export interface FailedAttempts {
  readonly hostname: string;
  readonly directory: string;
  readonly count: number;
  readonly reason: string;
  /** Not asked again before. */
  readonly retryAt: Date;
}

/** The first pause, which then doubles. Let's Encrypt takes five failures per name and hour. */
const FIRST_PAUSE: Readonly<Partial<Record<CertificateTrouble, number>>> = {
  refused: 15 * MINUTE,
  'rate-limited': 2 * HOUR,
  unreachable: MINUTE,
};
const LONGEST_PAUSE = DAY;

/** How long to leave the authority alone after the `count`th failure in a row. */
export function pauseAfter(trouble: CertificateTrouble, count: number): number {
  const first = FIRST_PAUSE[trouble] ?? 0;
  return Math.min(LONGEST_PAUSE, first * 2 ** Math.min(count - 1, 16));
}
