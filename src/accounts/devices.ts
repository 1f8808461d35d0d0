import type { Device, DeviceTokens } from '../adapters/crypto/device-tokens.ts';
import type { Visitor } from '../web/services.ts';

/** The visitor's browser, if somebody was signed in with it before to one of these accounts. */
export function deviceOf(
  devices: DeviceTokens,
  accounts: readonly { readonly id: string }[],
  { device }: Visitor,
): Device | undefined {
  const known = device === undefined ? undefined : devices.read(device);
  return accounts.some(({ id }) => id === known?.customerId) ? known : undefined;
}

/** The same, where a second factor was proven in it, at `since` or later. */
export function secondStepDeviceOf(
  devices: DeviceTokens,
  customerId: string,
  since: Date,
  visitor: Visitor,
): Device | undefined {
  const device = deviceOf(devices, [{ id: customerId }], visitor);
  const provenAt = device?.secondStepAt ?? null;
  return provenAt !== null && provenAt >= since ? device : undefined;
}

/** The proof a browser is to keep after signing in: the one it has if that is for this account, else a new one. */
export function deviceFor(devices: DeviceTokens, customerId: string, visitor: Visitor): string {
  const { device } = visitor;
  const isTheirs = deviceOf(devices, [{ id: customerId }], visitor) !== undefined;
  return isTheirs && device !== undefined ? device : devices.make(customerId);
}
