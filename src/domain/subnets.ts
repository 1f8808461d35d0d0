import { AppError } from './errors.ts';

const STORE_PREFIX = 27;
const STORE_SIZE = 2 ** (32 - STORE_PREFIX);
const HALF_SIZE = STORE_SIZE / 2;
const HALF_PREFIX = STORE_PREFIX + 1;

/** The first /27 of the block is the platform's own network. */
export const PLATFORM_SUBNET_INDEX = 0;

/** Every service a store can have, with its place in the back network: fixed, so that names need no name server. */
export const SERVICE_NAMES = ['web', 'db', 'cache', 'sessions', 'search', 'queue', 'varnish'] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];
/** The first address of the network is its gateway's. */
const FIRST_BACK_HOST = 2;

/** Fixed addresses of one store. `back` has no way out; `front` is web's only, for its published port and its egress. */
export interface NetworkPlan {
  readonly backSubnet: string;
  readonly frontSubnet: string;
  readonly frontGateway: string;
  readonly frontWebIp: string;
  readonly backIps: Readonly<Record<ServiceName, string>>;
  /** The last address of the back network, for whoever is let in for a while. */
  readonly backGuestIp: string;
}

/** The /27 at `index` of a block such as `10.210.0.0/16`. Throws `configuration_invalid` for a bad block or index. */
export function subnetAt(block: string, index: number): string {
  const { base, count } = parseBlock(block);
  if (!Number.isInteger(index) || index < 0 || index >= count) {
    throw new AppError('configuration_invalid', `${block} has no /27 number ${index}: it holds ${count}.`);
  }
  return `${addressOf(base + index * STORE_SIZE)}/${STORE_PREFIX}`;
}

/** How many /27s a block holds, the platform's own among them. */
export function subnetCount(block: string): number {
  return parseBlock(block).count;
}

/** Every /27 of the block that a store may have, lowest first. The first of the block is the platform's. */
export function* freeSubnets(block: string, taken: ReadonlySet<string>): Generator<string> {
  const { count } = parseBlock(block);
  for (let index = PLATFORM_SUBNET_INDEX + 1; index < count; index += 1) {
    const subnet = subnetAt(block, index);
    if (!taken.has(subnet)) yield subnet;
  }
}

/** The answer when `freeSubnets` has nothing left. */
export function subnetsExhausted(block: string): AppError {
  return new AppError('subnets_exhausted', `Every network of ${block} is taken.`, {
    hint: 'Set STORE_SUBNETS to a larger block, or delete stores that are no longer needed.',
  });
}

/** The two halves of a store's /27 and who has which address in them. The gateways are each half's first address. */
export function networkPlanOf(subnet: string): NetworkPlan {
  const { base, prefix } = parseCidr(subnet);
  if (prefix !== STORE_PREFIX) throw invalidCidr(subnet, `is not a /${STORE_PREFIX}`);
  const front = base + HALF_SIZE;
  return {
    backSubnet: `${addressOf(base)}/${HALF_PREFIX}`,
    frontSubnet: `${addressOf(front)}/${HALF_PREFIX}`,
    frontGateway: addressOf(front + 1),
    frontWebIp: addressOf(front + 2),
    backIps: backIpsFrom(base + FIRST_BACK_HOST),
    backGuestIp: addressOf(front - 2),
  };
}

function backIpsFrom(first: number): Record<ServiceName, string> {
  const pairs = SERVICE_NAMES.map((name, at) => [name, addressOf(first + at)] as const);
  return Object.fromEntries(pairs) as Record<ServiceName, string>;
}

/** Is it a /27 of the block that a store may have? */
export function isStoreSubnet(block: string, subnet: string): boolean {
  const { base, count } = parseBlock(block);
  return Array.from({ length: count - 1 }, (_, at) => at + 1).some(
    (index) => `${addressOf(base + index * STORE_SIZE)}/${STORE_PREFIX}` === subnet,
  );
}

function parseBlock(block: string): { base: number; count: number } {
  const { base, prefix } = parseCidr(block);
  if (prefix >= STORE_PREFIX) throw invalidCidr(block, 'is too small: it must hold at least two /27s');
  return { base, count: 2 ** (STORE_PREFIX - prefix) };
}

function parseCidr(cidr: string): { base: number; prefix: number } {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  if (match === null) throw invalidCidr(cidr, 'is not an IPv4 block such as 10.210.0.0/16');
  const [a = 256, b = 256, c = 256, d = 256, prefix = 33] = match.slice(1).map(Number);
  if ([a, b, c, d].some((part) => part > 255) || prefix < 8 || prefix > 32) {
    throw invalidCidr(cidr, 'is not an IPv4 block such as 10.210.0.0/16');
  }
  const base = ((a * 256 + b) * 256 + c) * 256 + d;
  if (base % 2 ** (32 - prefix) !== 0) throw invalidCidr(cidr, 'does not begin where a block of that size begins');
  return { base, prefix };
}

function addressOf(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

function invalidCidr(cidr: string, why: string): AppError {
  return new AppError('configuration_invalid', `${cidr} ${why}.`, {
    hint: 'Set STORE_SUBNETS to a private IPv4 block.',
  });
}
