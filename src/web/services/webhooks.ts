import type { Origin } from '../../domain/origin.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../../domain/webhook-rows.ts';
import type { WithIsoDates } from '../../lib/iso-dates.ts';

/** An endpoint as its owner sees it. */
export interface WebhookView extends WithIsoDates<WebhookEndpoint> {
  /** The newest thing that it was told, or is to be told. */
  readonly last: DeliveryView | null;
}

export interface DeliveryView extends Omit<WithIsoDates<WebhookDelivery>, 'nextAttemptAt'> {
  /** Null once nobody tries it any more. */
  readonly nextAttemptAt: string | null;
}

/** Newest first. */
export interface DeliveryPageView {
  readonly items: readonly DeliveryView[];
  /** What to ask the next page with; null when this is the last. */
  readonly before: string | null;
}

/** Which endpoint of whom, and who asks. */
export interface WebhookOf {
  readonly customerId: string;
  readonly webhookId: string;
  readonly origin: Origin;
}

/** As it was typed. */
export interface WebhookWish {
  readonly name: string;
  readonly url: string;
  readonly events: readonly string[];
}

/**
 * Where a customer wants to be told of what happens to their stores. Somebody else's endpoint is `not_found`. A page asks
 * for a fresh proof before `add`, `change` and `rotateSecret`.
 */
export interface WebhookServices {
  /** Oldest first. */
  list(customerId: string): Promise<readonly WebhookView[]>;
  get(customerId: string, webhookId: string): Promise<WebhookView>;
  /**
   * The signing secret is in the answer and is never shown again. Throws `InvalidFormError` (`name`, `url`, `events`),
   * `not_allowed_now` beyond as many as one may have and before the account's address is confirmed, `too_many_tries`.
   */
  add(
    input: WebhookWish & { readonly customerId: string; readonly origin: Origin },
  ): Promise<{ readonly webhook: WebhookView; readonly secret: string }>;
  /** Throws as `add` does. */
  change(input: WebhookWish & WebhookOf): Promise<void>;
  /** Off: what waits is given up. On throws as `add` does. */
  setEnabled(input: WebhookOf & { readonly isEnabled: boolean }): Promise<void>;
  /** A new secret, shown once; the one before goes on to sign too for a day. Throws `too_many_tries`. */
  rotateSecret(input: WebhookOf): Promise<{ readonly secret: string }>;
  remove(input: WebhookOf): Promise<void>;
  /** A test is on its way within seconds. Throws `not_allowed_now` while it is off, `too_many_tries`. */
  sendTest(input: WebhookOf): Promise<{ readonly deliveryId: string }>;
  /** What it was told in the last thirty days. */
  deliveries(
    customerId: string,
    webhookId: string,
    request: { readonly before?: string | undefined },
  ): Promise<DeliveryPageView>;
  /** Once more, with all its attempts. Throws `not_allowed_now` while the endpoint is off, `too_many_tries`. */
  resend(input: WebhookOf & { readonly deliveryId: string }): Promise<void>;
}
