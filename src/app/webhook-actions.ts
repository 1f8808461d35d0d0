import type { CliActions } from '../cli/actions.ts';
import { createWebhookReader } from '../webhooks/read-webhooks.ts';
import type { Adapters } from './adapters.ts';
import { findCustomerId } from './find-customer-id.ts';

/** `shopctl webhook list|deliveries` */
export function createWebhookActions(opened: () => Adapters): Pick<CliActions, 'listWebhooks' | 'listDeliveries'> {
  const reader = () => {
    const { webhookEndpoints, webhookDeliveries } = opened().repositories;
    return createWebhookReader({ endpoints: webhookEndpoints, deliveries: webhookDeliveries });
  };
  const idOf = (customer: string): Promise<string> => findCustomerId(opened(), customer);
  return {
    listWebhooks: async (customer) => reader().list(await idOf(customer)),
    listDeliveries: async ({ customer, webhookId, before }) =>
      reader().deliveries(await idOf(customer), webhookId, { before }),
  };
}
