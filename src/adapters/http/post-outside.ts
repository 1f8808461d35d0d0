import { type ClientRequest, type IncomingMessage, type RequestOptions, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { isIP, isIPv6, type LookupFunction } from 'node:net';

export interface OutsideOptions {
  /** Every address of the name, asked of the DNS; rejects when it says nothing. */
  readonly addressesOf: (hostname: string, signal: AbortSignal) => Promise<readonly string[]>;
  /** May this address be dialled? Every address of a name must be. */
  readonly isAllowed: (address: string) => boolean;
  /** Authorities to trust instead of the usual ones, PEM. */
  readonly ca?: string;
}

export interface OutsideMessage {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came back: a status, or in words why nothing did. */
export type OutsideAnswer = { readonly code: number } | { readonly code: null; readonly reason: string };

export type PostOutside = (message: OutsideMessage, signal: AbortSignal) => Promise<OutsideAnswer>;

/** As much of an answer is taken, so that whoever sends it sees it taken; none of it is kept. */
const MOST_READ = 16 * 1024;
const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nobody listens there.',
  ECONNRESET: 'The connection was closed before an answer.',
  EPIPE: 'The connection was closed before an answer.',
  ENETUNREACH: 'The network there cannot be reached.',
  EHOSTUNREACH: 'The machine there cannot be reached.',
  ETIMEDOUT: 'No answer in time.',
  CERT_HAS_EXPIRED: 'The certificate there has expired.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate there is for another name.',
};

/**
 * The one way in which a customer's address is posted to. Its name is looked up once, every address must be allowed, and
 * those very addresses are dialled: what the name says a moment later changes nothing. No redirect is followed, no proxy
 * asked, no connection kept. Never rejects; what went wrong is the answer. Ends with the signal.
 */
export function createPostOutside({ addressesOf, isAllowed, ca }: OutsideOptions): PostOutside {
  async function find(hostname: string, signal: AbortSignal): Promise<readonly string[] | string> {
    // A host in brackets is IPv6's.
    const literal = hostname.replaceAll(/[[\]]/g, '');
    let found: readonly string[];
    try {
      found = isIP(literal) === 0 ? await addressesOf(hostname, signal) : [literal];
    } catch (thrown) {
      return signal.aborted ? LATE : `The name could not be looked up (${codeOf(thrown) ?? 'no answer'}).`;
    }
    if (found.length === 0) return 'The name does not resolve.';
    if (!found.every(isAllowed)) return 'The name leads to an address that is not public, or is ours.';
    return found;
  }

  return async ({ url: text, headers, body }, signal) => {
    const url = new URL(text);
    const addresses = await find(url.hostname, signal);
    if (typeof addresses === 'string') return { code: null, reason: addresses };
    const options: RequestOptions = {
      method: 'POST',
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      // Nothing is shared between requests, and no variable of the environment names a proxy for it.
      agent: false,
      lookup: lookupOf(addresses),
      signal,
    };
    const asked =
      url.protocol === 'https:' ? requestTls(url, { ...options, ...(ca && { ca }) }) : requestPlain(url, options);
    return answerOf(asked, body, signal);
  };
}

const LATE = 'No answer in time.';

/** Says what was found before, whatever it is asked. */
function lookupOf(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  return (_hostname, options, done) => {
    const [first] = all;
    if (options.all === true) done(null, all);
    else done(null, first?.address ?? '', first?.family);
  };
}

function answerOf(asked: ClientRequest, body: string, signal: AbortSignal): Promise<OutsideAnswer> {
  return new Promise((resolve) => {
    let code: number | null = null;
    // Once there is a status it counts, however the rest of it ends.
    const end = (thrown?: unknown): void =>
      resolve(code === null ? { code, reason: signal.aborted ? LATE : wordsFor(codeOf(thrown)) } : { code });
    asked.on('error', end);
    asked.on('close', end);
    asked.on('response', (response) => {
      code = response.statusCode ?? 0;
      takeSome(response, () => {
        end();
        asked.destroy();
      });
    });
    asked.end(body);
  });
}

function takeSome(response: IncomingMessage, done: () => void): void {
  let taken = 0;
  response.on('data', (chunk: Buffer) => {
    taken += chunk.length;
    if (taken > MOST_READ) done();
  });
  for (const end of ['end', 'error', 'close']) response.on(end, done);
}

function codeOf(thrown: unknown): string | undefined {
  if (thrown instanceof AggregateError) return codeOf(thrown.errors[0]);
  const code = (thrown as NodeJS.ErrnoException | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

function wordsFor(code: string | undefined): string {
  if (code === undefined) return 'The connection was closed before an answer.';
  return WORDS[code] ?? `The connection failed (${code}).`;
}
