import type { DomainEvidence, FoundAddress } from '../../domain/judge-domain.ts';
import { challengeNameOf, isApex, registrableOf } from '../../domain/own-domains.ts';
import type { NameCheckOptions } from './check-name.ts';
import { type Reach, reachOf } from './reach.ts';
import { type DnsQuestions, withDns } from './resolve.ts';

export type DomainLookup = (hostname: string, signal: AbortSignal) => Promise<DomainEvidence>;

const NOTHING: Omit<DomainEvidence, 'failure'> = {
  proofs: [],
  alias: null,
  addresses: [],
  caa: null,
  www: [],
  nameServers: [],
};

/**
 * All that the DNS says of a customer's domain, asked anew each time. Servers that give no answer are evidence too
 * (`failure`); rejects only when the signal aborts.
 */
export function createDomainLookup(options: NameCheckOptions): DomainLookup {
  return async (hostname, signal) => {
    try {
      return await withDns(options.dnsServers, signal, (dns) => lookUp(dns, reachOf(options), hostname, signal));
    } catch (error) {
      signal.throwIfAborted();
      const { code, message } = error as NodeJS.ErrnoException;
      return { ...NOTHING, failure: code ?? message };
    }
  };
}

async function lookUp(dns: DnsQuestions, reach: Reach, hostname: string, signal: AbortSignal): Promise<DomainEvidence> {
  const leading = async (name: string): Promise<FoundAddress[]> =>
    Promise.all(
      (await dns.addresses(name)).map(async (address) => ({
        address,
        leads: await reach.whereLeads(address, name, signal),
      })),
    );
  const [proofs, alias, addresses, caa, www, nameServers] = await Promise.all([
    dns.texts(challengeNameOf(hostname)),
    dns.alias(hostname),
    leading(hostname),
    closestCaa(dns, hostname),
    // Only advice hangs on it: a broken www is no reason to know nothing of the name itself.
    isApex(hostname) ? leading(`www.${hostname}`).catch(() => []) : [],
    // It only helps to find the right form.
    closestNameServers(dns, hostname),
  ]);
  return { failure: null, proofs, alias, addresses, caa, www, nameServers };
}

/** Of the zone that the name is in: a part of a domain may be kept elsewhere than the domain. */
async function closestNameServers(dns: DnsQuestions, hostname: string): Promise<readonly string[]> {
  const labels = hostname.split('.');
  const most = labels.length - registrableOf(hostname).split('.').length;
  for (let at = 0; at <= most; at += 1) {
    const found = await dns.nameServers(labels.slice(at).join('.')).catch(() => []);
    if (found.length > 0) return found;
  }
  return [];
}

/** RFC 8659 §3: the name's own records, else those of the closest name above it. */
async function closestCaa(dns: DnsQuestions, hostname: string): Promise<DomainEvidence['caa']> {
  const labels = hostname.split('.');
  for (let at = 0; at < labels.length; at += 1) {
    const name = labels.slice(at).join('.');
    const issuers = await dns.issuers(name);
    if (issuers !== null) return { at: name, issuers };
  }
  return null;
}
