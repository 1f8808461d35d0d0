import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAccountRemoval } from '../../src/accounts/account-ends.ts';
import { DAY, HOUR, MINUTE } from '../../src/lib/time.ts';
import { forEachDatabase, type TestDatabase } from '../services/for-each-database.ts';
import { linkIn, openMailbox } from '../services/mailbox.ts';
import { PASSWORD, startWeb, type Web } from '../services/web.ts';

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';

forEachDatabase(
  (_name, connect) => {
    let database: TestDatabase;
    let web: Web;
    let mailbox: ReturnType<typeof openMailbox>;

    beforeAll(async () => {
      database = await connect();
      web = await startWeb(database);
      mailbox = openMailbox(database);
    }, 5 * MINUTE);
    afterAll(() => web.stop());

    const customerOf = async (storeId: string) => (await database.repositories.stores.get(storeId)).customerId;
    const idsIn = (body: string): string[] =>
      [...body.matchAll(/name="session" value="(ses_\w+)"/g)].map(([, id = '']) => id);
    const isSignedIn = async (person: ReturnType<Web['browser']>) => (await person.ask('/account')).status === 200;

    describe('sessions', () => {
      test('are listed with device and place; one is ended, or all but this, each with its line', async () => {
        const { person, form, storeId } = await web.signUp('many-browsers');
        const [second, third] = [web.browser(), web.browser()];
        await second.ask('/login', { email: form.email, password: PASSWORD }, { 'user-agent': FIREFOX });
        await third.ask('/login', { email: form.email, password: PASSWORD });

        const { body } = await person.ask('/account/sessions');
        expect([body.includes('Firefox on Windows'), body.includes('127.0.0.1'), idsIn(body).length]).toEqual([
          true,
          true,
          2,
        ]);

        const [id = ''] = idsIn((await third.ask('/account/sessions')).body.split('Firefox on Windows')[1] ?? '');
        expect((await person.ask('/account/sessions', { session: id })).status).toBe(303);
        expect([await isSignedIn(second), await isSignedIn(third)]).toEqual([false, true]);
        expect((await person.ask('/account/sessions', {})).status).toBe(303);
        expect([await isSignedIn(third), await isSignedIn(person)]).toEqual([false, true]);

        const lines = await database.repositories.audit.list({ target: await customerOf(storeId) });
        expect(lines.filter(({ action }) => action === 'session.revoked')).toHaveLength(2);
      });

      test('that are ended see nothing more of what they followed', async () => {
        const { person, form, storeId } = await web.signUp('follows');
        const other = web.browser();
        await other.ask('/login', { email: form.email, password: PASSWORD });
        const followed = other.ask(`/api/stores/${storeId}/events`);

        await person.ask('/account/sessions', {});

        // Without an `end` a browser dials again, and is told that it is signed out.
        const { status, body } = await followed;
        expect([status, body.includes('event: end')]).toEqual([200, false]);
        expect((await other.ask(`/api/stores/${storeId}/events`)).status).toBe(401);
      });

      test('of somebody else are not there', async () => {
        const { person: eve } = await web.signUp('eve');
        const { person, form } = await web.signUp('victim');
        const other = web.browser();
        await other.ask('/login', { email: form.email, password: PASSWORD });
        const [id = ''] = idsIn((await person.ask('/account/sessions')).body);

        expect((await eve.ask('/account/sessions', { session: id })).status).toBe(404);
        expect((await eve.ask('/account/sessions', { session: 'ses_nobodys' })).status).toBe(404);
        expect(await isSignedIn(other)).toBe(true);
      });
    });

    describe('the file with everything about a person', () => {
      test('has account, store, sessions, acts and mails, nothing of others, and no secret', async () => {
        const { person, form, storeId } = await web.signUp('exports');
        await web.signUp('somebody-else');
        await person.ask(linkIn(await mailbox.collect(form.email), 'verify-email'), {});

        await person.ask('/account/tokens', { name: 'nightly', days: '30', scopes: 'account:read' });
        const admin = database.as('admin').kysely;
        const [now, hostname] = [new Date(), 'roses.example'];
        const said = { timezone: 'Europe/Berlin', locale: 'de_DE', country: null, currency: null, maintenance: null };
        await admin
          .insertInto('domains')
          .values({ hostname, store_id: storeId, kind: 'custom', created_at: now })
          .execute();
        await admin
          .insertInto('own_domains')
          .values({
            id: 'dom_exported',
            store_id: storeId,
            hostname,
            state: 'valid',
            token: 't',
            diagnoses_json: '[]',
            created_at: now,
            next_check_at: now,
          })
          .execute();
        await admin
          .insertInto('store_settings')
          .values({ store_id: storeId, ...said, locales_json: '["en_US","de_DE"]', read_at: now })
          .execute();
        await admin
          .insertInto('store_mail')
          .values({
            store_id: storeId,
            sender_name: 'Roses',
            reply_to: null,
            host: 'smtp.example',
            port: 587,
            tls: 'starttls',
            user_name: 'roses',
            from_address: 'shop@roses.example',
            changed_at: now,
          })
          .execute();

        const answer = await person.ask('/account/export', {});

        expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="shophosting-cus_\w+\.json"$/);
        expect(answer.headers.get('cache-control')).toBe('no-store');
        expect(JSON.parse(answer.body)).toMatchObject({
          account: { email: form.email, emailConfirmed: true, role: 'customer' },
          stores: [
            {
              id: storeId,
              name: 'exports',
              domains: [{ hostname, state: 'valid' }],
              settings: { timezone: 'Europe/Berlin', locale: 'de_DE' },
              mail: {
                senderName: 'Roses',
                server: { host: 'smtp.example', user: 'roses', from: 'shop@roses.example' },
              },
            },
          ],
          sessions: [{ address: '127.0.0.1' }],
          apiTokens: [{ name: 'nightly', scopes: ['account:read'] }],
          mails: expect.arrayContaining([expect.objectContaining({ kind: 'welcome' })]),
        });
        const customerId = await customerOf(storeId);
        const [line] = await database.repositories.audit.list({ target: customerId });
        expect(line).toMatchObject({ action: 'account.exported', actor: customerId, address: '127.0.0.1' });
        expect((await person.ask('/account/activity')).body).toContain('took a copy of everything');
        expect(answer.body).toContain('opened the account');
        expect(answer.body).not.toContain('somebody-else');
        const rows = await admin
          .selectFrom('customers')
          .innerJoin('sessions', 'sessions.customer_id', 'customers.id')
          .select(['password_hash', 'token_hash'])
          .execute();
        const tokens = await admin.selectFrom('api_tokens').select('token_hash').execute();
        expect(tokens).toHaveLength(1);
        for (const row of [...rows, ...tokens.map((token) => ({ ...token, password_hash: null }))]) {
          for (const secret of [row.password_hash ?? PASSWORD, row.token_hash])
            expect(answer.body).not.toContain(secret);
        }
      });
    });

    test('the file has no mails of another account with the address, nor where an operator sits; five are made at once', async () => {
      const email = 'shared@example.com';
      await web.signUp('shared-one', { email, password: 'the password of another' });
      const { person, form, storeId } = await web.signUp('shared-two', { email });
      await mailbox.collect(email);
      await web.browser().ask('/login', { email, password: form.password }, { 'user-agent': FIREFOX });
      const admin = database.as('admin').kysely;
      const ownSession = await admin
        .selectFrom('sessions')
        .select('id')
        .where('customer_id', '=', await customerOf(storeId))
        .where('user_agent', '!=', FIREFOX)
        .executeTakeFirstOrThrow();
      await admin
        .updateTable('sessions')
        .set({ impersonator_session: ownSession.id, address: '198.51.100.7' })
        .where('customer_id', '=', await customerOf(storeId))
        .where('user_agent', '=', FIREFOX)
        .execute();

      const { body } = await person.ask('/account/export', {});
      const statuses = [];
      for (let time = 2; time <= 6; time += 1) statuses.push((await person.ask('/account/export', {})).status);

      expect(JSON.parse(body)).toMatchObject({ account: { emailConfirmed: false }, mails: [] });
      expect(body).toContain('An operator, in your place');
      for (const hidden of ['198.51.100.7', FIREFOX]) expect(body).not.toContain(hidden);
      expect(statuses).toEqual([200, 200, 200, 200, 429]);
    });

    describe('an account that is deleted', () => {
      const rung: string[] = [];
      /** One look of the scheduler's, so long from now. */
      const look = (laterMs: number) =>
        createAccountRemoval({
          ends: database.repositories.accountEnds,
          tearDown: database.repositories.stores.requestTeardown,
          ring: async (runId) => void rung.push(runId),
          now: () => new Date(Date.now() + laterMs),
        })();

      test('is left alone for fourteen days; signing in and pressing the button keeps it', async () => {
        const { person, form, storeId } = await web.signUp('thinks-better');
        await mailbox.collect(form.email);

        const mistyped = await person.ask('/account/delete', { email: 'another@example.com' });
        const scheduled = await person.ask('/account/delete', { email: form.email });
        await look(14 * DAY - HOUR);

        expect([mistyped.status, scheduled.status, scheduled.location]).toEqual([422, 303, '/login']);
        expect(await isSignedIn(person)).toBe(false);
        expect((await database.repositories.stores.get(storeId)).status).toBe('pending');
        const back = web.browser();
        await back.ask('/login', { email: form.email, password: PASSWORD });
        expect((await back.ask('/dashboard?all')).body).toContain('Keep my account');
        expect((await back.ask('/account/keep', {})).status).toBe(303);
        expect((await back.ask('/dashboard?all')).body).not.toContain('Keep my account');
        await look(30 * DAY);
        expect((await database.repositories.stores.get(storeId)).status).toBe('pending');
        expect((await mailbox.collect(form.email)).map(({ subject }) => subject)).toEqual([
          'Your account will be deleted',
          'Your account stays',
        ]);
      });

      test('goes after that, its stores before it, with all that was mailed; the ledger keeps its lines', async () => {
        const { person, form, storeId } = await web.signUp('goes');
        const customerId = await customerOf(storeId);
        await mailbox.collect(form.email);
        await person.ask('/account/delete', { email: form.email });

        await look(14 * DAY + MINUTE);
        expect((await database.repositories.stores.get(storeId)).status).toBe('deleting');
        expect(rung.length).toBeGreaterThan(0);
        await look(14 * DAY + MINUTE);
        expect(await database.repositories.customers.find(customerId)).toBeDefined();
        // As the teardown does last.
        await database.as('admin').kysely.deleteFrom('stores').where('id', '=', storeId).execute();
        await look(14 * DAY + MINUTE);

        expect(await database.repositories.customers.find(customerId)).toBeUndefined();
        expect((await web.browser().ask('/login', { email: form.email, password: PASSWORD })).status).toBe(422);
        expect((await mailbox.collect(form.email)).map(({ subject }) => subject)).toEqual(['Your account is deleted']);
        const actions = (await database.repositories.audit.list({ target: customerId })).map(({ action }) => action);
        expect(actions).toEqual(expect.arrayContaining(['account.deletion_scheduled', 'account.deleted']));
      });

      test('closes its open store at once, and staying calls that off', async () => {
        const { person, form, storeId } = await web.signUp('shuts');
        const admin = database.as('admin').kysely;
        await admin.updateTable('provisioning_jobs').set({ status: 'done' }).where('store_id', '=', storeId).execute();
        await admin.updateTable('stores').set({ status: 'active' }).where('id', '=', storeId).execute();
        const latest = async () => (await database.repositories.runs.latest(storeId))?.kind;

        await person.ask('/account/delete', { email: form.email });
        expect(await latest()).toBe('schedule-delete');

        const back = web.browser();
        await back.ask('/login', { email: form.email, password: PASSWORD });
        await back.ask('/account/keep', {});
        expect(await latest()).toBe('undo-delete');
      });

      test('cannot be kept once its time has come, and says so', async () => {
        const { person, form, storeId } = await web.signUp('too-late');
        await person.ask('/account/delete', { email: form.email });
        const due = new Date(Date.now() - MINUTE);
        const account = await customerOf(storeId);
        const admin = database.as('admin').kysely;
        await admin.updateTable('customers').set({ deletion_at: due }).where('id', '=', account).execute();
        const back = web.browser();
        await back.ask('/login', { email: form.email, password: PASSWORD });

        const { body } = await back.ask('/account');
        const kept = await back.ask('/account/keep', {});

        expect([body.includes('cannot be kept any more'), body.includes('Keep my account')]).toEqual([true, false]);
        expect([kept.status, (await back.ask('/account')).body.includes('is being deleted already')]).toEqual([
          303,
          true,
        ]);
        await look(0);
        expect((await database.repositories.stores.get(storeId)).status).toBe('deleting');
      });

      test('gets no further store meanwhile', async () => {
        const { person, form } = await web.signUp('leaves');
        await person.ask('/account/delete', { email: form.email });

        const { answer } = await web.signUp('leaves-two', { email: form.email });

        expect(answer.status).toBe(409);
      });
    });
  },
  { only: 'MySQL' },
);
