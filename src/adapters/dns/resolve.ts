import { Resolver } from 'node:dns/promises';
import { SECOND } from '../../lib/time.ts';

const LOOKUP_TIMEOUT_MS = 5 * SECOND;
const TRIES = 2;
/** Answers that say "no such thing", as opposed to "I cannot tell". Servers that know no CAA have none. */
const NOTHING = ['ENOTFOUND', 'ENODATA', 'ENOTIMP'];

/** Asks these servers, `ADDRESS` or `ADDRESS:PORT`; this machine's own where there are none. */
export interface DnsQuestions {
  addresses(name: string): Promise<string[]>;
  texts(name: string): Promise<string[]>;
  alias(name: string): Promise<string | null>;
  /** In small letters, by name. */
  nameServers(name: string): Promise<string[]>;
  /** The issuers of each CAA record at exactly this name, parameters cut off; `null` where nothing limits them. */
  issuers(name: string): Promise<string[] | null>;
}

/**
 * Runs `ask` with a resolver that ends with the signal. What is not there reads as nothing; everything else throws the
 * resolver's error (`ETIMEOUT`, `ESERVFAIL`, …).
 */
export async function withDns<Answer>(
  servers: readonly string[],
  signal: AbortSignal,
  ask: (dns: DnsQuestions) => Promise<Answer>,
): Promise<Answer> {
  const resolver = new Resolver({ timeout: LOOKUP_TIMEOUT_MS, tries: TRIES });
  if (servers.length > 0) resolver.setServers([...servers]);
  const cancel = (): void => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  const orNone = async <Item>(answer: Promise<Item[]>): Promise<Item[]> => {
    try {
      return await answer;
    } catch (error) {
      signal.throwIfAborted();
      if (NOTHING.includes((error as NodeJS.ErrnoException).code ?? '')) return [];
      throw error;
    }
  };
  try {
    return await ask({
      addresses: async (name) =>
        (await Promise.all([orNone(resolver.resolve4(name)), orNone(resolver.resolve6(name))])).flat(),
      texts: async (name) => (await orNone(resolver.resolveTxt(name))).map((parts) => parts.join('')),
      alias: async (name) => (await orNone(resolver.resolveCname(name)))[0]?.toLowerCase() ?? null,
      nameServers: async (name) =>
        (await orNone(resolver.resolveNs(name))).map((server) => server.toLowerCase()).toSorted(),
      async issuers(name) {
        const named = (await orNone(resolver.resolveCaa(name))).flatMap(({ issue }) =>
          issue === undefined ? [] : [issuerIn(issue)],
        );
        return named.length === 0 ? null : named.filter((issuer) => issuer !== '');
      },
    });
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** RFC 8659 §4.2: the issuer's name, then parameters behind semicolons. */
function issuerIn(value: string): string {
  return (value.split(';')[0] ?? '').trim().toLowerCase();
}
