import type { Command } from 'commander';
import { z } from 'zod';
import type { DeliveryView, WebhookView } from '../../web/services/webhooks.ts';
import type { Column } from '../printer.ts';
import { defineCommand, defineGroup, type Session } from '../session.ts';

const WEBHOOK_COLUMNS: readonly Column<WebhookView>[] = [
  { title: 'ID', value: ({ id }) => id },
  { title: 'NAME', value: ({ name }) => name },
  // The rest of an address may be a secret.
  { title: 'HOST', value: ({ url }) => new URL(url).host },
  { title: 'ON', value: ({ isEnabled, switchedOff }) => (isEnabled ? 'yes' : (switchedOff ?? 'no')) },
  { title: 'FAILING SINCE', value: ({ failingSince }) => failingSince },
  { title: 'LAST', value: ({ last }) => last?.status },
];

const DELIVERY_COLUMNS: readonly Column<DeliveryView>[] = [
  { title: 'ID', value: ({ id }) => id },
  { title: 'CREATED', value: ({ createdAt }) => createdAt },
  { title: 'TYPE', value: ({ type }) => type },
  { title: 'STATUS', value: ({ status }) => status },
  { title: 'ATTEMPTS', value: ({ attempts }) => attempts },
  { title: 'ANSWER', value: ({ answerCode }) => answerCode },
  { title: 'ERROR', value: ({ error }) => error },
  { title: 'NEXT', value: ({ nextAttemptAt }) => nextAttemptAt },
];

/** `webhook …`: what customers' programs are told. */
export function addWebhookCommands(program: Command, session: Session): void {
  const webhook = defineGroup(program, 'webhook', 'what customers’ programs are told');
  defineCommand(webhook, session, {
    usage: 'list <customer>',
    summary: 'the webhooks of a customer (id or e-mail)',
    examples: ['shopctl webhook list owner@example.com'],
    options: z.object({}),
    async run({ args: [customer = ''], actions, printer }) {
      printer.list(await actions.listWebhooks(customer), WEBHOOK_COLUMNS, 'No webhooks.');
    },
  });
  defineCommand(webhook, session, {
    usage: 'deliveries <customer> <webhook>',
    summary: 'what one of them was told in the last thirty days, newest first',
    configure: (command) => command.option('--before <id>', 'only deliveries older than this one: the next page'),
    options: z.object({ before: z.string().optional() }),
    async run({ args: [customer = '', webhookId = ''], options: { before }, actions, printer }) {
      const page = await actions.listDeliveries({ customer, webhookId, ...(before !== undefined && { before }) });
      printer.list(page.items, DELIVERY_COLUMNS, 'No deliveries.');
      if (page.before !== null) printer.note(`There are more: --before ${page.before}`);
    },
  });
}
