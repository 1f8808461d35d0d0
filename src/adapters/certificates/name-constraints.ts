/** RFC 5280 §4.2.1.10. */
const NAME_CONSTRAINTS = '2.5.29.30';

const SEQUENCE = 0x30;
const PERMITTED = 0xa0;
const EXCLUDED = 0xa1;
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;
/** Network and mask, all zero: every address there is. */
const EVERY_IPV4 = Buffer.alloc(8);
const EVERY_IPV6 = Buffer.alloc(32);

/**
 * An extension for a CA that may vouch only for names at or below these domains, and for no address. Whoever trusts
 * such a CA for development does not hand it the rest of the internet.
 */
export function nameConstraints(domains: readonly string[]): { type: string; critical: boolean; value: Buffer } {
  const permitted = domains.map((domain) => der(SEQUENCE, der(DNS_NAME, Buffer.from(domain, 'ascii'))));
  const excluded = [EVERY_IPV4, EVERY_IPV6].map((network) => der(SEQUENCE, der(IP_ADDRESS, network)));
  const value = der(SEQUENCE, der(PERMITTED, ...permitted), der(EXCLUDED, ...excluded));
  return { type: NAME_CONSTRAINTS, critical: true, value };
}

/** Tag, length, content, as X.690 §8.1 wants them. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content)]), content]);
}

function lengthOf({ length }: Buffer): number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}
