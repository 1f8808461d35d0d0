import { randomBytes } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { BlockList, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { CertificateError } from '../../domain/certificates.ts';
import { SECOND } from '../../lib/time.ts';

export interface NameCheckOptions {
  /** The folder that the edge serves challenges from. */
  readonly webroot: string;
  /** Servers to ask, `ADDRESS` or `ADDRESS:PORT`; this machine's own when there are none. */
  readonly dnsServers: readonly string[];
  /** Where an authority looks for a challenge. */
  readonly challengePort?: number;
  /** This machine's addresses. */
  readonly ownAddresses?: () => readonly string[];
}

const LOOKUP_TIMEOUT_MS = 5 * SECOND;
const REACH_TIMEOUT_MS = 5 * SECOND;
const HTTP_PORT = 80;
/** Answers that say "no such thing", as opposed to "I cannot tell". */
const NOTHING = ['ENOTFOUND', 'ENODATA'];

/**
 * Does the name lead to this machine? Looked at before an authority is asked, which counts failures. Every address must
 * be one of ours, or give back a file that only we have (a proxy or a NAT in front). Where this machine has no public
 * address it cannot tell, and lets the authority decide. Throws `CertificateError` (`dns`) with what to change.
 */
export function createNameCheck(options: NameCheckOptions): (hostname: string, signal: AbortSignal) => Promise<void> {
  const ownAddresses = options.ownAddresses ?? addressesOfThisMachine;
  return async (hostname, signal) => {
    const found = await addressesOf(hostname, options.dnsServers, signal);
    if (found.length === 0) {
      throw wrong(hostname, 'The name does not resolve: it has neither an A nor an AAAA record.', ownAddresses());
    }
    const own = new Set(ownAddresses());
    for (const address of found.filter((one) => !own.has(one))) {
      if (await isOursAt(address, hostname, options, signal)) continue;
      if (![...own].some(isPublic)) continue;
      throw wrong(hostname, `The name leads to ${address}, which is not this machine.`, [...own]);
    }
  };
}

async function addressesOf(hostname: string, servers: readonly string[], signal: AbortSignal): Promise<string[]> {
  const resolver = new Resolver({ timeout: LOOKUP_TIMEOUT_MS, tries: 2 });
  if (servers.length > 0) resolver.setServers([...servers]);
  const cancel = (): void => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  const orNone = (error: NodeJS.ErrnoException): string[] => {
    signal.throwIfAborted();
    if (NOTHING.includes(error.code ?? '')) return [];
    throw new CertificateError(hostname, 'dns', {
      reason: `The name could not be looked up (${error.code ?? error.message}).`,
      hint: 'Check the DNS servers of this machine, and that the name is registered.',
      cause: error,
    });
  };
  try {
    const answers = [resolver.resolve4(hostname).catch(orNone), resolver.resolve6(hostname).catch(orNone)];
    return (await Promise.all(answers)).flat();
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** Puts a file where challenges go and asks the address for it, as the authority would. */
async function isOursAt(
  address: string,
  host: string,
  options: NameCheckOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const folder = join(options.webroot, '.well-known', 'acme-challenge');
  const token = randomBytes(16).toString('hex');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, token), token);
  try {
    // Whatever the umask says: the edge's workers, who are not root, read it.
    await chmod(join(folder, token), 0o644);
    const path = `/.well-known/acme-challenge/${token}`;
    return (
      (await textAt({ host: address, port: options.challengePort ?? HTTP_PORT, path, name: host }, signal)) === token
    );
  } finally {
    await rm(join(folder, token), { force: true });
  }
}

interface Place {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly name: string;
}

function textAt({ host, port, path, name }: Place, signal: AbortSignal): Promise<string | undefined> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(REACH_TIMEOUT_MS)]);
  return new Promise((resolve, reject) => {
    const asked = request({ host, port, path, headers: { host: name }, agent: false, signal: limit }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > 1000) response.destroy();
      });
      response.on('close', () => resolve(text));
    });
    asked.on('error', () => (signal.aborted ? reject(signal.reason as Error) : resolve(undefined)));
    asked.end();
  });
}

function addressesOfThisMachine(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address }) => address);
}

const PRIVATE = new BlockList();
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  PRIVATE.addSubnet(network, bits, 'ipv4');
}
PRIVATE.addAddress('::1', 'ipv6');
PRIVATE.addSubnet('fc00::', 7, 'ipv6');
PRIVATE.addSubnet('fe80::', 10, 'ipv6');

const isPublic = (address: string): boolean => !PRIVATE.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');

function wrong(hostname: string, reason: string, own: readonly string[]): CertificateError {
  const here = own.filter(isPublic).join(', ') || 'the public address of this machine';
  return new CertificateError(hostname, 'dns', {
    reason,
    hint: `Point ${hostname} at ${here} (A, and AAAA only where this machine has IPv6), then: shopctl certificate issue ${hostname}`,
  });
}
