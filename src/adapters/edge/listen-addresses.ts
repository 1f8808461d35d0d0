import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

/**
 * What nginx listens on: the address, and beside `127.0.0.1` or `0.0.0.0` its IPv6 counterpart where the machine has
 * one. IPv6 comes in brackets. Browsers try `[::1]` first for names below localhost.
 */
export function listenAddresses(listenAddress: string): string[] {
  if (isIPv6(listenAddress)) return [`[${listenAddress}]`];
  const isOnMachine = (isWanted: (address: string) => boolean): boolean =>
    Object.values(networkInterfaces()).some((all) =>
      all?.some(({ family, address }) => family === 'IPv6' && isWanted(address)),
    );
  if (listenAddress === '127.0.0.1' && isOnMachine((address) => address === '::1')) return [listenAddress, '[::1]'];
  if (listenAddress === '0.0.0.0' && isOnMachine(() => true)) return [listenAddress, '[::]'];
  return [listenAddress];
}

/** Where to dial from this very machine. */
export function dialAddress(listenAddress: string): string {
  if (listenAddress === '0.0.0.0') return '127.0.0.1';
  return listenAddress === '::' ? '::1' : listenAddress;
}
