import { isIP, isIPv4 } from 'node:net';

const HEXTETS = 8;
const NETWORK_HEXTETS = 4;

/**
 * Who stands behind an address, as far as it tells: an IPv4 address itself; of IPv6 the /64, since every customer of a
 * provider may take any address of it. An IPv4 address in IPv6 clothes is that IPv4 address. What is no address stays
 * as it is: it is counted as one.
 */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [plain = ''] = address.toLowerCase().split('%');
  const hextets = hextetsOf(plain);
  const mapped = /^(?:0:){5}ffff:/.test(hextets.join(':')) ? plain.split(':').at(-1) : undefined;
  if (mapped !== undefined && isIPv4(mapped)) return mapped;
  return `${hextets.slice(0, NETWORK_HEXTETS).join(':')}::/64`;
}

/** All eight, without leading zeros. An IPv4 tail counts as the last two; it never reaches into the network. */
function hextetsOf(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const parts = (text: string): string[] =>
    text === ''
      ? []
      : text.split(':').flatMap((part) => (part.includes('.') ? ['v4', 'v4'] : [part.replace(/^0+(?=.)/, '')]));
  const before = parts(head);
  const after = tail === undefined ? [] : parts(tail);
  const missing = Math.max(0, HEXTETS - before.length - after.length);
  return [...before, ...Array.from({ length: missing }, () => '0'), ...after];
}
