import { sql } from 'kysely';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createWebhookSecretMaker,
  createWebhookSecretReader,
  signWebhook,
  webhookSealingKey,
} from '../../../src/adapters/crypto/webhook-secrets.ts';
import { createPostOutside } from '../../../src/adapters/http/post-outside.ts';
import { SYSTEM } from '../../../src/domain/origin.ts';
import { parseWebhookUrl } from '../../../src/domain/webhook-url.ts';
import { MOST_WAITING, TEST_EVENT, WEBHOOK_EVENT_NAMES, type WebhookEvent } from '../../../src/domain/webhooks.ts';
import { newId } from '../../../src/lib/new-id.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/lib/time.ts';
import { presentStore } from '../../../src/stores/present-store.ts';
import { createWebhookDeliverer } from '../../../src/webhooks/deliver-webhooks.ts';
import { payloadOf, type WebhookPayload } from '../../../src/webhooks/payload-of.ts';
import { forEachDatabase, type TestDatabase } from '../../services/for-each-database.ts';
import { type HookServer, startHookServer } from '../../services/hook-server.ts';
import { waitForLockWaits } from '../../services/lock-waits.ts';
import {
  aFailedStore,
  aLeasedStore,
  anActiveStore,
  aStore,
  claimNow,
  farewell,
  letClaim,
  NOW,
} from '../mysql/fixtures.ts';

const KEY = new Uint8Array(32).fill(9);
const SEND_WITHIN_MS = 300;
const aClaim = { now: NOW, leaseMs: MINUTE, perCustomer: 5, underWay: new Map<string, number>() };

forEachDatabase((_name, connect) => {
  let database: TestDatabase;
  const servers: HookServer[] = [];
  beforeAll(async () => {
    database = await connect();
  });
  beforeEach(() => database.reset());
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });

  const hookServer = async (): Promise<HookServer> => {
    const server = await startHookServer();
    servers.push(server);
    return server;
  };

  async function anEndpoint(customerId: string, port: number, events: readonly WebhookEvent[] = WEBHOOK_EVENT_NAMES) {
    const id = newId('whe');
    const { secret, sealed } = await createWebhookSecretMaker(webhookSealingKey(KEY)).make(id);
    const url = `http://127.0.0.1:${port}/hook`;
    const request = { customerId, id, origin: { actor: customerId }, now: NOW };
    await letClaim(database, customerId);
    await database.repositories.webhookEndpoints.add({ ...request, name: 'Books', url, events, sealed });
    return { id, secret, request };
  }

  interface Circumstances {
    readonly laterMs?: number;
    readonly owner?: string;
    readonly stopping?: AbortSignal;
    /** What the clock goes on by meanwhile. */
    readonly clock?: { readonly aheadMs: number };
  }

  /** What a worker does, so long after `NOW`; one turn lasts until nothing more is due. */
  const turn = ({ laterMs = 0, owner = 'worker-1', stopping, clock }: Circumstances = {}): Promise<void> => {
    return createWebhookDeliverer({
      owner,
      queue: database.repositories.webhookQueue,
      bodyOf: (delivery) =>
        JSON.stringify(
          payloadOf(delivery, (store) =>
            presentStore(store, undefined, { url: `https://${store.domain}/`, titleOf: () => '', now: NOW }),
          ),
        ),
      openSecret: createWebhookSecretReader(KEY),
      sign: signWebhook,
      checkUrl: (url) =>
        parseWebhookUrl(url, { isLocalAllowed: true, platformHost: 'panel.test', baseDomain: 'shops.test' }),
      post: createPostOutside({ addressesOf: async () => [], isAllowed: () => true }),
      mailOf: ({ name, url }) => ({
        kind: 'webhook-switched-off',
        payload: { name, host: new URL(url).host, sentence: 'It failed.', webhooksUrl: 'https://panel.test/account' },
      }),
      onError: (_delivery, thrown) => {
        throw thrown;
      },
      stopping: stopping ?? new AbortController().signal,
      now: () => new Date(NOW.getTime() + laterMs + (clock?.aheadMs ?? 0)),
      chance: () => 0.5,
      sendWithinMs: SEND_WITHIN_MS,
    })();
  };

  const deliveriesOf = async (customerId: string, endpointId: string) =>
    (await database.repositories.webhookDeliveries.page({ customerId, endpointId }, { limit: 100 })).deliveries;
  const payloads = (server: HookServer): WebhookPayload[] =>
    server.hooks.map(({ body }) => JSON.parse(body) as WebhookPayload);

  /** An active store's customer with an endpoint of theirs, and one test message that is due. */
  async function aWaitingTest() {
    const server = await hookServer();
    const { store } = await anActiveStore(database);
    const endpoint = await anEndpoint(store.customerId, server.port);
    const deliveryId = await database.repositories.webhookDeliveries.queueTest(endpoint.request);
    const look = async () => (await deliveriesOf(store.customerId, endpoint.id)).find(({ id }) => id === deliveryId);
    return { server, store, endpoint, deliveryId, look };
  }

  describe('what happens to a store', () => {
    it('is told with the store as it was then, signed, and not what nobody asked for', async () => {
      const server = await hookServer();
      const { store, runId, lease } = await aLeasedStore(database);
      const { id, secret } = await anEndpoint(store.customerId, server.port, ['store.active', 'store.suspended']);
      const { stores, changes, runs, journal, leases } = database.repositories;
      await stores.beginProvisioning(lease);
      await stores.activate(lease, NOW);
      // A step that is repeated after a crash is no second event.
      await stores.activate(lease, NOW);
      await journal.runDone(lease);
      await leases.release(lease);
      for (const kind of ['suspend', 'resume'] as const) {
        const run = await changes.request({
          storeId: store.id,
          kind,
          by: 'operator',
          actor: 'operator:x',
          now: NOW,
          input: { reason: 'between us', text: 'Pay, please.' },
        });
        const held = await claimNow(database, run);
        if (kind === 'suspend') await changes.markSuspended(held, await runs.get(run), NOW);
        else await changes.markResumed(held, await runs.get(run), NOW);
        await journal.runDone(held);
        await leases.release(held);
      }
      await turn();

      const told = payloads(server).toSorted((a, b) => a.id.localeCompare(b.id));
      expect(told.map(({ type }) => type)).toEqual(['store.active', 'store.suspended']);
      expect(told).toMatchObject([
        {
          createdAt: NOW.toISOString(),
          data: { store: { id: store.id, status: 'active', activeAt: NOW.toISOString() } },
        },
        { data: { store: { status: 'suspended', suspension: { by: 'operator', text: 'Pay, please.' } } } },
      ]);
      const text = JSON.stringify(told);
      for (const secretly of ['between us', runId, store.customerEmail, store.network.subnet, 'sealed']) {
        expect(text).not.toContain(secretly);
      }
      for (const { headers, body } of server.hooks) {
        const message = { id: String(headers['webhook-id']), timestamp: Number(headers['webhook-timestamp']), body };
        expect(message).toMatchObject({
          id: (JSON.parse(body) as WebhookPayload).id,
          timestamp: Math.floor(NOW.getTime() / SECOND),
        });
        expect(headers['webhook-signature']).toBe(signWebhook(secret, message));
      }
      expect((await deliveriesOf(store.customerId, id)).map(({ status }) => status)).toEqual([
        'delivered',
        'delivered',
      ]);
    });

    it('is told also when it fails, is to be deleted, is kept after all, and is gone', async () => {
      const server = await hookServer();
      const { store, lease } = await aLeasedStore(database);
      await anEndpoint(store.customerId, server.port);
      const { stores, changes, runs, journal, leases } = database.repositories;
      await stores.beginProvisioning(lease);
      await stores.fail(lease, {
        code: 'container_unhealthy',
        message: 'no',
        hint: null,
        step: null,
        retryable: true,
        at: NOW,
      });
      await journal.runFailed(lease, {
        code: 'container_unhealthy',
        message: 'no',
        hint: null,
        step: null,
        retryable: true,
        at: NOW,
      });
      await leases.release(lease);
      for (const kind of ['schedule-delete', 'undo-delete'] as const) {
        const run = await changes.request({ storeId: store.id, kind, by: 'owner', actor: store.customerId, now: NOW });
        const held = await claimNow(database, run);
        if (kind === 'schedule-delete') await changes.markForDeletion(held, await runs.get(run), NOW);
        else await changes.markKept(held, await runs.get(run), NOW);
        await journal.runDone(held);
        await leases.release(held);
      }
      const teardown = await claimNow(database, await stores.requestTeardown({ id: store.id, ...SYSTEM, now: NOW }));
      await stores.remove(teardown, farewell);
      // What was about the store is told although it is gone.
      await turn({ laterMs: DAY * 400 });

      const types = payloads(server).map(({ type, data }) => [type, data.store?.id].join(' '));
      expect(types.toSorted()).toEqual(
        ['store.deleted', 'store.deletion-scheduled', 'store.deletion-undone', 'store.failed'].map(
          (type) => `${type} ${store.id}`,
        ),
      );
    });

    it('is written down with the fact or not at all, and never for somebody else or one who is switched off', async () => {
      const server = await hookServer();
      const { store, lease } = await aLeasedStore(database);
      const stranger = await anActiveStore(database);
      const strange = await anEndpoint(stranger.store.customerId, server.port);
      const off = await anEndpoint(store.customerId, server.port);
      await database.repositories.webhookEndpoints.setEnabled({ ...off.request, isEnabled: false });
      const { stores } = database.repositories;
      await stores.beginProvisioning(lease);
      await database.repositories.leases.release(lease);
      // The fence has moved: neither the store nor what is told of it changes.
      await expect(stores.activate(lease, NOW)).rejects.toMatchObject({ code: 'lease_lost' });
      const on = await anEndpoint(store.customerId, server.port);

      expect(await deliveriesOf(store.customerId, on.id)).toEqual([]);
      expect(await deliveriesOf(store.customerId, off.id)).toEqual([]);
      expect(await deliveriesOf(stranger.store.customerId, strange.id)).toEqual([]);
      // Nor can one be looked at by another customer.
      expect(await deliveriesOf(store.customerId, strange.id)).toEqual([]);
    });

    it('of a domain: that it is well, and that it is not, each time it changes', async () => {
      const server = await hookServer();
      const { store } = await anActiveStore(database);
      await anEndpoint(store.customerId, server.port);
      const { ownDomains, domainLooks } = database.repositories;
      const added = await ownDomains.add({
        storeId: store.id,
        hostname: 'tea.example',
        newToken: 't',
        quarantineDays: 30,
        actor: 'x',
        now: NOW,
      });
      const look = {
        diagnoses: [],
        found: undefined,
        quietLooks: 0,
        strayedAt: null,
        checkedAt: NOW,
        nextCheckAt: NOW,
      };
      await domainLooks.keep(added, { ...look, state: 'issuing' });
      await domainLooks.keep({ ...added, state: 'issuing' }, { ...look, state: 'valid' });
      await domainLooks.keep({ ...added, state: 'valid' }, { ...look, state: 'valid' });
      // A worker was killed while it renewed the certificate: the state is one on the way, and nothing is new.
      await domainLooks.setState(added.id, 'issuing');
      await domainLooks.keep({ ...added, state: 'issuing' }, { ...look, state: 'valid' });
      const wrong = {
        code: 'taken',
        isAdvice: false,
        sentence: 'It leads away.',
        fix: 'Lead it back.',
        found: [],
        expected: [],
      } as const;
      await domainLooks.keep({ ...added, state: 'valid' }, { ...look, state: 'problem', diagnoses: [wrong] });
      await turn();

      expect(payloads(server).map(({ type, data }) => [type, data.domain?.hostname, data.domain?.problem])).toEqual([
        ['domain.valid', 'tea.example', null],
        ['domain.problem', 'tea.example', 'It leads away.'],
      ]);
    });
  });

  describe('a delivery', () => {
    it('is made once, however many workers look', async () => {
      const { server, store, endpoint } = await aWaitingTest();
      for (let more = 0; more < 4; more += 1) await database.repositories.webhookDeliveries.queueTest(endpoint.request);
      let atOnce = 0;
      let most = 0;
      server.answer((response) => {
        atOnce += 1;
        most = Math.max(most, atOnce);
        setImmediate(() => {
          atOnce -= 1;
          response.writeHead(200).end();
        });
      });
      await Promise.all(['worker-1', 'worker-2', 'worker-3'].map((owner) => turn({ owner })));
      await turn({ laterMs: DAY });

      expect(new Set(payloads(server).map(({ id }) => id)).size).toBe(5);
      expect(server.hooks).toHaveLength(5);
      expect(most).toBe(1);
      expect(
        (await deliveriesOf(store.customerId, endpoint.id)).map(({ status, attempts, answerCode }) =>
          [status, attempts, answerCode].join(),
        ),
      ).toEqual(Array(5).fill('delivered,1,200'));
    });

    it('is not made by a worker that asked before the one that has it, and had to wait for its answer', async () => {
      const { endpoint, look } = await aWaitingTest();
      const { webhookQueue } = database.repositories;
      const { kysely } = database.as('admin');
      const request = { ...aClaim, limit: 1, failingLimit: 1 };
      let late: Promise<unknown[]> | undefined;
      await kysely.transaction().execute(async (tx) => {
        await tx.selectFrom('webhook_endpoints').select('id').where('id', '=', endpoint.id).forUpdate().execute();
        late = webhookQueue.claimDue({ ...request, owner: 'late' });
        await waitForLockWaits(database, 1);
        // Its question is older than this lease, by the database's clock.
        await sql`UPDATE webhook_endpoints SET lease_owner = 'first',
          lease_expires_at = DATE_ADD(UTC_TIMESTAMP(3), INTERVAL ${request.leaseMs * 1000} MICROSECOND)`.execute(tx);
      });
      expect(await late).toEqual([]);
      expect(await look()).toMatchObject({ status: 'waiting', attempts: 0 });
    });

    it('that is refused is tried again, later each time, with the same id and a new timestamp, until it is taken', async () => {
      const { server, look } = await aWaitingTest();
      server.answer((response) => void response.writeHead(server.hooks.length < 3 ? 500 : 200).end());
      await turn();
      expect(await look()).toMatchObject({
        status: 'waiting',
        attempts: 1,
        answerCode: 500,
        error: 'The answer was 500.',
      });
      await turn({ laterMs: 5 * SECOND });
      expect(server.hooks).toHaveLength(1);
      await turn({ laterMs: 11 * SECOND });
      await turn({ laterMs: 30 * SECOND });
      expect(server.hooks).toHaveLength(2);
      await turn({ laterMs: 2 * MINUTE });
      await turn({ laterMs: DAY });

      expect(await look()).toMatchObject({ status: 'delivered', attempts: 3, answerCode: 200, error: null });
      expect(new Set(server.hooks.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
      expect(new Set(server.hooks.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(3);
    });

    it('that nobody takes is given up after a day, and can be sent again', async () => {
      const { server, look, endpoint, deliveryId } = await aWaitingTest();
      server.answer((response) => void response.writeHead(503).end());
      for (let hour = 0; hour <= 48; hour += 1) {
        for (const minutes of [0, 1, 7]) await turn({ laterMs: hour * HOUR + minutes * MINUTE });
      }
      expect(await look()).toMatchObject({ status: 'dead', attempts: 9, answerCode: 503 });
      const tried = server.hooks.length;
      expect(tried).toBe(9);

      server.answer((response) => void response.writeHead(202).end());
      await database.repositories.webhookDeliveries.resend({ ...endpoint.request, deliveryId });
      await turn({ laterMs: 3 * DAY });
      expect(await look()).toMatchObject({ status: 'delivered', attempts: 1, answerCode: 202 });
      expect(new Set(server.hooks.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
      expect(await database.repositories.webhookDeliveries.counts()).toEqual({ waiting: 0, dead: 0 });
    });

    it('that a worker was killed over is made once more, by whoever comes after its lease: at least once', async () => {
      const { server, endpoint, look } = await aWaitingTest();
      const request = { now: NOW, leaseMs: MINUTE, limit: 5, failingLimit: 5, perCustomer: 5, underWay: new Map() };
      const [claimed] = await database.repositories.webhookQueue.claimDue({ ...request, owner: 'killed' });
      if (claimed === undefined) throw new Error('Nothing was due.');
      // It has been taken, and the worker that sent it ends before it can write that down.
      await fetch(claimed.endpoint.url, { method: 'POST', body: JSON.stringify({ id: claimed.eventId }) });
      expect(await look()).toMatchObject({ status: 'waiting', attempts: 1 });
      await turn({ owner: 'worker-2', laterMs: HOUR });
      expect(server.hooks).toHaveLength(1);

      await letLeaseEnd(endpoint.id);
      await turn({ owner: 'worker-2' });
      expect(server.hooks).toHaveLength(2);
      expect(new Set(payloads(server).map(({ id }) => id)).size).toBe(1);
      expect(await look()).toMatchObject({ status: 'delivered', attempts: 2 });
    });

    it('is not undone by a worker that comes late with a failure', async () => {
      const { endpoint, look } = await aWaitingTest();
      const { webhookQueue } = database.repositories;
      const request = { now: NOW, leaseMs: MINUTE, limit: 5, failingLimit: 5, perCustomer: 5, underWay: new Map() };
      const [late] = await webhookQueue.claimDue({ ...request, owner: 'late' });
      if (late === undefined) throw new Error('Nothing was due.');
      await letLeaseEnd(endpoint.id);
      await turn({ owner: 'worker-2' });
      await webhookQueue.markFailed(late, {
        code: null,
        reason: 'late',
        nextAttemptAt: NOW,
        switchOff: null,
        now: NOW,
      });

      expect(await look()).toMatchObject({ status: 'delivered', error: null });
    });

    it('does not wait for ever for a clock that was set back', async () => {
      const { server, look } = await aWaitingTest();
      server.answer((response) => void response.writeHead(server.hooks.length === 1 ? 500 : 200).end());
      // Tried a year ahead, then the clock is put right.
      await turn({ laterMs: 365 * DAY });
      expect(server.hooks).toHaveLength(1);
      await database
        .as('admin')
        .kysely.updateTable('webhook_endpoints')
        .set({ lease_owner: 'gone', lease_expires_at: new Date(Date.now() + 365 * DAY) })
        .execute();
      await turn({ laterMs: MINUTE });

      expect(await look()).toMatchObject({ status: 'delivered', attempts: 2 });
    });

    it('that is under way when the worker is to stop is ended, and none is begun', async () => {
      const { server, endpoint, look } = await aWaitingTest();
      const stop = new AbortController();
      await database.repositories.webhookDeliveries.queueTest(endpoint.request);
      server.answer((response) => {
        stop.abort();
        response.writeHead(200).end();
      });
      await turn({ stopping: stop.signal });

      expect(server.hooks).toHaveLength(1);
      expect(await look()).toMatchObject({ status: 'delivered' });
    });

    it('carries for a day two signatures after the secret was changed, then one', async () => {
      const { server, endpoint } = await aWaitingTest();
      const { webhookEndpoints, webhookDeliveries } = database.repositories;
      const next = await createWebhookSecretMaker(webhookSealingKey(KEY)).make(endpoint.id);
      await webhookEndpoints.rotateSecret({ ...endpoint.request, sealed: next.sealed });
      await turn({ laterMs: HOUR });
      await webhookDeliveries.queueTest(endpoint.request);
      await turn({ laterMs: 25 * HOUR });

      const signed = server.hooks.map(({ headers, body }) => {
        const message = { id: String(headers['webhook-id']), timestamp: Number(headers['webhook-timestamp']), body };
        const known = [next.secret, endpoint.secret].map((secret) => signWebhook(secret, message));
        return String(headers['webhook-signature'])
          .split(' ')
          .map((signature) => known.indexOf(signature));
      });
      expect(signed).toEqual([[0, 1], [0]]);
    });
  });

  describe('an endpoint', () => {
    it('that hangs delays nobody, not even one of the same customer', async () => {
      const { server: stuck, store, look } = await aWaitingTest();
      stuck.answer(() => undefined);
      const quick = await hookServer();
      const beside = await anEndpoint(store.customerId, quick.port);
      const others = await Promise.all(
        [1, 2, 3].map(async () => anEndpoint((await aStore(database)).store.customerId, quick.port)),
      );
      for (const { request } of [beside, ...others])
        for (let more = 0; more < 3; more += 1) await database.repositories.webhookDeliveries.queueTest(request);
      let takenWhileStuck = 0;
      quick.answer((response) => {
        if (stuck.hooks.length > 0) takenWhileStuck += 1;
        response.writeHead(200).end();
      });
      const whole = turn();
      await whole;

      expect(quick.hooks).toHaveLength(12);
      expect(takenWhileStuck).toBeGreaterThan(0);
      expect(await look()).toMatchObject({ status: 'waiting', error: 'No answer in time.' });
    });

    it('that took nothing the last time waits behind those that do', async () => {
      const { webhookQueue, webhookDeliveries } = database.repositories;
      const endpoints = await Promise.all(
        [1, 2, 3, 4].map(async () => anEndpoint((await aStore(database)).store.customerId, 9)),
      );
      const failing = new Set(endpoints.slice(0, 3).map(({ id }) => id));
      await database
        .as('admin')
        .kysely.updateTable('webhook_endpoints')
        .set({ failing_since: NOW })
        .where('id', 'in', [...failing])
        .execute();
      for (const { request } of endpoints) await webhookDeliveries.queueTest(request);
      const claimed = await webhookQueue.claimDue({
        ...{ owner: 'w', now: NOW, leaseMs: MINUTE, limit: 4, perCustomer: 2, underWay: new Map() },
        failingLimit: 2,
      });

      expect(claimed.map(({ endpoint }) => failing.has(endpoint.id))).toEqual([false, true, true]);
    });

    it('that takes nothing for five days is switched off, and its owner told once', async () => {
      const { server, store, endpoint, look } = await aWaitingTest();
      server.answer((response) => void response.writeHead(500).end());
      await turn();
      const { webhookDeliveries, webhookEndpoints, outbox, audit } = database.repositories;
      // One attempt days later is no reason: the message may yet be taken.
      await turn({ laterMs: 6 * DAY });
      expect((await webhookEndpoints.get(store.customerId, endpoint.id)).isEnabled).toBe(true);
      await webhookDeliveries.queueTest({ ...endpoint.request });
      for (let hour = 0; hour <= 36; hour += 1) {
        for (const minutes of [1, 7]) await turn({ laterMs: 6 * DAY + hour * HOUR + minutes * MINUTE });
      }

      expect(await webhookEndpoints.get(store.customerId, endpoint.id)).toMatchObject({
        isEnabled: false,
        switchedOff: 'failing',
        failingSince: NOW,
      });
      expect(await look()).toMatchObject({ status: 'dead' });
      expect(await webhookDeliveries.counts()).toMatchObject({ waiting: 0 });
      expect((await outbox.sentTo(store.customerEmail)).map(({ kind }) => kind)).toEqual(['webhook-switched-off']);
      expect(
        (await audit.list({ target: store.customerId })).map(({ action, actor }) => [action, actor].join()),
      ).toContain('webhook.switched_off,system');
      await expect(webhookDeliveries.queueTest(endpoint.request)).rejects.toMatchObject({ code: 'not_allowed_now' });

      await webhookEndpoints.setEnabled({ ...endpoint.request, isEnabled: true });
      expect(await webhookEndpoints.get(store.customerId, endpoint.id)).toMatchObject({
        switchedOff: null,
        failingSince: null,
      });
    });

    it('has what came back from an address that it does not lead to any more not held against it', async () => {
      const { store, endpoint, look } = await aWaitingTest();
      const { webhookQueue, webhookEndpoints } = database.repositories;
      const claim = { ...aClaim, owner: 'w', limit: 1, failingLimit: 1 };
      const mail = {
        kind: 'webhook-switched-off' as const,
        payload: { name: 'Books', host: 'x', sentence: 'Gone.', webhooksUrl: 'https://panel.test/account' },
      };
      const [delivery] = await webhookQueue.claimDue(claim);
      if (delivery === undefined) throw new Error('Nothing was due.');
      const settings = { name: 'Books', url: 'http://127.0.0.1:9/elsewhere', events: WEBHOOK_EVENT_NAMES };
      await webhookEndpoints.change({ ...endpoint.request, ...settings });
      const failed = {
        code: 410,
        reason: 'gone',
        nextAttemptAt: NOW,
        switchOff: { why: 'gone' as const, mail },
        now: NOW,
      };
      await webhookQueue.markFailed(delivery, failed);

      expect(await webhookEndpoints.get(store.customerId, endpoint.id)).toMatchObject({
        isEnabled: true,
        failingSince: null,
      });
      expect(await look()).toMatchObject({ status: 'waiting' });
      // It is told at once, at the new address.
      const [again] = await webhookQueue.claimDue(claim);
      expect(again?.endpoint.url).toBe(settings.url);
    });

    it('that took long waits behind others, and counts among those that take nothing', async () => {
      const { webhookQueue, webhookDeliveries } = database.repositories;
      const { server, endpoint } = await aWaitingTest();
      const clock = { aheadMs: 0 };
      server.answer((response) => {
        clock.aheadMs += 6 * SECOND;
        response.writeHead(200).end();
      });
      await turn({ clock });
      await webhookDeliveries.queueTest(endpoint.request);
      const quick = await anEndpoint((await aStore(database)).store.customerId, 9);
      await webhookDeliveries.queueTest({ ...quick.request, now: new Date(NOW.getTime() + 1) });
      const later = { ...aClaim, now: new Date(NOW.getTime() + MINUTE), limit: 2 };

      const claimed = await webhookQueue.claimDue({ ...later, owner: 'w', failingLimit: 0 });
      expect(claimed.map((delivery) => delivery.endpoint.id)).toEqual([quick.id]);
      expect((await webhookQueue.claimDue({ ...later, owner: 'w', failingLimit: 1 })).length).toBe(1);
    });

    it('is one of two of its customer that are under way, however many they have', async () => {
      const { webhookQueue, webhookDeliveries } = database.repositories;
      const { store } = await anActiveStore(database);
      const other = (await aStore(database)).store.customerId;
      for (const [index, customerId] of [...Array(4).fill(store.customerId), other].entries()) {
        const { request } = await anEndpoint(customerId, 9);
        await webhookDeliveries.queueTest({ ...request, now: new Date(NOW.getTime() + index) });
      }
      const claim = {
        ...aClaim,
        now: new Date(NOW.getTime() + MINUTE),
        owner: 'w',
        limit: 3,
        failingLimit: 3,
        perCustomer: 2,
      };
      const whose = async (underWay: ReadonlyMap<string, number>) =>
        (await webhookQueue.claimDue({ ...claim, underWay })).map(({ endpoint }) => endpoint.customerId);

      expect(await whose(new Map())).toEqual([store.customerId, store.customerId, other]);
      expect(await whose(new Map([[store.customerId, 2]]))).toEqual([]);
      expect(await whose(new Map([[store.customerId, 1]]))).toEqual([store.customerId]);
    });

    it('whose message cannot be claimed holds up nobody else', async () => {
      const { webhookQueue, webhookDeliveries } = database.repositories;
      const [broken, well] = await Promise.all(
        [1, 2].map(async () => anEndpoint((await aStore(database)).store.customerId, 9)),
      );
      if (broken === undefined || well === undefined) throw new Error('No endpoints.');
      const id = await webhookDeliveries.queueTest(broken.request);
      await webhookDeliveries.queueTest({ ...well.request, now: new Date(NOW.getTime() + 1) });
      const { kysely } = database.as('admin');
      const isNotThat = sql`CHECK (attempts = 0 OR id <> ${sql.lit(id)})`;
      await sql`ALTER TABLE webhook_deliveries ADD CONSTRAINT not_that ${isNotThat}`.execute(kysely);
      const claim = { ...aClaim, now: new Date(NOW.getTime() + MINUTE), owner: 'w', limit: 2, failingLimit: 2 };

      try {
        expect((await webhookQueue.claimDue(claim)).map(({ endpoint }) => endpoint.id)).toEqual([well.id]);
        // With nothing beside it, it is heard of.
        await expect(webhookQueue.claimDue(claim)).rejects.toThrow(/not_that/);
      } finally {
        await sql`ALTER TABLE webhook_deliveries DROP CONSTRAINT not_that`.execute(kysely);
      }
    });

    it('is sent no test behind fifty messages, and tests are kept for a day', async () => {
      const { endpoint, look } = await aWaitingTest();
      const { webhookDeliveries } = database.repositories;
      for (let more = 1; more < 50; more += 1) await webhookDeliveries.queueTest(endpoint.request);
      await expect(webhookDeliveries.queueTest(endpoint.request)).rejects.toMatchObject({ code: 'not_allowed_now' });

      const later = new Date(NOW.getTime() + 1);
      expect(await webhookDeliveries.removeBefore(later, 'store.active')).toBe(0);
      expect(await look()).toBeDefined();
      expect(await webhookDeliveries.removeBefore(later, TEST_EVENT)).toBe(50);
    });

    it('keeps the newest five hundred waiting; what is given up for one more says so, and can be sent again', async () => {
      const server = await hookServer();
      const { store } = await anActiveStore(database);
      const { id, request } = await anEndpoint(store.customerId, server.port);
      const waiting = Array.from({ length: MOST_WAITING }, (_unused, at) => ({
        id: `whd_${String(at).padStart(26, '0')}`,
        ...{ endpoint_id: id, event_id: newId('evt'), type: 'store.active' as const, store_id: store.id },
        ...{ facts_json: '{"store":null}', next_attempt_at: NOW, created_at: NOW },
      }));
      const { kysely } = database.as('admin');
      await kysely.insertInto('webhook_deliveries').values(waiting).execute();
      const suspended = { storeId: store.id, kind: 'suspend' as const, by: 'owner' as const, actor: 'cus_1', now: NOW };
      const run = await database.repositories.changes.request(suspended);
      const held = await claimNow(database, run);
      await database.repositories.changes.markSuspended(held, await database.repositories.runs.get(run), NOW);

      const { webhookDeliveries } = database.repositories;
      expect(await webhookDeliveries.counts()).toEqual({ waiting: MOST_WAITING, dead: 1 });
      const { deliveries } = await webhookDeliveries.page(
        { customerId: store.customerId, endpointId: id },
        { limit: 600 },
      );
      expect(deliveries[0]).toMatchObject({ type: 'store.suspended', status: 'waiting' });
      const error = '500 newer messages waited for this webhook.';
      expect(deliveries.at(-1)).toMatchObject({ id: waiting[0]?.id, status: 'dead', error });
      await webhookDeliveries.resend({ ...request, deliveryId: waiting[0]?.id ?? '' });
      expect(await webhookDeliveries.counts()).toEqual({ waiting: MOST_WAITING + 1, dead: 0 });
    });

    it('that was given up while it was under way, and taken, was taken', async () => {
      const { server, endpoint, look } = await aWaitingTest();
      let taken = (): void => undefined;
      const asked = new Promise<void>((resolve) => {
        server.answer((response) => {
          taken = () => void response.writeHead(204).end();
          resolve();
        });
      });
      const told = turn();
      await asked;
      await database.repositories.webhookEndpoints.setEnabled({ ...endpoint.request, isEnabled: false });
      expect(await look()).toMatchObject({ status: 'dead' });
      taken();
      await told;
      expect(await look()).toMatchObject({ status: 'delivered', answerCode: 204, error: null });
    });

    it('writes its owner five mails a day at most that it is switched off', async () => {
      const { server, store, endpoint } = await aWaitingTest();
      const { webhookDeliveries, webhookEndpoints, outbox } = database.repositories;
      server.answer((response) => void response.writeHead(410).end());
      for (let round = 0; round < 7; round += 1) {
        await turn({ laterMs: round * MINUTE });
        await webhookEndpoints.setEnabled({ ...endpoint.request, isEnabled: true });
        await webhookDeliveries.queueTest(endpoint.request);
      }
      expect(await outbox.sentTo(store.customerEmail)).toHaveLength(5);
      await turn({ laterMs: 2 * DAY });
      expect(await outbox.sentTo(store.customerEmail)).toHaveLength(6);
    });

    it('that says it is gone is switched off at once', async () => {
      const { server, store, endpoint, look } = await aWaitingTest();
      server.answer((response) => void response.writeHead(410).end());
      await turn();

      expect(await look()).toMatchObject({ status: 'dead', answerCode: 410 });
      expect(await database.repositories.webhookEndpoints.get(store.customerId, endpoint.id)).toMatchObject({
        switchedOff: 'gone',
      });
    });

    it('whose row was written by somebody who may not is not followed', async () => {
      const { server, endpoint, look } = await aWaitingTest();
      await database
        .as('web')
        .kysely.updateTable('webhook_endpoints')
        .set({ url: 'ftp://127.0.0.1/' })
        .where('id', '=', endpoint.id)
        .execute();
      await turn();

      expect(server.connections()).toBe(0);
      expect(await look()).toMatchObject({ status: 'waiting', answerCode: null });
    });

    it('is one of five at most, and goes with its account', async () => {
      const { store } = await anActiveStore(database);
      const made = await Promise.allSettled(Array.from({ length: 8 }, () => anEndpoint(store.customerId, 9)));
      expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
      const [first] = await database.repositories.webhookEndpoints.list(store.customerId);
      await database.repositories.webhookDeliveries.queueTest({
        customerId: store.customerId,
        id: first?.id ?? '',
        now: NOW,
      });
      const { kysely } = database.as('admin');
      await kysely.deleteFrom('stores').execute();
      await kysely.updateTable('customers').set({ deletion_at: NOW }).where('id', '=', store.customerId).execute();

      expect(await database.repositories.accountEnds.remove(store.customerId, NOW)).toBe(true);
      expect(await kysely.selectFrom('webhook_deliveries').select('id').execute()).toEqual([]);
    });

    it('of somebody else is not there, whatever is asked of it', async () => {
      const { endpoint, deliveryId } = await aWaitingTest();
      const { store } = await aFailedStore(database);
      const request = { ...endpoint.request, customerId: store.customerId };
      const { webhookEndpoints, webhookDeliveries } = database.repositories;
      const settings = { name: 'Mine', url: 'https://evil.example/', events: [] };
      for (const act of [
        () => webhookEndpoints.get(store.customerId, endpoint.id),
        () => webhookEndpoints.change({ ...request, ...settings }),
        () => webhookEndpoints.setEnabled({ ...request, isEnabled: false }),
        () => webhookEndpoints.rotateSecret({ ...request, sealed: 'x' }),
        () => webhookEndpoints.remove(request),
        () => webhookDeliveries.queueTest(request),
        () => webhookDeliveries.resend({ ...request, deliveryId }),
      ])
        await expect(act()).rejects.toMatchObject({ code: 'not_found' });
    });
  });

  it('what is older than a month goes', async () => {
    const { look } = await aWaitingTest();
    const { webhookDeliveries } = database.repositories;

    expect(await webhookDeliveries.removeBefore(NOW)).toBe(0);
    expect(await look()).toMatchObject({ type: TEST_EVENT });
    expect(await webhookDeliveries.removeBefore(new Date(NOW.getTime() + 1))).toBe(1);
    expect(await look()).toBeUndefined();
  });

  async function letLeaseEnd(endpointId: string): Promise<void> {
    await database
      .as('admin')
      .kysely.updateTable('webhook_endpoints')
      .set({ lease_expires_at: new Date(0) })
      .where('id', '=', endpointId)
      .execute();
  }
});
