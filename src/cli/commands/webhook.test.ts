import { expect, it } from 'vitest';
import { AT, shopctl } from '../../../test/fakes/shopctl.ts';

const WEBHOOK = {
  id: 'whe_1',
  name: 'Books',
  url: 'https://hooks.example.com/in?key=secret',
  events: [],
  isEnabled: false,
  switchedOff: 'failing',
  failingSince: AT,
  createdAt: AT,
  last: null,
} as const;

it('webhook list shows a customer’s webhooks, and of each address only the host', async () => {
  const { stdout } = await shopctl(['webhook', 'list', 'o@example.com'], {
    listWebhooks: async (customer) => (customer === 'o@example.com' ? [WEBHOOK] : []),
  });

  expect(stdout.split('\t').slice(0, 4)).toEqual(['whe_1', 'Books', 'hooks.example.com', 'failing']);
  expect(stdout).not.toContain('secret');
});

it('webhook deliveries asks for the page behind another, and says when there are more', async () => {
  const asked: unknown[] = [];
  const { stderr, code } = await shopctl(['webhook', 'deliveries', 'cus_1', 'whe_1', '--before', 'whd_9'], {
    listDeliveries: async (input) => {
      asked.push(input);
      return { items: [], before: 'whd_5' };
    },
  });

  expect(code).toBe(0);
  expect(asked).toEqual([{ customer: 'cus_1', webhookId: 'whe_1', before: 'whd_9' }]);
  expect(stderr).toContain('--before whd_5');
});
