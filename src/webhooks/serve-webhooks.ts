import type { EndpointRequest, EndpointSettings } from '../adapters/mysql/webhook-endpoints.ts';
import { InvalidFormError, InvalidInputError } from '../domain/errors.ts';
import { isWebhookEvent, type WebhookEvent } from '../domain/webhooks.ts';
import { newId } from '../lib/new-id.ts';
import type { WebhookServices, WebhookWish } from '../web/services/webhooks.ts';
import { createWebhookReader, type WebhookReaderDeps } from './read-webhooks.ts';

export interface WebhookServicesDeps extends WebhookReaderDeps {
  readonly endpoints: WebhookReaderDeps['endpoints'] & {
    add(request: EndpointRequest & EndpointSettings & { readonly sealed: string }): Promise<void>;
    change(request: EndpointRequest & EndpointSettings): Promise<void>;
    setEnabled(request: EndpointRequest & { readonly isEnabled: boolean }): Promise<void>;
    rotateSecret(request: EndpointRequest & { readonly sealed: string }): Promise<void>;
    remove(request: EndpointRequest): Promise<void>;
  };
  readonly deliveries: WebhookReaderDeps['deliveries'] & {
    queueTest(request: Omit<EndpointRequest, 'origin'>): Promise<string>;
    resend(request: EndpointRequest & { readonly deliveryId: string }): Promise<void>;
  };
  readonly secrets: { make(endpointId: string): Promise<{ readonly secret: string; readonly sealed: string }> };
  /** As it is kept. Throws `InvalidInputError` (`url`). */
  readonly parseUrl: (text: string) => string;
  /** Throws `too_many_tries`. */
  readonly count: (
    bucket: 'webhooks-of-customer' | 'webhook-messages-of-customer',
    customerId: string,
  ) => Promise<void>;
  readonly now: () => Date;
}

const LONGEST_NAME = 64;

/** A customer's webhooks. See `WebhookServices`. */
export function createWebhookServices(deps: WebhookServicesDeps): WebhookServices {
  const { endpoints, deliveries, secrets, count, now } = deps;
  const requestOf = ({ customerId, webhookId, origin }: Parameters<WebhookServices['remove']>[0]): EndpointRequest => ({
    customerId,
    id: webhookId,
    origin,
    now: now(),
  });
  const { list, get, deliveries: told } = createWebhookReader(deps);

  return {
    list,
    get,

    async add({ customerId, origin, ...wish }) {
      const settings = parseWish(wish, deps.parseUrl);
      await count('webhooks-of-customer', customerId);
      const id = newId('whe');
      const { secret, sealed } = await secrets.make(id);
      await endpoints.add({ customerId, id, origin, now: now(), ...settings, sealed });
      return { webhook: await get(customerId, id), secret };
    },

    async change({ name, url, events, ...of }) {
      const settings = parseWish({ name, url, events }, deps.parseUrl);
      await count('webhooks-of-customer', of.customerId);
      await endpoints.change({ ...requestOf(of), ...settings });
    },

    async setEnabled({ isEnabled, ...of }) {
      // To switch off, as to remove, is never refused: it can be done as often as the other way round and no more.
      if (isEnabled) await count('webhooks-of-customer', of.customerId);
      await endpoints.setEnabled({ ...requestOf(of), isEnabled });
    },

    async rotateSecret(of) {
      await count('webhooks-of-customer', of.customerId);
      const { secret, sealed } = await secrets.make(of.webhookId);
      await endpoints.rotateSecret({ ...requestOf(of), sealed });
      return { secret };
    },

    remove: (of) => endpoints.remove(requestOf(of)),

    async sendTest(of) {
      await count('webhook-messages-of-customer', of.customerId);
      return { deliveryId: await deliveries.queueTest(requestOf(of)) };
    },

    deliveries: told,

    async resend({ deliveryId, ...of }) {
      await count('webhook-messages-of-customer', of.customerId);
      await deliveries.resend({ ...requestOf(of), deliveryId });
    },
  };
}

/** Everything that is wrong is told at once. */
function parseWish(wish: WebhookWish, parseUrl: (text: string) => string): EndpointSettings {
  const fields: Record<string, string> = {};
  const read = <Value>(parse: () => Value): Value | undefined => {
    try {
      return parse();
    } catch (thrown) {
      if (!(thrown instanceof InvalidInputError)) throw thrown;
      fields[thrown.field] = thrown.message;
      return undefined;
    }
  };
  const name = read(() => parseName(wish.name));
  const url = read(() => parseUrl(wish.url));
  const events = read(() => parseEvents(wish.events));
  if (name === undefined || url === undefined || events === undefined) throw new InvalidFormError(fields);
  return { name, url, events };
}

function parseName(text: string): string {
  const name = text.normalize('NFC').trim();
  if (name === '') throw new InvalidInputError('name', 'Give it a name, so that you know it again.');
  if ([...name].length > LONGEST_NAME || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name)) {
    throw new InvalidInputError('name', `The name has to be one line of at most ${LONGEST_NAME} characters.`);
  }
  return name;
}

function parseEvents(typed: readonly string[]): readonly WebhookEvent[] {
  const events = [...new Set(typed)].filter(isWebhookEvent);
  if (events.length === 0 || typed.some((event) => !isWebhookEvent(event))) {
    throw new InvalidInputError('events', 'Choose at least one of the events.');
  }
  return events;
}
