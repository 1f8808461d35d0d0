// x509's dependency container looks for it while it is being imported.
import 'reflect-metadata';
import { createPublicKey, type KeyObject, randomBytes, webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { DAY, HOUR } from '../../lib/time.ts';
import { nameConstraints } from './name-constraints.ts';

/** Browsers refuse leaves of more than 398 days; short ones keep renewal in practice. */
const LEAF_LIFETIME = 90 * DAY;
const AUTHORITY_LIFETIME = 3650 * DAY;
/** Clocks differ a little. */
const BACKDATED = HOUR;
/** X.520: a common name has at most 64 characters. The name that counts is in the extension. */
const MAX_COMMON_NAME = 64;

const EC = { name: 'ECDSA', namedCurve: 'P-256' } as const;
export const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const;

export interface PemPair {
  readonly certificate: string;
  readonly key: string;
}

/** A CA of our own that can vouch only for names at or below `domains`. */
export async function makeAuthority(domains: readonly string[], now = new Date()): Promise<PemPair> {
  const keys = await webcrypto.subtle.generateKey(EC, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: newSerial(),
      // Two instances on one machine have two CAs; browsers must not take one for the other.
      name: [{ O: ['ShopHosting'] }, { CN: [`ShopHosting local CA ${randomBytes(4).toString('hex')}`] }],
      ...validity(now, AUTHORITY_LIFETIME),
      signingAlgorithm: SIGNATURE,
      keys,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
        constraintsFor(domains),
      ],
    },
    webcrypto,
  );
  return { certificate: pemFile(certificate), key: await exportKey(keys.privateKey) };
}

/** A new P-256 key as PEM. */
export async function makeKey(): Promise<string> {
  const keys = await webcrypto.subtle.generateKey(EC, true, ['sign', 'verify']);
  return await exportKey(keys.privateKey);
}

/** A certificate for exactly this name and key, signed by the authority. */
export async function issueLeaf(
  hostname: string,
  key: KeyObject,
  authority: PemPair,
  now = new Date(),
): Promise<string> {
  const issuer = new X509Certificate(authority.certificate);
  const publicKey = await importPublic(key);
  const certificate = await X509CertificateGenerator.create(
    {
      serialNumber: newSerial(),
      subject: [{ CN: [hostname.length <= MAX_COMMON_NAME ? hostname : 'ShopHosting'] }],
      issuer: issuer.subjectName,
      ...validity(now, LEAF_LIFETIME),
      signingAlgorithm: SIGNATURE,
      publicKey,
      signingKey: await importPrivate(authority.key),
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension([{ type: 'dns', value: hostname }]),
        await SubjectKeyIdentifierExtension.create(publicKey),
        await AuthorityKeyIdentifierExtension.create(issuer),
      ],
    },
    webcrypto,
  );
  return pemFile(certificate);
}

/** May this CA vouch for exactly these domains? */
export function isAuthorityFor(certificatePem: string, domains: readonly string[]): boolean {
  const wanted = constraintsFor(domains);
  const found = new X509Certificate(certificatePem).getExtension(wanted.type);
  return found !== null && Buffer.from(found.value).equals(Buffer.from(wanted.value));
}

function constraintsFor(domains: readonly string[]): Extension {
  const { type, critical, value } = nameConstraints(domains);
  return new Extension(type, critical, value);
}

function validity(now: Date, lifetime: number): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(now.getTime() - BACKDATED), notAfter: new Date(now.getTime() + lifetime) };
}

/** 127 random bits: positive, as X.509 wants it. */
function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const bytes = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${bytes.replaceAll(/.{64}(?=.)/g, '$&\n')}\n-----END PRIVATE KEY-----\n`;
}

export async function importPrivate(pem: string): Promise<webcrypto.CryptoKey> {
  const bytes = Buffer.from(pem.replaceAll(/-----[A-Z ]+-----|\s/g, ''), 'base64');
  return await webcrypto.subtle.importKey('pkcs8', bytes, EC, false, ['sign']);
}

export async function importPublic(key: KeyObject): Promise<webcrypto.CryptoKey> {
  const bytes = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return await webcrypto.subtle.importKey('spki', bytes, EC, true, ['verify']);
}

function pemFile(certificate: X509Certificate): string {
  return `${certificate.toString('pem').trim()}\n`;
}
