import type { DeviceTokens } from '../adapters/crypto/device-tokens.ts';
import type { TellingMail } from '../adapters/mysql/account-changes.ts';
import type { CustomerForLogin } from '../adapters/mysql/customers.ts';
import { momentInWords } from '../domain/moment.ts';
import type { Visitor } from '../web/services.ts';
import { placeInWords } from './change-password.ts';
import { deviceOf } from './devices.ts';
import { type RateLimits, tellIfFew } from './limits.ts';

export interface NewDeviceMailDeps {
  readonly devices: DeviceTokens;
  readonly limits: RateLimits;
  /** Ends in `/`. */
  readonly publicUrl: string;
  readonly now: () => Date;
}

/**
 * Begins a session by `begin`, with the mail that its owner reads if somebody logs in by a browser that the account was
 * never opened in, or that has forgotten it. Without one where nothing is to be told: in a browser that is known, to an
 * address that may be a stranger's, and beyond ten in a day. A log-in that fails does not count.
 */
export async function tellOfNewDevice<Begun>(
  deps: NewDeviceMailDeps,
  account: Pick<CustomerForLogin, 'id' | 'email' | 'isClaimed'>,
  visitor: Visitor,
  begin: (mail: TellingMail | undefined) => Promise<Begun>,
): Promise<Begun> {
  const { devices, limits } = deps;
  if (!account.isClaimed || deviceOf(devices, [account], visitor) !== undefined) return begin(undefined);
  return tellIfFew(limits, 'new-device-mails-of-customer', account.id, (isToBeTold) =>
    begin(isToBeTold ? mailOf(deps, account, visitor) : undefined),
  );
}

function mailOf(
  { publicUrl, now }: Pick<NewDeviceMailDeps, 'publicUrl' | 'now'>,
  { email }: Pick<CustomerForLogin, 'email'>,
  visitor: Visitor,
): TellingMail {
  const sessionsUrl = new URL('account/sessions', publicUrl).href;
  const resetUrl = new URL('forgot-password', publicUrl).href;
  const payload = { email, when: momentInWords(now()), where: placeInWords(visitor), sessionsUrl, resetUrl };
  return { recipient: email, kind: 'new-device', payload };
}
