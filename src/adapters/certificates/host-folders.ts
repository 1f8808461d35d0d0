import { chmod, chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CertificateFacts } from '../../domain/certificates.ts';
import { isHostname } from '../../domain/domain-name.ts';
import { AppError } from '../../domain/errors.ts';
import type { SystemUser } from '../filesystem/find-system-user.ts';
import { FOLDER_MODE, type FolderContent, isUsable, readOrigin } from './certificate-folder.ts';

/** What the edge is told of a name's certificate. */
export interface PresentCertificate {
  readonly folder: string;
  readonly isPubliclyTrusted: boolean;
}

export const certificatesRoot = (dataDir: string): string => join(dataDir, 'certificates');

/** Where the certificate of exactly this name is. Throws `certificate_failed` for what is no host name. */
export function hostFolder(dataDir: string, hostname: string): string {
  if (isHostname(hostname)) return join(certificatesRoot(dataDir), 'hosts', hostname);
  throw new AppError('certificate_failed', 'A certificate can only be made for a host name.', {
    hint: 'Give a name like shop.example.com, in lower case.',
  });
}

/** The folder that holds folders of certificates is there; only root and the edge look into it. */
export async function ensureParent(dataDir: string, name: 'hosts' | 'wildcards', { gid }: SystemUser): Promise<string> {
  const root = certificatesRoot(dataDir);
  const folder = join(root, name);
  await mkdir(folder, { recursive: true });
  await chmod(root, 0o755);
  await chown(folder, 0, gid);
  await chmod(folder, FOLDER_MODE);
  return folder;
}

/** `undefined` when the edge could not show what is there. */
export async function presentIn(folder: string, user: SystemUser): Promise<PresentCertificate | undefined> {
  if (!(await isUsable(folder, user))) return undefined;
  return { folder, isPubliclyTrusted: (await readOrigin(folder)).isPubliclyTrusted };
}

export function factsOf(hostname: string, { certificate, origin }: FolderContent): CertificateFacts {
  return {
    hostname,
    source: origin.source,
    issuer: issuerIn(certificate.issuer),
    directory: origin.directory,
    isPubliclyTrusted: origin.isPubliclyTrusted,
    isWildcard: certificate.subjectAltName?.includes('DNS:*.') === true,
    notBefore: new Date(certificate.validFrom),
    notAfter: new Date(certificate.validTo),
  };
}

/** `O (CN)` of a distinguished name, one part a line as Node prints it; whichever of them is there. */
function issuerIn(name: string): string {
  const parts = new Map(name.split('\n').map((line) => [line.split('=')[0], line.slice(line.indexOf('=') + 1)]));
  const [organisation, common] = [parts.get('O'), parts.get('CN')];
  if (organisation === undefined || common === undefined) return organisation ?? common ?? 'unknown';
  return `${organisation} (${common})`;
}
