import { isStagingDirectory, LETS_ENCRYPT } from '../domain/certificates.ts';
import { START_AGAIN } from './doctor/check.ts';

/** How this installation comes by certificates for real names. */
export interface CertificateWays {
  readonly baseDomain: string;
  readonly directory: string | undefined;
  /** Does one certificate serve every store? */
  readonly hasWildcard: boolean;
}

export interface Advice {
  readonly message: string;
  readonly fix: string;
}

const HOW = 'docs/operating/certificates.md';

/** Names that never leave a machine: the local CA is the right one for them. */
export function isLocalDomain(domain: string): boolean {
  return domain === 'localhost' || domain.endsWith('.localhost');
}

/** What an operator should know before real visitors come; nothing where all is well. */
export function certificateAdvice({ baseDomain, directory, hasWildcard }: CertificateWays): Advice | undefined {
  if (isLocalDomain(baseDomain)) return undefined;
  if (directory === undefined && hasWildcard) return undefined;
  if (directory === undefined) {
    return {
      message: `Names under ${baseDomain} have certificates of the local CA: no browser trusts them.`,
      fix: `Set ACME_EMAIL, or bring a wildcard (${HOW}).`,
    };
  }
  if (isStagingDirectory(directory)) {
    return {
      message: `Certificates come from staging (${new URL(directory).host}): no browser accepts them.`,
      fix: `When trying is over, set ACME_DIRECTORY=${LETS_ENCRYPT}, then: ${START_AGAIN} && shopctl certificate renew`,
    };
  }
  if (hasWildcard) return undefined;
  return {
    message: `Every store gets a certificate of its own. Authorities limit that (Let's Encrypt: 50 new ones per registered domain and week); beyond it new stores fail.`,
    fix: `Use one wildcard for *.${baseDomain}: set ACME_DNS_HOOK or WILDCARD_CERTIFICATE_FILE (${HOW}).`,
  };
}
