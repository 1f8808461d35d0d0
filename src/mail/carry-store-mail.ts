import { AppError } from '../domain/errors.ts';
import type { OwnMailServer, StoreMailSettings } from '../domain/store-mail.ts';
import { SECOND } from '../lib/time.ts';
import { recipientsOf } from './recipients.ts';
import { type Sender, setSender } from './set-sender.ts';

/** A mail that a shop wrote, ready to leave. */
export interface StoreLetter {
  readonly id: string;
  readonly to: readonly string[];
  readonly raw: Buffer;
}

interface Carrier {
  send(letter: StoreLetter): Promise<string>;
}

export interface StoreMailCarrierDeps {
  readonly settingsOf: (storeId: string) => Promise<StoreMailSettings>;
  readonly titleOf: (storeId: string) => Promise<string>;
  /** The platform's own way, and the address that its mail is from. */
  readonly platform: { readonly mailer: Carrier; readonly address: string };
  /** Its own server; looked up anew for every mail. Throws `mail_host_refused` for one that may not be reached. */
  readonly openServer: (storeId: string, server: OwnMailServer, withinMs: number) => Promise<Carrier>;
}

export interface Carried {
  /** What the server said. */
  readonly answer: string;
  readonly from: string;
  readonly way: 'platform' | 'own';
}

export type StoreMailCarrier = (
  storeId: string,
  /** `to`: these alone, whomever the mail names. */
  mail: { readonly id: string; readonly raw: Buffer; readonly to?: readonly string[] },
  options?: { readonly withinMs?: number },
) => Promise<Carried>;

/** From the first packet to a server's last word. No visitor waits for it: mail leaves the shop before. */
export const STORE_SEND_WITHIN_MS = 20 * SECOND;

/**
 * Takes a shop's mail to whom it is for, from the sender and by the server that its owner has chosen. Throws `mail_failed`
 * or `mail_host_refused`, retryable unless the server refused the mail for good.
 */
export function createStoreMailCarrier(deps: StoreMailCarrierDeps): StoreMailCarrier {
  return async (storeId, { id, raw, to = recipientsOf(raw) }, { withinMs = STORE_SEND_WITHIN_MS } = {}) => {
    const [settings, title] = await Promise.all([deps.settingsOf(storeId), deps.titleOf(storeId)]);
    const { server } = settings;
    const sender = senderOf(settings, title, deps.platform.address);
    const carrier = server === null ? deps.platform.mailer : await deps.openServer(storeId, server, withinMs);
    const answer = await carrier.send({ id, to, raw: setSender(raw, sender) });
    return { answer, from: sender.address, way: server === null ? 'platform' : 'own' };
  };
}

function senderOf({ senderName, replyTo, server }: StoreMailSettings, title: string, platformAddress: string): Sender {
  return {
    address: server?.from ?? platformAddress,
    name: senderName,
    fallbackName: title,
    replyTo,
    answersToItsOwn: server === null,
  };
}

/** Of a mail that nobody knows the shop of. */
export function storeOfMail(storeId: string | null): string {
  if (storeId !== null) return storeId;
  throw new AppError('mail_failed', 'The mail belongs to no store.');
}
