import { z } from 'zod';
import { type Call, defineRoute } from '../define-route.ts';
import { cursorOf, pageOf, writeCursor } from '../paging.ts';
import { idOf } from '../schemas/common.ts';
import { DELIVERY, NEW_WEBHOOK, WEBHOOK, WEBHOOK_CHANGE, WEBHOOK_SECRET } from '../schemas/webhooks.ts';

const OF_WEBHOOK = z.object({ webhookId: idOf('whe') });
const OF_DELIVERY = OF_WEBHOOK.extend({ deliveryId: idOf('whd') });

const READ = { method: 'get', tag: 'Webhooks', who: 'customer', scope: 'webhooks:read' } as const;
const WRITE = { method: 'post', tag: 'Webhooks', who: 'customer', scope: 'webhooks:write' } as const;

const ofCall = <Params extends { webhookId: string }>({ params, caller: { customerId, origin } }: Call<Params>) => ({
  ...params,
  customerId,
  origin,
});

/** Where a customer wants to be told (docs/reference/webhooks.md). */
export const WEBHOOK_ROUTES = [
  defineRoute(
    {
      ...READ,
      path: '/webhooks',
      id: 'listWebhooks',
      summary: 'Your webhooks',
      answer: z.object({ items: z.array(WEBHOOK) }),
    },
    async ({ caller, services }) => ({ items: await services.webhooks.list(caller.customerId) }),
  ),
  defineRoute(
    {
      ...WRITE,
      path: '/webhooks',
      id: 'addWebhook',
      summary: 'A new webhook, with its signing secret',
      needsProof: true,
      body: NEW_WEBHOOK,
      status: 201,
      answer: z.object({ webhook: WEBHOOK, secret: WEBHOOK_SECRET }),
      holdsSecret: true,
    },
    ({ body, caller: { customerId, origin }, services }) => services.webhooks.add({ ...body, customerId, origin }),
  ),
  defineRoute(
    {
      ...READ,
      path: '/webhooks/{webhookId}',
      id: 'getWebhook',
      summary: 'One of your webhooks',
      params: OF_WEBHOOK,
      answer: WEBHOOK,
    },
    ({ params, caller, services }) => services.webhooks.get(caller.customerId, params.webhookId),
  ),
  defineRoute(
    {
      ...WRITE,
      method: 'patch',
      path: '/webhooks/{webhookId}',
      id: 'changeWebhook',
      summary: 'Change it, or switch it on or off',
      needsProof: true,
      params: OF_WEBHOOK,
      body: WEBHOOK_CHANGE,
      answer: WEBHOOK,
    },
    async (call) => {
      const { webhooks } = call.services;
      const { isEnabled, ...wish } = call.body;
      const of = ofCall(call);
      const known = await webhooks.get(of.customerId, of.webhookId);
      if (Object.keys(wish).length > 0) {
        const { name = known.name, url = known.url, events = known.events } = wish;
        await webhooks.change({ ...of, name, url, events });
      }
      if (isEnabled !== undefined) await webhooks.setEnabled({ ...of, isEnabled });
      return webhooks.get(of.customerId, of.webhookId);
    },
  ),
  defineRoute(
    {
      ...WRITE,
      method: 'delete',
      path: '/webhooks/{webhookId}',
      id: 'removeWebhook',
      summary: 'It is told nothing any more',
      params: OF_WEBHOOK,
      answer: null,
    },
    (call) => call.services.webhooks.remove(ofCall(call)),
  ),
  defineRoute(
    {
      ...WRITE,
      path: '/webhooks/{webhookId}/secret',
      id: 'renewWebhookSecret',
      summary: 'A new signing secret; the one before signs too for a day',
      needsProof: true,
      params: OF_WEBHOOK,
      status: 201,
      answer: z.object({ secret: WEBHOOK_SECRET }),
      holdsSecret: true,
    },
    (call) => call.services.webhooks.rotateSecret(ofCall(call)),
  ),
  defineRoute(
    {
      ...WRITE,
      path: '/webhooks/{webhookId}/test',
      id: 'testWebhook',
      summary: 'Send a test',
      params: OF_WEBHOOK,
      status: 202,
      answer: z.object({ deliveryId: z.string() }),
    },
    (call) => call.services.webhooks.sendTest(ofCall(call)),
  ),
  defineRoute(
    {
      ...READ,
      path: '/webhooks/{webhookId}/deliveries',
      id: 'listDeliveries',
      summary: 'What it was told in the last thirty days, newest first',
      params: OF_WEBHOOK,
      query: z.strictObject({ cursor: cursorOf(idOf('whd')) }),
      answer: pageOf(DELIVERY),
    },
    async ({ params, query, caller, services }) => {
      const found = await services.webhooks.deliveries(caller.customerId, params.webhookId, { before: query.cursor });
      return { items: found.items, next: found.before === null ? null : writeCursor(found.before) };
    },
  ),
  defineRoute(
    {
      ...WRITE,
      path: '/webhooks/{webhookId}/deliveries/{deliveryId}/resend',
      id: 'resendDelivery',
      summary: 'Send it once more, with the same id',
      params: OF_DELIVERY,
      status: 202,
      answer: null,
    },
    (call) => call.services.webhooks.resend(ofCall(call)),
  ),
];
