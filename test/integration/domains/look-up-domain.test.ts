import { tmpdir } from 'node:os';
import { afterEach, expect, test } from 'vitest';
import { createDomainLookup } from '../../../src/adapters/dns/look-up-domain.ts';
import { SECOND } from '../../../src/lib/time.ts';
import { startDnsServer, type TestDns } from '../../services/dns-server.ts';

let dns: TestDns | undefined;
afterEach(() => dns?.stop());

const NAME_SERVERS = ['Uma.NS.cloudflare.com', 'amir.ns.cloudflare.com'];

test('the name servers are those of the name that was registered, in small letters', async () => {
  dns = await startDnsServer((name, type) => (type === 'NS' && name === 'example.com' ? NAME_SERVERS : []));
  const lookUp = createDomainLookup({ webroot: tmpdir(), dnsServers: [dns.server], publicAddresses: [] });

  const { failure, nameServers } = await lookUp('shop.example.com', AbortSignal.timeout(30 * SECOND));

  expect([failure, nameServers]).toEqual([null, ['amir.ns.cloudflare.com', 'uma.ns.cloudflare.com']]);
});
