import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  createWebhookSecretMaker,
  signWebhook,
  webhookSealingKey,
} from '../../../src/adapters/crypto/webhook-secrets.ts';
import { createPostOutside } from '../../../src/adapters/http/post-outside.ts';
import { WEBHOOK_EVENT_NAMES } from '../../../src/domain/webhooks.ts';
import { SECOND } from '../../../src/lib/time.ts';
import { type HookServer, startHookServer } from '../../services/hook-server.ts';

type Verify = (secret: string, headers: Record<string, unknown>, body: string) => unknown;

const PAGE = readFileSync(new URL('../../../docs/reference/webhooks.md', import.meta.url), 'utf8');
const BODY = '{"id":"evt_1","data":"ö"}';

let verify: Verify;
let server: HookServer;
beforeAll(async () => {
  const [, example = ''] = /```js\n([\s\S]*?)```/.exec(PAGE) ?? [];
  const module = (await import(`data:text/javascript,${encodeURIComponent(example)}`)) as { verify: Verify };
  verify = module.verify;
  server = await startHookServer();
});
afterAll(() => server.stop());

/** A message as it arrives at a receiver, signed by these secrets so long ago. */
async function arrived(secrets: readonly string[], agoMs = 0) {
  const timestamp = Math.floor((Date.now() - agoMs) / SECOND);
  const signatures = secrets.map((secret) => signWebhook(secret, { id: 'evt_1', timestamp, body: BODY }));
  const headers = {
    'webhook-id': 'evt_1',
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.join(' '),
  };
  const post = createPostOutside({ addressesOf: async () => [], isAllowed: () => true });
  const url = `http://127.0.0.1:${server.port}/`;
  await post({ url, headers, body: BODY }, AbortSignal.timeout(5 * SECOND));
  const hook = server.hooks.at(-1);
  if (hook === undefined) throw new Error('Nothing has arrived.');
  return hook;
}

const { make } = createWebhookSecretMaker(webhookSealingKey(new Uint8Array(32)));
const aSecret = () => make('whe_1');

it('the example in the documentation takes what is ours, also by the secret before, and nothing else', async () => {
  const [{ secret }, { secret: before }, { secret: other }] = [await aSecret(), await aSecret(), await aSecret()];
  const { headers, body } = await arrived([secret, before]);

  expect(verify(secret, headers, body)).toEqual(JSON.parse(BODY));
  expect(verify(before, headers, body)).toEqual(JSON.parse(BODY));
  expect(() => verify(other, headers, body)).toThrow('not signed by us');
  expect(() => verify(secret, headers, `${body} `)).toThrow('not signed by us');
  expect(() => verify(secret, { ...headers, 'webhook-id': 'evt_2' }, body)).toThrow('not signed by us');
  expect(() => verify(secret, { ...headers, 'webhook-signature': undefined }, body)).toThrow('not signed by us');
  expect(() => verify(secret, { ...headers, 'webhook-timestamp': undefined }, body)).toThrow('too old');
  const old = await arrived([secret], 301 * SECOND);
  expect(() => verify(secret, old.headers, old.body)).toThrow('too old');
});

it('names every event that there is', () => {
  expect(WEBHOOK_EVENT_NAMES.filter((name) => !PAGE.includes(`| \`${name}\` |`))).toEqual([]);
});
