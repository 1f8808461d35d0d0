import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createWebhookSecretMaker, signWebhook } from '../../../src/adapters/crypto/webhook-secrets.ts';
import { createLog } from '../../../src/adapters/log/create-log.ts';
import { webConfigOf } from '../../../src/app/web-config-of.ts';
import { webhookDelivererOf } from '../../../src/app/webhooks.ts';
import type { Config } from '../../../src/config/config.ts';
import { prepareConfig } from '../../../src/config/load-config.ts';
import { newId } from '../../../src/lib/new-id.ts';
import type { WebhookPayload } from '../../../src/webhooks/payload-of.ts';
import { startDnsServer } from '../../services/dns-server.ts';
import { forEachDatabase, type TestDatabase } from '../../services/for-each-database.ts';
import { type HookServer, startHookServer } from '../../services/hook-server.ts';
import { aLeasedStore, letClaim } from '../mysql/fixtures.ts';

forEachDatabase(
  (_name, connect) => {
    let database: TestDatabase;
    let server: HookServer;
    let folder: string;
    beforeAll(async () => {
      database = await connect();
      server = await startHookServer();
      folder = await mkdtemp(join(tmpdir(), 'shophosting-webhooks-'));
    });
    afterAll(async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    });
    beforeEach(() => database.reset());

    const configOf = (env: Record<string, string>): Promise<Config> =>
      prepareConfig(async () => true, { env: { DATA_DIR: folder, ...env }, workingFolder: folder });

    /** A store opens whose owner has a webhook, with a secret that the web process has made; a worker takes one turn. */
    async function openStore(config: Config, url = `http://localhost:${server.port}/in`) {
      const { store, lease } = await aLeasedStore(database);
      const { repositories } = database;
      const id = newId('whe');
      const { secret, sealed } = await createWebhookSecretMaker(webConfigOf(config).keys.webhooks).make(id);
      const { customerId } = store;
      await letClaim(database, customerId);
      const endpoint = { customerId, id, origin: { actor: customerId }, now: new Date(), name: 'Books', url, sealed };
      await repositories.webhookEndpoints.add({ ...endpoint, events: ['store.active'] });
      await repositories.stores.beginProvisioning(lease);
      await repositories.stores.activate(lease, new Date());
      const parts = { owner: 'w', log: createLog({ level: 'fatal', service: 'worker' }) };
      await webhookDelivererOf({ config, repositories }, { ...parts, stopping: new AbortController().signal })();
      const page = await repositories.webhookDeliveries.page({ customerId, endpointId: id }, { limit: 1 });
      return { store, secret, delivery: page.deliveries[0] };
    }

    it('a worker opens what the web process has sealed, and tells the store as the API shows it', async () => {
      const { store, secret, delivery } = await openStore(await configOf({ WEBHOOKS_ALLOW_LOCAL: '1' }));
      const [hook] = server.hooks.splice(0);
      const body = hook?.body ?? '';
      const message = { id: delivery?.eventId ?? '', timestamp: Number(hook?.headers['webhook-timestamp']), body };

      expect(delivery).toMatchObject({ status: 'delivered', answerCode: 204 });
      expect(hook?.headers['webhook-signature']).toBe(signWebhook(secret, message));
      const told = JSON.parse(body) as WebhookPayload;
      expect(told.data.store).toMatchObject({ id: store.id, url: `https://${store.domain}/`, status: 'active' });
      expect(told.data.store).not.toHaveProperty('run');
    });

    it('leads nowhere on this machine unless its operator says so', async () => {
      const connections = server.connections();
      const { delivery } = await openStore(await configOf({}));

      expect(delivery).toMatchObject({ status: 'waiting', attempts: 1, answerCode: null });
      expect(server.connections()).toBe(connections);
    });

    it('nor to an address that is this machine’s in public, whatever name it has there', async () => {
      const ours = '198.35.26.96';
      const dns = await startDnsServer((_name, type) => (type === 'A' ? [ours] : []));
      const config = await configOf({ PUBLIC_ADDRESSES: ours, DNS_SERVERS: dns.server });
      const { delivery } = await openStore(config, 'https://hooks.example.com/in');
      await dns.stop();

      expect(delivery).toMatchObject({
        answerCode: null,
        error: 'The name leads to an address that is not public, or is ours.',
      });
    });
  },
  { only: 'MySQL' },
);
