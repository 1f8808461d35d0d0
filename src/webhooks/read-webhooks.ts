import type { DeliveryPage } from '../adapters/mysql/webhook-deliveries.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../domain/webhook-rows.ts';
import { withIsoDates } from '../lib/iso-dates.ts';
import type { DeliveryView, WebhookServices, WebhookView } from '../web/services/webhooks.ts';

export interface WebhookReaderDeps {
  readonly endpoints: {
    list(customerId: string): Promise<WebhookEndpoint[]>;
    get(customerId: string, id: string): Promise<WebhookEndpoint>;
  };
  readonly deliveries: {
    page(
      of: { readonly customerId: string; readonly endpointId: string },
      request: { readonly before?: string | undefined; readonly limit: number },
    ): Promise<DeliveryPage>;
  };
}

const PER_PAGE = 25;

/** A customer's webhooks to look at, and what they were told. See `WebhookServices`. */
export function createWebhookReader({
  endpoints,
  deliveries,
}: WebhookReaderDeps): Pick<WebhookServices, 'list' | 'get' | 'deliveries'> {
  const view = async (customerId: string, endpoint: WebhookEndpoint): Promise<WebhookView> => {
    const { deliveries: newest } = await deliveries.page({ customerId, endpointId: endpoint.id }, { limit: 1 });
    return presentWebhook(endpoint, newest[0]);
  };
  return {
    async list(customerId) {
      const found = await endpoints.list(customerId);
      return Promise.all(found.map((endpoint) => view(customerId, endpoint)));
    },

    get: async (customerId, webhookId) => view(customerId, await endpoints.get(customerId, webhookId)),

    async deliveries(customerId, webhookId, { before }) {
      await endpoints.get(customerId, webhookId);
      const page = await deliveries.page({ customerId, endpointId: webhookId }, { before, limit: PER_PAGE });
      return { items: page.deliveries.map(presentDelivery), before: page.before };
    },
  };
}

function presentWebhook(endpoint: WebhookEndpoint, last: WebhookDelivery | undefined): WebhookView {
  return { ...withIsoDates(endpoint), last: last === undefined ? null : presentDelivery(last) };
}

function presentDelivery(delivery: WebhookDelivery): DeliveryView {
  const shown = withIsoDates(delivery);
  return { ...shown, nextAttemptAt: delivery.status === 'waiting' ? shown.nextAttemptAt : null };
}
