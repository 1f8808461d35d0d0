import { BlockList, isIP, isIPv6 } from 'node:net';

/**
 * Networks that are nobody's in public: private, of this machine, of this link, of protocols, for documents, for many at
 * once, and of a cloud for its own machines (IANA's registries of special purposes).
 */
const NOT_PUBLIC = listOf([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  // Azure's agent, which every machine there reaches under this address and nobody else.
  '168.63.129.16/32',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  // Addresses that carry another one inside, the unspecified one and this machine's own among them.
  '::/96',
  '::ffff:0:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '2002::/16',
  // Of protocols (Teredo, which carries another address too, and ORCHID) and for documents.
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/9',
  'ff00::/8',
]);

/** What Cloudflare answers with for names that it stands before (cloudflare.com/ips). */
const CLOUDFLARE = listOf([
  '103.21.244.0/22',
  '103.22.200.0/22',
  '103.31.4.0/22',
  '104.16.0.0/13',
  '104.24.0.0/14',
  '108.162.192.0/18',
  '131.0.72.0/22',
  '141.101.64.0/18',
  '162.158.0.0/15',
  '172.64.0.0/13',
  '173.245.48.0/20',
  '188.114.96.0/20',
  '190.93.240.0/20',
  '197.234.240.0/22',
  '198.41.128.0/17',
  '2400:cb00::/32',
  '2405:8100::/32',
  '2405:b500::/32',
  '2606:4700::/32',
  '2803:f800::/32',
  '2a06:98c0::/29',
  '2c0f:f248::/32',
]);

/** Can anybody on the internet reach this address? Also tells IPv4 in IPv6's clothes (`::ffff:10.0.0.1`). */
export function isPublicAddress(address: string): boolean {
  return isIP(address) !== 0 && !isWithin(NOT_PUBLIC, address);
}

/** Does Cloudflare stand before whoever has this address? */
export function isOfCloudflare(address: string): boolean {
  return isIP(address) !== 0 && isWithin(CLOUDFLARE, address);
}

/** Is it one of these, in whatever way either is written? */
export function isOneOf(addresses: readonly string[], address: string): boolean {
  return isIP(address) !== 0 && isWithin(listOf(addresses.map((one) => `${one}/${isIPv6(one) ? 128 : 32}`)), address);
}

function isWithin(list: BlockList, address: string): boolean {
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    list.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4');
  }
  return list;
}
