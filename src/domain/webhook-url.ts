import { isIP } from 'node:net';
import { InvalidInputError } from './errors.ts';

export interface WebhookUrlRule {
  /** Plain HTTP, any port and any address: for tests and for the operator's own machine, never for customers. */
  readonly isLocalAllowed: boolean;
  /** The name of the pages. */
  readonly platformHost: string;
  /** Below it are the stores. */
  readonly baseDomain: string;
}

const LONGEST = 1000;
/** Where TLS is spoken by custom. On other ports of a machine there may be what its owner never meant us to talk to. */
const PORTS = ['', '8443'];

/**
 * The address of an endpoint as it is kept. Throws `InvalidInputError` (`url`) for anything but `https` to a host name
 * with a dot, on a port for it, without a name or password in it, and no name of this platform's own. Hosts written as numbers, in whatever way, are
 * addresses and have no certificate. Where the name leads is looked at whenever something is sent.
 */
export function parseWebhookUrl(text: string, rule: WebhookUrlRule): string {
  const { isLocalAllowed, platformHost, baseDomain } = rule;
  const url = urlIn(text.trim());
  if (url.protocol !== 'https:' && !(isLocalAllowed && url.protocol === 'http:')) {
    throw wrong('The address must begin with https://.');
  }
  if (url.username !== '' || url.password !== '') throw wrong('Leave name and password out of the address.');
  if (!isLocalAllowed) {
    if (!PORTS.includes(url.port)) throw wrong('Only the ports 443 and 8443 can be used.');
    if (isIP(url.hostname.replaceAll(/[[\]]/g, '')) !== 0) throw wrong('Use a host name, not a network address.');
    if (!/^[^.]+(?:\.[^.]+)+$/.test(url.hostname)) throw wrong('The host must be one that the internet knows.');
    if (url.hostname === platformHost || `.${url.hostname}`.endsWith(`.${baseDomain}`)) {
      throw wrong('Use a host of your own: no message can go to this platform itself.');
    }
  }
  // It is never sent.
  url.hash = '';
  if (url.href.length > LONGEST) throw wrong(`The address may have ${LONGEST} characters at most.`);
  return url.href;
}

function urlIn(text: string): URL {
  // Browsers and `URL` drop line breaks and turn backslashes around; whoever typed them did not mean what comes out.
  if (text === '' || text.length > LONGEST || /[\s\p{Cc}\\]/u.test(text) || !URL.canParse(text)) {
    throw wrong('Enter the whole address, for example https://example.com/hooks.');
  }
  return new URL(text);
}

const wrong = (sentence: string): InvalidInputError => new InvalidInputError('url', sentence);
