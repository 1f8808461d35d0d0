import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWebhookSecretReader } from '../../src/adapters/crypto/webhook-secrets.ts';
import { MINUTE } from '../../src/lib/time.ts';
import { forEachDatabase, type TestDatabase } from '../services/for-each-database.ts';
import { type Browser, startWeb, TEST_KEY, type Web } from '../services/web.ts';
import { letClaim, whereIs } from './mysql/fixtures.ts';

const HERE = '/account/webhooks';
const WISH = { name: 'Order <books>', url: 'https://hooks.example.com/in?key=abc', events: 'store.active' };
const SECRET = /whsec_[A-Za-z0-9+/]{43}=/;

forEachDatabase(
  (_name, connect) => {
    let database: TestDatabase;
    let web: Web;

    beforeAll(async () => {
      database = await connect();
      web = await startWeb(database);
    }, 5 * MINUTE);
    afterAll(() => web.stop());

    const customerOf = async (storeId: string) => (await database.repositories.stores.get(storeId)).customerId;

    /** Somebody with a webhook, by forms alone. */
    async function anOwner(storeName: string) {
      const { person, storeId } = await web.signUp(storeName);
      await letClaim(database, await customerOf(storeId));
      const { status, body } = await person.ask(`${HERE}/new`, WISH);
      const customerId = await customerOf(storeId);
      const [webhook] = await database.repositories.webhookEndpoints.list(customerId);
      if (webhook === undefined) throw new Error(`No webhook was added: ${status}`);
      return {
        person,
        customerId,
        storeId,
        webhook,
        secret: SECRET.exec(body)?.[0] ?? '',
        page: `${HERE}/${webhook.id}`,
      };
    }

    const deliveriesOf = async (customerId: string, endpointId: string) =>
      (await database.repositories.webhookDeliveries.page({ customerId, endpointId }, { limit: 10 })).deliveries;

    test('a webhook is added, tried out, changed, switched off and removed by forms alone, each act in the ledger', async () => {
      const { person, customerId, webhook, secret, page } = await anOwner('hooks-one');
      expect(secret).toMatch(SECRET);
      expect(webhook).toMatchObject({ url: WISH.url, events: ['store.active'], isEnabled: true });

      const shown = await person.ask(page);
      expect(shown.body).toContain('Order &lt;books&gt;');
      expect(shown.body).not.toMatch(SECRET);
      expect((await person.ask(page, { intent: 'test' })).location).toBe(page);
      const [delivery] = await deliveriesOf(customerId, webhook.id);
      expect(delivery).toMatchObject({ type: 'webhook.test', status: 'waiting', attempts: 0 });
      const list = await person.ask(page);
      expect(list.body).toContain(delivery?.eventId);
      expect((await person.ask(page, { intent: 'off' })).status).toBe(303);
      expect((await deliveriesOf(customerId, webhook.id))[0]).toMatchObject({ status: 'dead' });
      // Nothing is sent to one that is off.
      expect((await person.ask(page, { intent: 'test' })).status).toBe(409);
      expect((await person.ask(page, { intent: 'on' })).status).toBe(303);
      expect((await person.ask(page, { intent: 'resend', delivery: delivery?.id ?? '' })).status).toBe(303);
      expect((await deliveriesOf(customerId, webhook.id))[0]).toMatchObject({ status: 'waiting', attempts: 0 });
      const change = { name: 'Books', url: 'https://other.example.com/', events: 'domain.valid' };
      expect((await person.ask(`${page}/change`, change)).location).toBe(page);
      expect((await database.repositories.webhookEndpoints.list(customerId))[0]).toMatchObject({
        ...change,
        events: ['domain.valid'],
      });
      expect((await person.ask(`${page}/remove`)).body).toContain('Remove <!-- -->Books');
      expect((await person.ask(`${page}/remove`, {})).location).toBe(HERE);
      expect((await person.ask(page)).status).toBe(404);

      const lines = await database.repositories.audit.list({ target: customerId });
      expect(
        lines
          .map(({ action }) => action)
          .filter((action) => action.startsWith('webhook.'))
          .toReversed(),
      ).toEqual(
        ['added', 'switched_off', 'switched_on', 'resent', 'changed', 'removed'].map((what) => `webhook.${what}`),
      );
      // An address may be a secret itself.
      expect(JSON.stringify(lines)).not.toContain('key=abc');
      expect((await person.ask('/account/activity')).body).toContain('added the webhook “Order &lt;books&gt;”');
    });

    test('the signing secret is shown once, kept sealed, and is another one when it is made anew', async () => {
      const { person, webhook, secret, page, customerId } = await anOwner('hooks-secret');
      expect(await whereIs(database, secret)).toEqual([]);
      const renewed = SECRET.exec((await person.ask(`${page}/secret`, {})).body)?.[0] ?? '';
      const row = await database
        .as('admin')
        .kysely.selectFrom('webhook_endpoints')
        .select(['sealed', 'old_sealed'])
        .where('id', '=', webhook.id)
        .executeTakeFirstOrThrow();

      const open = createWebhookSecretReader(Buffer.from(TEST_KEY, 'base64'));
      expect([await open(row.sealed, webhook.id), await open(row.old_sealed ?? '', webhook.id)]).toEqual([
        renewed,
        secret,
      ]);
      expect(renewed).not.toBe(secret);
      for (const path of [HERE, page, `${page}/secret`, '/account/export']) {
        expect((await person.ask(path)).body).not.toMatch(SECRET);
      }
      const file = JSON.parse((await person.ask('/account/export', {})).body) as { webhooks?: unknown };
      expect(file.webhooks).toMatchObject([{ id: webhook.id, url: WISH.url }]);
      expect(JSON.stringify(file)).not.toContain(row.sealed);
      expect(customerId).toMatch(/^cus_/);
    });

    test('what is no address for us, no event or no name is refused beside its field, and what was typed is kept', async () => {
      const { person, storeId } = await web.signUp('hooks-wrong');
      for (const over of [
        { url: 'http://hooks.example.com/' },
        { url: 'https://127.0.0.1/' },
        { url: 'https://2130706433/' },
        { url: 'https://[::1]/' },
        { url: 'https://localhost/' },
        { url: 'https://a:b@example.com/' },
        { url: 'https://example.com:6379/' },
        { url: 'javascript:alert(1)' },
        { events: 'store.everything' },
        { events: '' },
        { name: ' ' },
        { name: 'x'.repeat(65) },
        { name: 'a\nb' },
      ]) {
        const { status, body } = await person.ask(`${HERE}/new`, { ...WISH, ...over });
        expect([status, JSON.stringify(over)]).toEqual([422, JSON.stringify(over)]);
        expect(body).toContain('thing to put right');
        expect(body).not.toContain('<books>');
      }
      expect(await database.repositories.webhookEndpoints.list(await customerOf(storeId))).toEqual([]);
    });

    test('needs a fresh proof where it says whom we tell, or shows a secret', async () => {
      const { person, page, customerId, webhook } = await anOwner('hooks-proof');
      await database
        .as('admin')
        .kysely.updateTable('sessions')
        .set({ proven_at: new Date(Date.now() - 10 * MINUTE) })
        .execute();
      for (const path of [`${HERE}/new`, `${page}/change`, `${page}/secret`]) {
        for (const form of [undefined, WISH]) {
          const { status, location } = await person.ask(path, form);
          expect([status, location]).toEqual([303, `/step-up?next=${encodeURIComponent(path)}`]);
        }
      }
      expect(await database.repositories.webhookEndpoints.list(customerId)).toEqual([webhook]);
      expect((await person.ask(page)).status).toBe(200);
    });

    test('of somebody else are not there, and nobody gets in who is not signed in', async () => {
      const { page, customerId, webhook } = await anOwner('hooks-mine');
      const stranger = await anOwner('hooks-theirs');
      const ask = async (person: Browser, path: string, form?: Record<string, string>) =>
        (await person.ask(path, form)).status;
      for (const path of [page, `${page}/change`, `${page}/secret`, `${page}/remove`]) {
        expect([path, await ask(stranger.person, path)]).toEqual([path, 404]);
        expect((await web.browser().ask(path)).location).toContain('/login');
      }
      for (const intent of ['test', 'on', 'off', 'resend']) {
        expect(await ask(stranger.person, page, { intent, delivery: 'whd_1' })).toBe(404);
      }
      expect(await ask(stranger.person, `${page}/change`, WISH)).toBe(404);
      expect(await ask(stranger.person, `${page}/secret`, {})).toBe(404);
      expect(await ask(stranger.person, `${page}/remove`, {})).toBe(404);
      expect(await database.repositories.webhookEndpoints.list(customerId)).toEqual([webhook]);
    });

    test('nobody has one whose address is not confirmed, and nobody switches theirs on and off without end', async () => {
      const { person, storeId } = await web.signUp('hooks-unsure');
      expect((await person.ask(`${HERE}/new`, WISH)).status).toBe(409);
      expect((await person.ask(HERE)).body).toContain('Confirm your e-mail address first');
      expect(await database.repositories.webhookEndpoints.list(await customerOf(storeId))).toEqual([]);

      const { person: owner, page } = await anOwner('hooks-to-and-fro');
      const statuses: number[] = [];
      for (let at = 0; at < 20; at += 1) {
        await owner.ask(page, { intent: 'off' });
        statuses.push((await owner.ask(page, { intent: 'on' })).status);
      }
      expect(statuses).toEqual([...Array(19).fill(303), 429]);
      // That it says nothing is never refused.
      expect((await owner.ask(page, { intent: 'off' })).status).toBe(303);
    });

    test('tests are limited', async () => {
      const { person, page } = await anOwner('hooks-often');
      const statuses: number[] = [];
      for (let at = 0; at < 22; at += 1) statuses.push((await person.ask(page, { intent: 'test' })).status);

      expect(statuses.filter((status) => status === 303)).toHaveLength(20);
      expect(statuses.slice(20)).toEqual([429, 429]);
    });
  },
  { only: 'MySQL' },
);
