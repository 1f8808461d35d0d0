import { readFile } from 'node:fs/promises';
import { BlockList } from 'node:net';

interface Cidr {
  readonly address: string;
  readonly prefix: number;
}

/** Whether two IPv4 blocks share an address. */
export function subnetsOverlap(one: string, other: string): boolean {
  const [a, b] = [parse(one), parse(other)];
  const [wide, narrow] = a.prefix <= b.prefix ? [a, b] : [b, a];
  const block = new BlockList();
  block.addSubnet(wide.address, wide.prefix, 'ipv4');
  return block.check(narrow.address, 'ipv4');
}

function parse(cidr: string): Cidr {
  const [address = '', prefix = '32'] = cidr.split('/');
  return { address, prefix: Number(prefix) };
}

/**
 * The IPv4 networks that this machine has a route to, the engine's bridges among them; anybody may read them.
 * `/proc/net/route`: destination and mask as little-endian hex (proc(5)). The default route says nothing.
 */
export async function readRoutedSubnets(): Promise<string[]> {
  const table = await readFile('/proc/net/route', 'utf8').catch(() => '');
  const routes: string[] = [];
  for (const line of table.split('\n').slice(1)) {
    const [, destination, , , , , , mask] = line.split('\t');
    if (destination === undefined || mask === undefined || destination === '00000000') continue;
    const bits = Number.parseInt(mask, 16).toString(2).replaceAll('0', '').length;
    routes.push(`${dotted(destination)}/${bits}`);
  }
  return routes;
}

function dotted(littleEndianHex: string): string {
  const bytes = littleEndianHex.match(/../g) ?? [];
  return bytes
    .toReversed()
    .map((byte) => Number.parseInt(byte, 16))
    .join('.');
}
