import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashPassword } from '../../src/adapters/crypto/hash-password.ts';
import { probeUntil } from '../../src/lib/deadline.ts';
import { MINUTE } from '../../src/lib/time.ts';
import { ACTING_LIMITS } from '../../src/web/acting-limits.ts';
import routes from '../../src/web/pages/routes.ts';
import { forEachDatabase, type TestDatabase } from '../services/for-each-database.ts';
import { codeOf, giveSecondFactor, letCodesBeNew, logInWithCode } from '../services/second-factor.ts';
import { type Browser, PASSWORD, startWeb, type Web } from '../services/web.ts';
import { aFailedStore, anActiveStore, aWaitingShop } from './mysql/fixtures.ts';

const OPERATOR = 'ops@example.com';

forEachDatabase(
  (_name, connect) => {
    let database: TestDatabase;
    let web: Web;
    let secret: string;

    beforeAll(async () => {
      database = await connect();
      web = await startWeb(database);
      const { id } = await database.repositories.customers.create({
        email: OPERATOR,
        role: 'operator',
        passwordHash: await hashPassword(PASSWORD),
      });
      secret = await giveSecondFactor(database, id);
    }, 5 * MINUTE);
    afterAll(() => web.stop());

    async function operator(): Promise<Browser> {
      const person = web.browser();
      await letCodesBeNew(database);
      const answer = await logInWithCode(person, { email: OPERATOR, password: PASSWORD, code: codeOf(secret) });
      expect([answer.status, answer.location]).toEqual([303, '/dashboard']);
      return person;
    }

    /** What the ledger says of something, oldest first. */
    const linesOf = async (target: string) => (await database.repositories.audit.list({ target })).toReversed();

    describe('the desk', () => {
      const pages = routes
        .filter(({ file }) => file === 'access/operators.tsx')
        .flatMap(({ children = [] }) => children.map(({ path }) => `/${path}`));

      test('is there for operators, and for nobody else', async () => {
        const ops = await operator();
        const { person: customer, storeId } = await web.signUp('no-operator');
        const store = await database.repositories.stores.get(storeId);
        const run = await database.repositories.runs.latest(storeId);
        const [mail] = (await database.repositories.outboxEntries.page({}, { limit: 1 })).mails;
        expect(pages.length).toBeGreaterThan(5);
        for (const page of pages) {
          const path = page
            .replace(':storeId', storeId)
            .replace(':customerId', store.customerId)
            .replace(':runId', run?.id ?? '')
            .replace(':mailId', mail?.id ?? '');
          const [byGuest, byCustomer, byOperator] = [
            await web.browser().ask(path),
            await customer.ask(path),
            await ops.ask(path),
          ];
          const acted = await customer.ask(path, { act: 'retry' });
          expect([path, byGuest.status, byGuest.location]).toEqual([
            path,
            303,
            `/login?next=${encodeURIComponent(path)}`,
          ]);
          expect([path, byCustomer.status, acted.status]).toEqual([path, 404, 404]);
          expect([path, byOperator.status]).toEqual([path, path.endsWith('/act') ? 303 : 200]);
        }
      });

      test('tells a customer no more than an address that is none', async () => {
        const { person } = await web.signUp('curious');
        const [desk, nothing] = await Promise.all(['/admin/stores', '/no-such-page'].map((path) => person.ask(path)));
        const headingOf = (body = ''): string | undefined => /<h1[^>]*>[^<]*/.exec(body)?.[0];
        expect(desk?.body).not.toMatch(/>Desk</);
        expect([desk?.status, headingOf(desk?.body)]).toEqual([404, headingOf(nothing?.body)]);
      });

      test('finds a store by its name, domain, port and owner, and says so when there is none', async () => {
        const { storeId } = await web.signUp('tea-house');
        const { domain, port } = await database.repositories.stores.get(storeId);
        const ops = await operator();
        for (const search of ['tea-h', domain, String(port), 'tea-house@', storeId]) {
          const { body } = await ops.ask(`/admin/stores?q=${encodeURIComponent(search)}`);
          expect([search, body.includes(`/admin/stores/${storeId}`), body.includes('>1 store<')]).toEqual([
            search,
            true,
            true,
          ]);
        }
        const none = await ops.ask('/admin/stores?q=nowhere&status=active');
        expect(none.body).toContain('Nothing fits what you asked for.');
        expect(none.body).toContain('Clear filters');
        const mistyped = await ops.ask('/admin/stores?status=sleepy&page=minus&sort=up');
        expect([mistyped.status, mistyped.body.includes('tea-house')]).toEqual([200, true]);
      });

      test('shows why a run failed in the words of operators, and retries it in their name', async () => {
        const { store, runId } = await aFailedStore(database);
        const ops = await operator();

        const run = await ops.ask(`/admin/runs/${runId}`);
        const asked = await ops.ask(`/admin/stores/${store.id}/act`, { act: 'retry' });
        const again = await ops.ask(`/admin/stores/${store.id}/act`, { act: 'repair' });

        for (const said of ['db did not get healthy', 'Look at its log.', 'the tail', 'Issue secrets']) {
          expect(run.body).toContain(said);
        }
        expect([asked.status, again.status]).toEqual([303, 303]);
        const { id } = (await database.repositories.customers.findByEmail(OPERATOR)) ?? { id: '' };
        expect((await linesOf(store.id)).at(-1)).toMatchObject({ actor: id, action: 'store.retry_requested' });
        expect(await database.repositories.runs.latest(store.id)).toMatchObject({
          id: runId,
          status: 'queued',
          attempt: 2,
        });
      });

      test('says what is ill in a store, in words that its owner never reads', async () => {
        const { person, storeId } = await web.signUp('ill');
        const said = 'search is unhealthy (canary: no route to 10.210.0.36)';
        await database
          .as('admin')
          .kysely.updateTable('stores')
          .set({ status: 'active', health: 'degraded', health_detail: said })
          .where('id', '=', storeId)
          .execute();

        expect((await (await operator()).ask(`/admin/stores/${storeId}`)).body).toContain(said);
        const pages = [`/stores/${storeId}`, '/dashboard?all', '/api/status'];
        const theirs = await Promise.all(pages.map((path) => person.ask(path)));
        expect(theirs.map(({ status, body }) => [status, body.includes('canary')])).toEqual(
          pages.map(() => [200, false]),
        );
        expect(theirs[2]?.body).toContain('degraded');
      });

      test('repairs an active store', async () => {
        const { store } = await anActiveStore(database);
        await (await operator()).ask(`/admin/stores/${store.id}/act`, { act: 'repair' });
        expect(await database.repositories.runs.latest(store.id)).toMatchObject({ kind: 'repair', status: 'queued' });
      });
    });

    describe('shops that are made ahead', () => {
      test('are shown, resized and drained by operators; the ledger has both', async () => {
        const ops = await operator();
        const ready = await aWaitingShop(database);
        const shown = await ops.ask('/admin/pool');
        expect(shown.body).toContain(ready.id);
        expect(shown.body).toContain('1 shop ready.');

        const wrong = await ops.ask('/admin/pool', { platform: 'woocommerce', plan: 'starter', size: 'many' });
        const sized = await ops.ask('/admin/pool', { platform: 'woocommerce', plan: 'business', size: '7' });
        const drained = await ops.ask('/admin/pool', { platform: 'woocommerce', plan: 'starter', intent: 'drain' });

        expect([wrong.status, sized.status, drained.status]).toEqual([422, 303, 303]);
        expect(wrong.body).toContain('The size is a whole number');
        expect((await ops.ask('/admin/pool')).body).toContain('1 shop will be thrown away.');
        expect(await database.repositories.poolMembers.get(ready.id)).toMatchObject({ status: 'leaving' });
        expect((await linesOf('platform')).at(-1)).toMatchObject({
          action: 'settings.changed',
          details: { 'pool-sizes': { from: {}, to: { woocommerce: { business: 7 } } } },
        });
        expect((await linesOf('pool')).at(-1)).toMatchObject({
          action: 'pool.drained',
          details: { platform: 'woocommerce', plan: 'starter', drained: 1 },
        });
      });
    });

    describe('what is set', () => {
      const set = async (ops: Browser, over: Record<string, string>) =>
        ops.ask('/admin/settings', { sign_ups: 'open', sentence: '', banner: '', plan: 'starter', ...over });
      /** Every page reads what is set anew after two seconds. */
      const untilRead = (path: string, words: string): Promise<true> =>
        probeUntil(async () => ((await web.browser().ask(path)).body.includes(words) ? true : undefined), {
          signal: AbortSignal.timeout(MINUTE),
          firstDelayMs: 100,
          maxDelayMs: 500,
        });

      test('is felt by everybody: sign-ups, banner, default plan; and the ledger knows from what to what', async () => {
        const ops = await operator();
        const closed = await set(ops, {
          sign_ups: 'closed',
          sentence: 'Back on  Monday.',
          banner: '<b>Soon</b>',
          plan: 'scale',
        });
        await untilRead('/signup', 'Back on Monday.');
        await untilRead('/', '&lt;b&gt;Soon&lt;/b&gt;');
        const { answer } = await web.signUp('while-closed');
        const shown = await ops.ask('/admin/settings');

        expect([closed.status, closed.location, answer.status]).toEqual([303, '/admin/settings', 503]);
        expect(shown.body).toContain('The settings are kept.');
        expect((await database.repositories.plans.default()).name).toBe('scale');
        expect((await linesOf('platform')).at(-1)).toMatchObject({
          action: 'settings.changed',
          details: { 'sign-ups': { from: true, to: false }, 'default-plan': { from: null, to: 'scale' } },
        });

        await set(ops, {});
        await untilRead('/signup', 'name="store_name"');
        expect((await database.repositories.plans.default()).name).toBe('starter');
        const lines = (await linesOf('platform')).length;
        await set(ops, {});
        expect((await linesOf('platform')).length).toBe(lines);
      });

      test('is refused beside the field, with what was typed', async () => {
        const ops = await operator();
        const refused = await set(ops, { plan: 'golden', banner: 'x'.repeat(301) });
        expect(refused.status).toBe(422);
        expect(refused.body).toContain('Up to 300 letters.');
      });
    });

    describe('mail', () => {
      test('is found by whom it is to, shown in a frame that can do nothing, and sent once more', async () => {
        const { form } = await web.signUp('gets-mail');
        const ops = await operator();
        const { outboxEntries } = database.repositories;
        const [mail] = (await outboxEntries.page({ recipient: form.email }, { limit: 1 })).mails;
        const id = mail?.id ?? '';
        await database
          .as('admin')
          .kysely.updateTable('outbox')
          .set({ status: 'failed', attempts: 9 })
          .where('id', '=', id)
          .execute();

        const list = await ops.ask(`/admin/mail?status=failed&q=${encodeURIComponent(form.email)}`);
        const none = await ops.ask('/admin/mail?q=nobody@example.com');
        const preview = await ops.ask(`/admin/mail/${id}`);
        const sent = await ops.ask(`/admin/mail/${id}`, {});

        expect([list.body.includes(`/admin/mail/${id}`), list.body.includes('Given up')]).toEqual([true, true]);
        expect(none.body).toContain('Nothing fits what you asked for.');
        expect(preview.body).toMatch(/<iframe[^>]* sandbox=""/);
        expect(preview.body).not.toContain('<iframe src');
        expect([sent.status, sent.location]).toEqual([303, `/admin/mail/${id}`]);
        expect((await outboxEntries.get(id)).entry).toMatchObject({ status: 'queued', attempts: 0 });
        expect((await ops.ask('/admin/mail/msg_none')).status).toBe(404);
      });
    });

    describe('suspending a store', () => {
      test('needs a reason, is a run in the operator’s name, and can be taken back', async () => {
        const { store } = await anActiveStore(database);
        const ops = await operator();
        const path = `/admin/stores/${store.id}/suspend`;

        const refused = await ops.ask(path, { reason: ' ', text: '' });
        const asked = await ops.ask(path, { reason: 'Invoice 2041', text: 'A payment is missing.' });

        expect([refused.status, asked.status]).toEqual([422, 303]);
        expect(await database.repositories.runs.latest(store.id)).toMatchObject({ kind: 'suspend', status: 'queued' });
        const { id } = (await database.repositories.customers.findByEmail(OPERATOR)) ?? { id: '' };
        expect((await linesOf(store.id)).at(-1)).toMatchObject({ actor: id, action: 'store.suspend_requested' });
        await database
          .as('admin')
          .kysely.updateTable('stores')
          .set({ status: 'suspended' })
          .where('id', '=', store.id)
          .execute();
        await ops.ask(`/admin/stores/${store.id}/act`, { act: 'resume' });
        expect(await database.repositories.runs.latest(store.id)).toMatchObject({ kind: 'resume', status: 'queued' });
      });
    });

    describe('the plan of a store', () => {
      test('is changed in the operator’s name, with a fresh proof; what does not hold the store is told beside it', async () => {
        const { store } = await anActiveStore(database);
        const ops = await operator();
        const path = `/admin/stores/${store.id}/plan`;
        const wanted = store.plan === 'business' ? 'scale' : 'business';

        const page = await ops.ask(path);
        const same = await ops.ask(path, { plan: store.plan });
        const asked = await ops.ask(path, { plan: wanted });

        expect([page.status, page.body.includes(`value="${wanted}"`)]).toEqual([200, true]);
        expect((await ops.ask(`/admin/stores/${store.id}`)).body).toContain(`href="${path}"`);
        expect([same.status, same.body.includes('has this plan already')]).toEqual([422, true]);
        expect([asked.status, asked.location]).toEqual([303, `/admin/stores/${store.id}`]);
        expect(await database.repositories.runs.latest(store.id)).toMatchObject({
          ...{ kind: 'resize', status: 'queued', input: { plan: wanted, by: 'operator' } },
        });
        const { id } = (await database.repositories.customers.findByEmail(OPERATOR)) ?? { id: '' };
        expect((await linesOf(store.id)).at(-1)).toMatchObject({ actor: id, action: 'store.resize_requested' });
        const long = new Date(Date.now() - 6 * MINUTE);
        const sessions = database.as('admin').kysely.updateTable('sessions').set({ proven_at: long });
        await sessions.where('customer_id', '=', id).execute();
        expect((await ops.ask(path, { plan: store.plan })).location).toMatch(/^\/step-up/);
      });
    });

    describe('locking an account', () => {
      test('signs its owner out, who reads why nobody gets in only after the right password, until it is unlocked', async () => {
        const { person, form, storeId } = await web.signUp('locked-out');
        const { customerId } = await database.repositories.stores.get(storeId);
        const ops = await operator();
        const path = `/admin/customers/${customerId}/lock`;
        const logIn = (password: string) =>
          web.browser().ask('/login', { email: form.email, password, next: '/dashboard' });
        const sentence = 'Your account is locked';

        const refused = await ops.ask(path, { intent: 'lock', reason: ' ' });
        const locked = await ops.ask(path, { intent: 'lock', reason: 'Reported as stolen' });

        expect([refused.status, locked.status, locked.location]).toEqual([422, 303, `/admin/customers/${customerId}`]);
        expect((await person.ask('/dashboard')).location).toMatch(/^\/login/);
        const [wrong, right] = [await logIn('not the password'), await logIn(PASSWORD)];
        expect([wrong.status, wrong.body.includes(sentence)]).toEqual([422, false]);
        expect([right.status, right.body.includes(sentence)]).toEqual([403, true]);
        expect(right.body).not.toContain('Reported as stolen');
        // Neither by the form that makes another store.
        const again = await web.browser().ask('/signup', { ...form, store_name: 'locked-out-2' });
        expect([again.status, again.body.includes(sentence)]).toEqual([403, true]);
        expect(await database.repositories.stores.findByName('locked-out-2')).toBeUndefined();
        const shown = await ops.ask(`/admin/customers/${customerId}`);
        expect([shown.body.includes('Reported as stolen'), shown.body.includes('Unlock this account')]).toEqual([
          true,
          true,
        ]);

        await ops.ask(path, { intent: 'unlock', reason: 'The owner has called' });
        expect((await logIn(PASSWORD)).location).toBe('/dashboard');
        const lines = (await linesOf(customerId)).filter(({ action }) => /^account\.(un)?locked$/.test(action));
        expect(lines).toMatchObject([
          { action: 'account.locked', details: { reason: 'Reported as stolen' } },
          { action: 'account.unlocked', details: { reason: 'The owner has called' } },
        ]);
      });

      test('is refused for one’s own', async () => {
        const ops = await operator();
        const { id } = (await database.repositories.customers.findByEmail(OPERATOR)) ?? { id: '' };

        const own = await ops.ask(`/admin/customers/${id}/lock`, { intent: 'lock', reason: 'a test' });
        expect([own.status, own.body.includes('Nobody locks their own account.')]).toEqual([409, true]);
        expect((await ops.ask('/admin')).status).toBe(200);
      });
    });

    describe('chores', () => {
      test('that were expected and not seen stand on the overview, and nothing does while all is well', async () => {
        const ops = await operator();
        const { kysely } = database.as('admin');
        const ranAt = (ran_at: Date) =>
          kysely.replaceInto('scheduled_tasks').values({ name: 'outbox', ran_at }).execute();
        await ranAt(new Date());
        expect((await ops.ask('/admin')).body).not.toContain('was expected by');
        await ranAt(new Date(Date.now() - 10 * MINUTE));

        expect((await ops.ask('/admin')).body).toMatch(/<code>outbox<\/code>[^<]*(?:<!-- -->[^<]*)*was expected by/);
      });
    });

    describe('a test mail', () => {
      test('is queued for one address with its line, and not without end', async () => {
        const ops = await operator();
        const { outboxEntries } = database.repositories;
        const wrong = await ops.ask('/admin/mail', { email: 'nobody' });
        const sent = await ops.ask('/admin/mail', { email: 'Ops-Inbox@example.com' });

        expect([wrong.status, wrong.body.includes('Enter an e-mail address')]).toEqual([422, true]);
        expect([sent.status, sent.location]).toEqual([303, '/admin/mail']);
        const { mails } = await outboxEntries.page({ recipient: 'ops-inbox@example.com' }, { limit: 5 });
        expect(mails).toMatchObject([{ kind: 'test', status: 'queued' }]);
        expect((await ops.ask(`/admin/mail/${mails[0]?.id}`)).status).toBe(200);
        expect(await linesOf('ops-inbox@example.com')).toMatchObject([{ action: 'mail.test_requested' }]);
        const more: number[] = [];
        for (let at = 0; at < 10; at += 1) more.push((await ops.ask('/admin/mail', { email: 'b@example.com' })).status);
        expect(more.at(-1)).toBe(429);
      });
    });

    describe('what waits to be sent', () => {
      test('is counted on the overview, and of one shop on its page', async () => {
        const { storeId } = await web.signUp('busy-writer');
        const ops = await operator();
        const { outbox } = database.repositories;
        const now = new Date();
        for (const uniqueKey of ['order-1', 'order-2']) {
          const mail = {
            storeId,
            recipient: null,
            kind: 'store-mail',
            raw: Buffer.from('To: b@example.com\r\n\r\nHi'),
          };
          await outbox.enqueue({ uniqueKey, ...mail, now });
        }
        const { waiting } = await database.repositories.outboxEntries.backlog();

        expect((await ops.ask('/admin')).body).toContain(
          `href="/admin/mail?status=queued" data-discover="true">${waiting}</a>`,
        );
        const page = (await ops.ask(`/admin/stores/${storeId}`)).body;
        expect(page).toContain(`/admin/mail?store=${storeId}&amp;status=queued" data-discover="true">2</a>`);
        const ofStore = (await ops.ask(`/admin/mail?store=${storeId}`)).body;
        expect(ofStore.match(/whom the shop names/g)).toHaveLength(2);
        expect((await ops.ask('/admin/mail?store=sto_none')).body).not.toContain('whom the shop names');
      });
    });

    describe('deleting a store', () => {
      test('needs its name, a fresh proof and a worker who looks for itself', async () => {
        const { storeId } = await web.signUp('half-made');
        const ops = await operator();
        const path = `/admin/stores/${storeId}/delete`;

        const asked = await ops.ask(path);
        const wrong = await ops.ask(path, { name: 'half' });
        const right = await ops.ask(path, { name: 'half-made' });

        expect([asked.status, asked.body.includes('orders and customers')]).toEqual([200, true]);
        expect([wrong.status, wrong.body.includes('Type the name of the store')]).toEqual([422, true]);
        // No worker lives here: nothing is asked of anybody, and the web process may not do it itself.
        expect(right.status).toBe(503);
        expect((await database.repositories.stores.get(storeId)).status).toBe('pending');
      });
    });

    describe('the ledger', () => {
      test('is filtered, and is a file in which no cell is a formula', async () => {
        const ops = await operator();
        await database.repositories.audit.append({
          actor: '=cmd()',
          action: 'test.written',
          target: 'a "quoted", one',
          details: {},
          at: new Date(),
        });

        const found = await ops.ask('/admin/ledger?action=test');
        const none = await ops.ask('/admin/ledger?action=test&result=refused&since=2000-01-01');
        const file = await ops.ask('/admin/ledger/export?action=test');

        expect(found.body).toContain('test.written');
        expect(none.body).toContain('Nothing fits what you asked for.');
        expect(file.headers.get('content-type')).toMatch(/^text\/csv/);
        expect(file.headers.get('content-disposition')).toContain('attachment');
        expect(file.body.split('\r\n')[1]).toContain(`'=cmd(),,,test.written,"a ""quoted"", one"`);
        expect(file.body.trimEnd().split('\r\n')).toHaveLength(2);
      });
    });

    describe('acting as a customer', () => {
      const begin = async (ops: Browser, customerId: string, reason = 'Looking at the checkout') =>
        ops.ask(`/admin/customers/${customerId}/act-as`, { reason });

      async function aCustomer(name: string) {
        const { person, storeId } = await web.signUp(name);
        const { customerId } = await database.repositories.stores.get(storeId);
        return { person, storeId, customerId, email: `${name}@example.com` };
      }

      test('ends with the operator’s own session when they log out', async () => {
        const { customerId } = await aCustomer('logs-out-there');
        const ops = await operator();
        await begin(ops, customerId);
        const { id } = (await database.repositories.customers.findByEmail(OPERATOR)) ?? { id: '' };
        const before = (await database.repositories.sessions.listOf(id)).length;

        await ops.ask('/logout', {});

        expect(await database.repositories.sessions.listOf(id)).toHaveLength(before - 1);
        expect((await linesOf(customerId)).at(-1)).toMatchObject({ action: 'acting.ended', actor: id });
      });

      test('needs a reason, shows whose place it is on every page, and leads back', async () => {
        const { customerId, storeId, email } = await aCustomer('in-their-place');
        const ops = await operator();

        const refused = await begin(ops, customerId, '   ');
        const begun = await begin(ops, customerId);
        const seen = await Promise.all(
          ['/dashboard?all', `/stores/${storeId}`, '/', '/no-such-page'].map((path) => ops.ask(path)),
        );
        const desk = await ops.ask('/admin');
        const stopped = await ops.ask('/acting/stop', {});
        const back = await ops.ask('/admin');

        expect([refused.status, refused.body.includes('Say why')]).toEqual([422, true]);
        expect([begun.status, begun.location]).toEqual([303, '/dashboard?all']);
        for (const { body } of seen) expect(body).toMatch(new RegExp(`You act as <strong>${email}</strong>`));
        expect(seen[0]?.body).toContain('in-their-place');
        expect(desk.status).not.toBe(200);
        expect([stopped.status, stopped.location]).toEqual([303, `/admin/customers/${customerId}`]);
        expect([back.status, back.body.includes('You act as')]).toEqual([200, false]);
        const { id } = (await database.repositories.customers.findByEmail(OPERATOR)) ?? { id: '' };
        const lines = (await linesOf(customerId)).filter(({ action }) => action.startsWith('acting.'));
        expect(lines).toEqual([
          expect.objectContaining({ actor: id, action: 'acting.started', target: customerId }),
          expect.objectContaining({ actor: id, action: 'acting.ended', target: customerId }),
        ]);
        expect(lines[0]?.details).toMatchObject({ reason: 'Looking at the checkout' });
      });

      test('opens neither keys nor account, and changes nothing but what is named', async () => {
        const { customerId, storeId } = await aCustomer('kept-closed');
        const ops = await operator();
        await begin(ops, customerId);

        const closed = [
          '/account',
          '/account/password',
          `/stores/${storeId}/credentials`,
          `/stores/${storeId}/new-password`,
          '/signup',
          '/admin/customers',
        ];
        for (const path of closed) {
          for (const spelling of [path, path.toUpperCase(), path.replace('c', '%63'), `${path}/`, `${path}.data`]) {
            const { status } = await ops.ask(spelling);
            expect([spelling, status === 403 || status === 404]).toEqual([spelling, true]);
          }
          expect([path, (await ops.ask(path, { password: PASSWORD })).status]).toEqual([path, 403]);
        }
        const stepUp = await ops.ask('/step-up', { proof: 'password', password: PASSWORD, next: '/dashboard' });
        const keys = await ops.ask('/api/credentials');
        const status = await ops.ask('/api/status');

        expect([stepUp.status, keys.status, status.status]).toEqual([403, 403, 200]);
        expect(JSON.parse(keys.body)).toMatchObject({ code: 'not_while_acting' });
      });

      test('ends by itself after half an hour, with the operator’s own session, and with the role', async () => {
        const { customerId } = await aCustomer('for-a-while');
        const admin = database.as('admin').kysely;
        const isSignedIn = async (ops: Browser) => (await ops.ask('/dashboard?all')).status === 200;

        const late = await operator();
        await begin(late, customerId);
        expect(await isSignedIn(late)).toBe(true);
        const ends = await admin
          .selectFrom('sessions')
          .select(['expires_at', 'created_at'])
          .where('impersonator_session', 'is not', null)
          .executeTakeFirstOrThrow();
        expect(ends.expires_at.getTime() - ends.created_at.getTime()).toBe(30 * MINUTE);
        await admin
          .updateTable('sessions')
          .set({ expires_at: new Date(Date.now() - 1) })
          .where('impersonator_session', 'is not', null)
          .execute();
        expect(await isSignedIn(late)).toBe(false);

        const revoked = await operator();
        await begin(revoked, customerId);
        await admin.deleteFrom('sessions').where('impersonator_session', 'is', null).execute();
        expect(await isSignedIn(revoked)).toBe(false);

        const demoted = await operator();
        await begin(demoted, customerId);
        await admin.updateTable('customers').set({ role: 'customer' }).where('email', '=', OPERATOR).execute();
        expect(await isSignedIn(demoted)).toBe(false);
        await admin.updateTable('customers').set({ role: 'operator' }).where('email', '=', OPERATOR).execute();
      });

      test('needs a fresh proof, and is for operators alone, as customers alone', async () => {
        const { person, customerId } = await aCustomer('asks-to-be');
        const other = await aCustomer('somebody-else');
        const ops = await operator();
        const { id } = (await database.repositories.customers.findByEmail(OPERATOR)) ?? { id: '' };

        expect((await begin(person, other.customerId)).status).toBe(404);
        expect((await begin(ops, id)).status).toBe(409);
        expect((await begin(ops, 'cus_none')).status).toBe(404);
        await database
          .as('admin')
          .kysely.updateTable('sessions')
          .set({ proven_at: new Date(Date.now() - 10 * MINUTE) })
          .execute();
        const old = await begin(ops, customerId);
        expect([old.status, old.location]).toEqual([
          303,
          `/step-up?next=${encodeURIComponent(`/admin/customers/${customerId}/act-as`)}`,
        ]);
      });

      test('is told by pages that there are', () => {
        const known = routes.flatMap(({ children = [] }) => children.map(({ path }) => path ?? '/'));
        expect(Object.keys(ACTING_LIMITS).filter((pattern) => !known.includes(pattern))).toEqual([]);
      });
    });
  },
  { only: 'MySQL' },
);
