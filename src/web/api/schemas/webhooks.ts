import { z } from 'zod';
import { TEST_EVENT, WEBHOOK_EVENT_NAMES, type WebhookEvent } from '../../../domain/webhooks.ts';
import { moment } from './common.ts';

const EVENTS = WEBHOOK_EVENT_NAMES as [WebhookEvent, ...WebhookEvent[]];
const LONGEST = 2000;

export const DELIVERY = z
  .object({
    id: z.string(),
    eventId: z.string().meta({ description: 'What receivers see as `id` and `webhook-id`.' }),
    type: z.enum([...EVENTS, TEST_EVENT]),
    storeId: z.string().nullable(),
    status: z.enum(['waiting', 'delivered', 'dead']),
    attempts: z.number().int(),
    answerCode: z.number().int().nullable().meta({ description: 'Of the last attempt, where there was an answer.' }),
    error: z.string().nullable(),
    createdAt: moment(),
    attemptedAt: moment().nullable(),
    nextAttemptAt: moment().nullable().meta({ description: 'Null once nobody tries it any more.' }),
    deliveredAt: moment().nullable(),
  })
  .meta({ id: 'Delivery' });

export const WEBHOOK = z
  .object({
    id: z.string(),
    name: z.string(),
    url: z.string(),
    events: z.array(z.enum(EVENTS)),
    isEnabled: z.boolean(),
    switchedOff: z
      .enum(['failing', 'gone', 'taken-back'])
      .nullable()
      .meta({ description: 'Why we have switched it off.' }),
    failingSince: moment().nullable(),
    createdAt: moment(),
    last: DELIVERY.nullable().meta({ description: 'The newest thing that it was told, or is to be told.' }),
  })
  .meta({ id: 'Webhook' });

export const WEBHOOK_SECRET = z.string().meta({ description: 'Signs messages. Told here and never again.' });

/** As it is typed: the service tells what is wrong with which field. */
export const NEW_WEBHOOK = z.strictObject({
  name: z.string().max(LONGEST),
  url: z.string().max(LONGEST),
  events: z.array(z.enum(EVENTS)).min(1).max(EVENTS.length),
});

/** What is left out stays as it is. */
export const WEBHOOK_CHANGE = NEW_WEBHOOK.partial().extend({ isEnabled: z.boolean().optional() });
