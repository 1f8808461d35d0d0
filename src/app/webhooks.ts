import { createWebhookSecretReader, signWebhook } from '../adapters/crypto/webhook-secrets.ts';
import { ownAddressesOf } from '../adapters/dns/reach.ts';
import { withDns } from '../adapters/dns/resolve.ts';
import { createPostOutside } from '../adapters/http/post-outside.ts';
import type { Log } from '../adapters/log/create-log.ts';
import { isOneOf, isPublicAddress } from '../domain/network-address.ts';
import { parseWebhookUrl } from '../domain/webhook-url.ts';
import type { GaveUp } from '../domain/webhooks.ts';
import { createWebhookDeliverer } from '../webhooks/deliver-webhooks.ts';
import { payloadOf } from '../webhooks/payload-of.ts';
import type { Adapters } from './adapters.ts';
import { keysFor } from './secret-keys.ts';
import { ownersPresenterOf } from './store-facts.ts';

const WORDS: Readonly<Record<GaveUp, string>> = {
  failing: 'It has taken nothing for five days.',
  gone: 'It answered that it is gone (410).',
};

/** The worker's half of webhooks, on the real world. */
export function webhookDelivererOf(
  { config, repositories }: Pick<Adapters, 'config' | 'repositories'>,
  { owner, log, stopping }: { readonly owner: string; readonly log: Log; readonly stopping: AbortSignal },
): () => Promise<void> {
  const { isLocalAllowed } = config.webhooks;
  const present = ownersPresenterOf(config);
  // Asked each time: what only this machine may reach is told by the networks it has then.
  const ownAddresses = () => ownAddressesOf(config.domains.publicAddresses);
  return createWebhookDeliverer({
    owner,
    queue: repositories.webhookQueue,
    bodyOf: (delivery) => JSON.stringify(payloadOf(delivery, (store) => present(store, undefined))),
    openSecret: createWebhookSecretReader(...keysFor(config, 'webhooks')),
    sign: signWebhook,
    checkUrl: (url) => parseWebhookUrl(url, { ...config, isLocalAllowed }),
    post: createPostOutside({
      addressesOf: (hostname, signal) =>
        isLocalAllowed && hostname === 'localhost'
          ? Promise.resolve(['127.0.0.1'])
          : withDns(config.domains.dnsServers, signal, (dns) => dns.addresses(hostname)),
      isAllowed: (address) => isLocalAllowed || (isPublicAddress(address) && !isOneOf(ownAddresses(), address)),
    }),
    mailOf: ({ name, url }, why) => ({
      kind: 'webhook-switched-off',
      payload: {
        name,
        host: new URL(url).host,
        sentence: WORDS[why],
        webhooksUrl: new URL('/account/webhooks', config.publicUrl).href,
      },
    }),
    onError: ({ id }, thrown) => log.warn({ delivery: id, err: thrown }, 'Webhook not written down'),
    stopping,
    now: () => new Date(),
    chance: Math.random,
  });
}
