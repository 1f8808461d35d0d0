import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** The certificates of a PEM file, the leaf first. Throws on what is none. */
export function chainIn(fullchain: string): X509Certificate[] {
  return (fullchain.match(PEM) ?? []).map((pem) => new X509Certificate(pem));
}

let known: X509Certificate[] | undefined;

/**
 * Does the chain, as a server would send it, end at a root that browsers know (the Mozilla roots that Node brings)?
 * Looks at signatures and at nobody's word: an authority in staging, or one of a company's own, is not one of them.
 */
export function isPubliclyTrusted(fullchain: string, roots?: readonly string[]): boolean {
  const chain = chainIn(fullchain);
  const last = chain.at(-1);
  if (last === undefined) return false;
  const isWhole = chain.slice(1).every((issuer, index) => {
    const subject = chain[index];
    return subject?.checkIssued(issuer) === true && subject.verify(issuer.publicKey);
  });
  const anchors = roots?.map((pem) => new X509Certificate(pem)) ?? (known ??= rootCertificates.map(parse));
  return isWhole && anchors.some((root) => isVouchedFor(last, root));
}

const parse = (pem: string): X509Certificate => new X509Certificate(pem);

function isVouchedFor(certificate: X509Certificate, root: X509Certificate): boolean {
  if (certificate.fingerprint256 === root.fingerprint256) return true;
  return certificate.checkIssued(root) && certificate.verify(root.publicKey);
}
