import { randomBytes } from 'node:crypto';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { FoundAddress } from '../../domain/judge-domain.ts';
import { isPublicAddress } from '../../domain/network-address.ts';
import { SECOND } from '../../lib/time.ts';

export interface ReachOptions {
  /** The folder that the edge serves challenges from. */
  readonly webroot: string;
  /** How visitors reach this machine where its own addresses do not tell: behind a NAT or a proxy. */
  readonly publicAddresses: readonly string[];
  /** Where an authority looks for a challenge. */
  readonly challengePort?: number;
  /** This machine's addresses. */
  readonly ownAddresses?: () => readonly string[];
}

export interface Reach {
  /** Every address that leads here, for all that is known: this machine's and those that the operator named. */
  readonly ours: readonly string[];
  whereLeads(address: string, hostname: string, signal: AbortSignal): Promise<FoundAddress['leads']>;
}

const REACH_TIMEOUT_MS = 5 * SECOND;
const HTTP_PORT = 80;
const MAX_ANSWER = 1000;

/**
 * Does an address lead here? One that the operator named does, and one of this machine's that visitors can have (any, where
 * no public one is known); any other does when it gives back a file that only we have (a proxy in
 * front). Where no address of ours is public nobody here can tell. What a stranger's DNS says is never dialled unless
 * the whole internet could: it must not lead us to what only this machine may ask.
 */
export function reachOf(options: ReachOptions): Reach {
  const ours = [...new Set([...options.publicAddresses, ...(options.ownAddresses ?? addressesOfThisMachine)()])];
  const canTell = ours.some(isPublicAddress);
  return {
    ours,
    async whereLeads(address, hostname, signal) {
      if (options.publicAddresses.includes(address)) return 'here';
      // Every machine has a 127.0.0.1: where visitors come by a public address it is that of their own.
      if (ours.includes(address) && (!canTell || isPublicAddress(address))) return 'here';
      if (!isPublicAddress(address)) return 'elsewhere';
      if (await givesBack(address, hostname, options, signal)) return 'here';
      return canTell ? 'elsewhere' : 'unknown';
    },
  };
}

/** What visitors are to be pointed at: what the operator says, else what this machine has in public, else anything. */
export function addressesToPointAt(publicAddresses: readonly string[]): readonly string[] {
  if (publicAddresses.length > 0) return publicAddresses;
  const found = addressesOfThisMachine().filter(isPublicAddress);
  return found.length > 0 ? found : ['127.0.0.1'];
}

/** Puts a file where challenges go and asks the address for it, as the authority would. */
async function givesBack(address: string, host: string, options: ReachOptions, signal: AbortSignal): Promise<boolean> {
  const folder = join(options.webroot, '.well-known', 'acme-challenge');
  const token = randomBytes(16).toString('hex');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, token), token);
  try {
    // Whatever the umask says: the edge's workers, who are not root, read it.
    await chmod(join(folder, token), 0o644);
    const path = `/.well-known/acme-challenge/${token}`;
    const port = options.challengePort ?? HTTP_PORT;
    return (await textAt({ host: address, port, path, name: host }, signal)) === token;
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

/** Follows nothing and reads little: whoever answers may be anybody. */
function textAt({ host, port, path, name }: Place, signal: AbortSignal): Promise<string | undefined> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(REACH_TIMEOUT_MS)]);
  return new Promise((resolve, reject) => {
    const asked = request({ host, port, path, headers: { host: name }, agent: false, signal: limit }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > MAX_ANSWER) response.destroy();
      });
      response.on('close', () => resolve(text));
    });
    asked.on('error', () => (signal.aborted ? reject(signal.reason as Error) : resolve(undefined)));
    asked.end();
  });
}

/** What leads to this machine: what the operator named, and what its networks have now; they come and go. */
export function ownAddressesOf(publicAddresses: readonly string[]): readonly string[] {
  return [...publicAddresses, ...addressesOfThisMachine()];
}

/** Of all its networks, the stores' among them. */
function addressesOfThisMachine(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address }) => address);
}
