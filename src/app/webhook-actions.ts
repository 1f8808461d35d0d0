import type { CliActions } from '../cli/actions.ts';
import { NotFoundError } from '../domain/errors.ts';
import { createWebhookReader } from '../webhooks/read-webhooks.ts';
import type { Adapters } from './adapters.ts';

/** `shopctl webhook list|deliveries` */
export function createWebhookActions(opened: () => Adapters): Pick<CliActions, 'listWebhooks' | 'listDeliveries'> {
  const reader = () => {
    const { webhookEndpoints, webhookDeliveries } = opened().repositories;
    return createWebhookReader({ endpoints: webhookEndpoints, deliveries: webhookDeliveries });
  };
  const idOf = async (idOrEmail: string): Promise<string> => {
    const { customers } = opened().repositories;
    const found = (await customers.find(idOrEmail)) ?? (await customers.findByEmail(idOrEmail));
    if (found === undefined) throw new NotFoundError('customer', idOrEmail);
    return found.id;
  };
  return {
    listWebhooks: async (customer) => reader().list(await idOf(customer)),
    listDeliveries: async ({ customer, webhookId, before }) =>
      reader().deliveries(await idOf(customer), webhookId, { before }),
  };
}
