import { CertificateError } from '../../domain/certificates.ts';
import { isPublicAddress } from '../../domain/network-address.ts';
import { type ReachOptions, reachOf } from './reach.ts';
import { withDns } from './resolve.ts';

export interface NameCheckOptions extends ReachOptions {
  /** Servers to ask, `ADDRESS` or `ADDRESS:PORT`; this machine's own when there are none. */
  readonly dnsServers: readonly string[];
}

/**
 * Does the name lead to this machine? Looked at before an authority is asked, which counts failures. Where this machine
 * has no public address it cannot tell, and lets the authority decide. Throws `CertificateError` (`dns`) with what to
 * change.
 */
export function createNameCheck(options: NameCheckOptions): (hostname: string, signal: AbortSignal) => Promise<void> {
  return async (hostname, signal) => {
    const reach = reachOf(options);
    const found = await addressesOf(hostname, options.dnsServers, signal);
    if (found.length === 0) {
      throw wrong(hostname, 'The name does not resolve: it has neither an A nor an AAAA record.', reach.ours);
    }
    for (const address of found) {
      if ((await reach.whereLeads(address, hostname, signal)) === 'elsewhere')
        throw wrong(hostname, `The name leads to ${address}, which is not this machine.`, reach.ours);
    }
  };
}

async function addressesOf(hostname: string, servers: readonly string[], signal: AbortSignal): Promise<string[]> {
  try {
    return await withDns(servers, signal, (dns) => dns.addresses(hostname));
  } catch (error) {
    signal.throwIfAborted();
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CertificateError(hostname, 'dns', {
      reason: `The name could not be looked up (${code ?? message}).`,
      hint: 'Check the DNS servers of this machine, and that the name is registered.',
      cause: error,
    });
  }
}

function wrong(hostname: string, reason: string, own: readonly string[]): CertificateError {
  const here = own.filter(isPublicAddress).join(', ') || 'the public address of this machine';
  return new CertificateError(hostname, 'dns', {
    reason,
    hint: `Point ${hostname} at ${here} (A, and AAAA only where this machine has IPv6), then: shopctl certificate issue ${hostname}`,
  });
}
