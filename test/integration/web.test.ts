import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ownersPresenterOf } from '../../src/app/store-facts.ts';
import { TRANSITIONS } from '../../src/domain/lifecycle.ts';
import type { StoreStatus } from '../../src/domain/store.ts';
import { MINUTE } from '../../src/lib/time.ts';
import type { StoreView } from '../../src/stores/present-store.ts';
import { tellingKinds } from '../../src/stores/telling-run.ts';
import routes from '../../src/web/pages/routes.ts';
import { forEachDatabase, type TestDatabase } from '../services/for-each-database.ts';
import { OFFER, PASSWORD, startWeb, type Web } from '../services/web.ts';
import { letClaim } from './mysql/fixtures.ts';

/** Routes that only act, lead on, or look at what somebody must have first: a link by mail, a log-in half done, an app, a passkey. */
const NOT_FOR_A_LOOK: ReadonlySet<string> = new Set([
  '/*',
  '/theme',
  '/step-up',
  '/acting/stop',
  '/login/second-step',
  '/login/passkey-question',
  '/account/passkeys/question',
  '/account/passkeys/:passkeyId',
  '/step-up/question',
  '/account/second-factors/:factor/remove',
  '/account/verification',
  '/account/export',
  '/account/keep',
  '/verify-email',
  '/reset-password',
  '/restore-email',
  '/disown-factor',
]);
const STATUSES = Object.keys(TRANSITIONS) as StoreStatus[];

forEachDatabase(
  (_name, connect) => {
    let database: TestDatabase;
    let web: Web;
    const { browser, signUp } = {
      browser: () => web.browser(),
      signUp: (...wish: Parameters<Web['signUp']>) => web.signUp(...wish),
    };

    beforeAll(async () => {
      database = await connect();
      web = await startWeb(database);
    }, 5 * MINUTE);

    afterAll(() => web.stop());

    /** In MySQL, as nothing of the platform could do it that fast. */
    const setStatus = (id: string, status: StoreStatus) =>
      database.as('worker').kysely.updateTable('stores').set({ status }).where('id', '=', id).execute();

    describe('who may open a page', () => {
      const pages = routes.flatMap(({ file, children = [] }) =>
        children.map((page) => ({ layout: file, path: `/${page.path ?? ''}` })),
      );
      const reachable = pages.filter(
        ({ path }) =>
          !NOT_FOR_A_LOOK.has(path) && !/:webhookId|\/(?:retry|undo-delete|new-password|database)$/.test(path),
      );

      test('stands beside it, and there is no page without', () => {
        const layouts = new Set(pages.map(({ layout }) => layout));
        expect(layouts).toEqual(
          new Set(['access/anyone.tsx', 'access/guests.tsx', 'access/customers.tsx', 'access/operators.tsx']),
        );
        expect(routes.every(({ path }) => path === undefined)).toBe(true);
      });

      test.each(reachable)('$path ($layout)', async ({ path, layout }) => {
        const { person, storeId } = await signUp(`page-${reachable.findIndex((page) => page.path === path)}`);
        const url = path.replace(':storeId', storeId);
        const byGuest = await browser().ask(url);
        const byOwner = await person.ask(url);
        const { person: other } = await signUp(`other-${reachable.findIndex((page) => page.path === path)}`);
        const byOther = await other.ask(url);
        const isForAnyone = layout === 'access/anyone.tsx' || layout === 'access/guests.tsx';
        expect([byGuest.status, byGuest.location]).toEqual(
          isForAnyone ? [200, ''] : [303, `/login?next=${encodeURIComponent(url)}`],
        );
        const forOwner: Record<string, number> = { 'access/guests.tsx': 303, 'access/operators.tsx': 404 };
        // Where credentials used to be leads to where they are, a dashboard with one store to that; a store that is not
        // made yet has no domains and no settings.
        const leadsOn = /\/(?:dashboard|credentials|domains.*)$|^\/stores\/:storeId\/(?:settings|delete)$/.test(path);
        expect(byOwner.status).toBe(leadsOn ? 303 : (forOwner[layout] ?? 200));
        if (path.includes(':storeId')) expect(byOther.status).toBe(404);
      });
    });

    describe('a customer', () => {
      test('sees the store at once, who is before it, and is told the truth about the worker', async () => {
        const { person, answer, storeId } = await signUp('first-in-line');
        expect([answer.status, storeId.startsWith('sto_')]).toEqual([303, true]);
        const page = await person.ask(`/stores/${storeId}`);
        expect(page.status).toBe(200);
        expect(page.body).toMatch(/queue|turn/i);
        expect(JSON.parse((await person.ask('/api/status')).body)).toMatchObject({ id: storeId, status: 'pending' });
        // Nobody works here, so nobody can open the safe; that is no 500.
        const credentials = await person.ask('/api/credentials');
        expect([credentials.status, JSON.parse(credentials.body)]).toEqual([
          503,
          expect.objectContaining({ code: 'worker_unavailable' }),
        ]);
      });

      test.each(STATUSES)('finds words for a store that is %s, on the dashboard and on its page', async (status) => {
        const { person, storeId } = await signUp(`is-${status}`);
        await setStatus(storeId, status);
        const word = status.replaceAll('-', ' ');
        for (const path of ['/dashboard?all', `/stores/${storeId}`]) {
          const page = await person.ask(path);
          expect(page.status).toBe(200);
          expect(page.body.toLowerCase()).toContain(word);
        }
      });

      test('who wished for a domain of their own is led to connect it, once the store is open', async () => {
        const { person, storeId } = await signUp('wishes', { domain: 'wishes.example' });
        await setStatus(storeId, 'active');

        const page = await person.ask(`/stores/${storeId}`);

        expect(page.body).toContain('You wished for this domain.');
        expect(page.body).toContain(`href="/stores/${storeId}/domains"`);
        expect(page.body).toContain('Connect it');
      });

      test('with one store is led straight to it, and from there to all stores and to a new one; with two to the list', async () => {
        const { person, form, storeId } = await signUp('only-one');
        const led = await person.ask('/dashboard');
        expect([led.status, led.location]).toEqual([303, `/stores/${storeId}`]);
        const { body } = await person.ask(led.location);
        for (const way of ['href="/dashboard?all"', 'All your stores', 'href="/signup"']) expect(body).toContain(way);
        expect((await person.ask('/dashboard?all')).body).toContain('Add a store');

        await letClaim(database, (await database.repositories.stores.get(storeId)).customerId);
        const key = /name="idempotency_key" value="([^"]+)"/.exec((await person.ask('/signup')).body)?.[1] ?? '';
        const second = await person.ask('/signup', { ...form, store_name: 'second-one', idempotency_key: key });
        expect(second.status).toBe(303);
        const list = await person.ask('/dashboard');
        expect([list.status, list.body.includes('only-one'), list.body.includes('second-one')]).toEqual([
          200,
          true,
          true,
        ]);
      });

      test('is told of the own store alone, as it is now, however many ask at once; and nothing once the session ended', async () => {
        const owners = await Promise.all(['asks-a', 'asks-b', 'asks-c'].map((name) => signUp(name)));
        const { stores, runs } = database.repositories;
        for (const status of ['active', 'suspended', 'failed'] as const) {
          for (const { storeId } of owners) await setStatus(storeId, status);
          // Each several times over, in turn: they share reads, with themselves and with others.
          const asked = [1, 2, 3].flatMap(() =>
            owners.map(async ({ storeId, person }) => ({ storeId, answer: await person.ask('/api/status') })),
          );
          for (const { storeId, answer } of await Promise.all(asked)) {
            const view = JSON.parse(answer.body) as StoreView;
            const httpsPort = Number(new URL(view.url).port) || 443;
            const present = ownersPresenterOf({ http: { port: 80, httpsPort, listenAddress: '127.0.0.1' } });
            const whole = present(await stores.get(storeId), await runs.latest(storeId, tellingKinds(status)));
            expect([answer.status, view]).toEqual([200, { ...whole, status }]);
          }
        }
        const [ann, bob, carl] = owners.map(({ person }) => person);
        const busy = [1, 2, 3].map(() => Promise.all([bob?.ask('/api/status'), carl?.ask('/api/status')]));
        expect((await ann?.ask('/logout', {}))?.status).toBe(303);
        expect((await ann?.ask('/api/status'))?.status).toBe(401);
        expect((await ann?.ask(`/api/status?store=${owners[0]?.storeId}`))?.status).toBe(401);
        expect((await Promise.all(busy)).flat().map((answer) => answer?.status)).toEqual(Array(6).fill(200));
        const others = owners.map(async ({ storeId }) => (await bob?.ask(`/api/status?store=${storeId}`))?.status);
        expect(await Promise.all(others)).toEqual([404, 200, 404]);
      });

      test('logs out, is a guest then, and logs in to what was wanted, but never to another site', async () => {
        const { person, form } = await signUp('comes-back');
        expect((await person.ask('/logout', {})).status).toBe(303);
        expect((await person.ask('/api/status')).status).toBe(401);
        const wrong = await person.ask('/login', { email: form.email, password: 'not the password' });
        expect([wrong.status, wrong.body.includes('not the password')]).toEqual([422, false]);
        for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example']) {
          const answer = await person.ask('/login', { email: form.email, password: PASSWORD, next });
          expect([answer.status, answer.location]).toEqual([303, '/dashboard']);
        }
        const answer = await person.ask('/login', { email: form.email, password: PASSWORD, next: '/dashboard?x=1' });
        expect(answer.location).toBe('/dashboard?x=1');
      });
    });

    test('says how long ago something was before any script runs, so that nothing moves when one does', async () => {
      const { person, storeId } = await signUp('minutes-ago');
      const { kysely } = database.as('admin');
      const createdAt = new Date(Date.now() - 3.5 * MINUTE);
      await kysely.updateTable('stores').set({ created_at: createdAt }).where('id', '=', storeId).execute();

      expect((await person.ask('/dashboard?all')).body).toMatch(/<time [^>]*>3 minutes ago<\/time>/);
    });

    test('names what a store is signed in to with, and no password, before it is asked to', async () => {
      const { person, storeId } = await signUp('names-in-view');
      const { kysely } = database.as('admin');
      await kysely.updateTable('stores').set({ status: 'suspended' }).where('id', '=', storeId).execute();

      const { body } = await person.ask(`/stores/${storeId}/access`);

      for (const name of ['shopowner', 'db', 'shop']) expect(body).toContain(`<code>${name}</code>`);
      expect(body.match(/••••/g)?.length).toBeGreaterThan(1);
      // What cannot be pressed says why.
      expect(body).toContain('Not while your store is suspended.');
      expect(body).toContain('Only while your store is active; it is suspended.');
    });

    test('a page that is not there leads a customer to the stores, and a guest to the start', async () => {
      const { person } = await signUp('gone-astray');
      const ways = await Promise.all(
        [person, browser()].map(async (who) => wayIn((await who.ask('/no-such-page')).body)),
      );

      expect(ways).toEqual(['/dashboard?all', '/']);
    });

    test('the foot of a page leads to what the operator names, and to nothing else', async () => {
      const { body } = await browser().ask('/login');
      const foot = body.slice(body.indexOf('<footer'));

      const links = [...foot.matchAll(/<a href="([^"]+)">([^<]+)/g)].map(([, to, label]) => [label, to]);
      expect(links).toEqual([
        ['Guide', 'https://help.test/'],
        ['API', '/api/docs'],
      ]);
      expect((await browser().ask('/api/docs')).status).toBe(200);
    });

    describe('what somebody finds', () => {
      test('are stores and what can be done with them, one’s own alone', async () => {
        const mine = await signUp('found-mine');
        const theirs = await signUp('found-theirs');

        const { body } = await mine.person.ask('/find?q=logs+found');

        expect(body).toContain(`href="/stores/${mine.storeId}/logs"`);
        expect(body).not.toContain(theirs.storeId);
        expect((await mine.person.ask('/find?q=found-m')).body).toContain(`href="/stores/${mine.storeId}"`);
      });

      test('are told from nobody else’s, whatever is typed, and what was typed is only ever text', async () => {
        const mine = await signUp('types-mine');
        const theirs = await signUp('types-theirs');
        const typed = ['%', '_', '\\', "' OR 1=1 --", '" or ""="', '../..', '\u0000', '🛒', 'x'.repeat(5000)];
        for (const text of [...typed, '<script>alert(1)</script>', 'types-theirs', theirs.storeId]) {
          const { status, body } = await mine.person.ask(`/find?q=${encodeURIComponent(text)}`);
          expect([text, status]).toEqual([text, 200]);
          expect([text, body.includes(`/stores/${theirs.storeId}`)]).toEqual([text, false]);
          expect([text, body.includes('<script>alert(1)')]).toEqual([text, false]);
        }
      });
    });

    describe('the form', () => {
      const keyIn = (body: string): string => /name="idempotency_key" value="([^"]+)"/.exec(body)?.[1] ?? '';
      const countStores = async (email: string): Promise<number> =>
        (await database.repositories.stores.list()).filter((store) => store.customerEmail === email).length;

      /** A customer's form, as it is posted without scripts. */
      async function signedIn(name: string) {
        const { person, form, storeId } = await signUp(name);
        await letClaim(database, (await database.repositories.stores.get(storeId)).customerId);
        const { body } = await person.ask('/signup');
        const added: Record<string, string> = {
          signed_in_as: /name="signed_in_as" value="([^"]+)"/.exec(body)?.[1] ?? '',
          password: PASSWORD,
          store_name: `${name}-2`,
          platform: 'wordpress',
          idempotency_key: keyIn(body),
        };
        return { person, email: form.email, added };
      }

      test('of a customer, sent by two clicks: one store, and the browser stays signed in', async () => {
        const { person, email, added } = await signedIn('two-clicks');

        const clicks = await Promise.all([person.ask('/signup', added), person.ask('/signup', added)]);
        const later = await person.ask('/signup', added);

        expect(new Set([...clicks, later].map(({ status, location }) => `${status} ${location}`)).size).toBe(1);
        expect(later.status).toBe(303);
        expect(await countStores(email)).toBe(2);
        expect((await person.ask('/api/status')).status).toBe(200);
      });

      test('of a customer with a wrong password is told beside the field, and makes no second account', async () => {
        const { person, email, added } = await signedIn('wrong-password');
        const before = (await database.repositories.customers.list()).length;

        const wrong = await person.ask('/signup', { ...added, password: 'not the password' });

        expect([wrong.status, wrong.body.includes('not the password of your account')]).toEqual([422, true]);
        expect([await countStores(email), (await database.repositories.customers.list()).length]).toEqual([1, before]);
        const right = await person.ask('/signup', { ...added, idempotency_key: keyIn(wrong.body) });
        expect(right.status).toBe(303);
      });

      test('sent again with something else is told so, and then makes another store', async () => {
        const { person, form, storeId } = await signUp('sent-again');
        await letClaim(database, (await database.repositories.stores.get(storeId)).customerId);

        const same = await person.ask('/signup', form);
        const other = await person.ask('/signup', { ...form, store_name: 'sent-again-2' });
        const fresh = keyIn(other.body);
        const more = await person.ask('/signup', { ...form, store_name: 'sent-again-2', idempotency_key: fresh });

        expect([same.status, same.location]).toEqual([303, `/stores/${storeId}`]);
        expect([other.status, other.body.includes('is made already')]).toEqual([422, true]);
        expect(fresh).not.toBe(form['idempotency_key']);
        expect(more.status).toBe(303);
        expect(await countStores(form.email)).toBe(2);
      });

      test('to log in ends the session that the browser had', async () => {
        const { form } = await signUp('logs-in-anew');
        const person = browser();
        const logIn = { email: form.email, password: PASSWORD };
        const countSessions = async (): Promise<number> => {
          const rows = await database
            .as('web')
            .kysely.selectFrom('sessions')
            .innerJoin('customers', 'customers.id', 'sessions.customer_id')
            .select('sessions.id')
            .where('email', '=', form.email)
            .execute();
          return rows.length;
        };
        await person.ask('/login', logIn);
        const before = await countSessions();
        await person.ask('/login', logIn);

        expect(await countSessions()).toBe(before);
      });
    });

    test('a password that is typed is looked at by the judge of the form, so often in a minute and no more', async () => {
      const look = (password: string) =>
        fetch(`${web.base}/api/passwords`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ password, email: 'ann@example.com', storeName: 'flowers' }),
        });
      const told = await (await look('iloveyou654321')).json();
      expect(told).toEqual({ isAccepted: false, sentence: expect.stringContaining('common') });
      expect(await (await look(PASSWORD)).json()).toMatchObject({ isAccepted: true });

      const statuses: number[] = [];
      while (statuses.length < 200 && statuses.at(-1) !== 429) statuses.push((await look('short')).status);
      expect([statuses[0], statuses.at(-1)]).toEqual([200, 429]);
      expect(Number((await look('short')).headers.get('retry-after'))).toBeGreaterThan(0);
    });

    test('a shop begins with what its owner says, without scripts too; what its platform cannot is told beside the field', async () => {
      const { body } = await browser().ask('/signup');
      for (const shown of ['Shop details', 'As usual here: United States', 'As usual here: US Dollar (USD)']) {
        expect(body).toContain(shown);
      }
      const start = { title: 'Roses & more', country: 'DE', currency: 'EUR', timezone: 'Europe/Berlin', locale: '' };

      const refused = await signUp('begins-plain', start);
      expect(refused.answer.status).toBe(422);
      expect(refused.answer.body).toContain('Shops of this kind have no such setting.');
      expect(refused.answer.body).toContain('href="#currency"');
      for (const kept of ['value="Roses &amp; more"', 'value="EUR" selected', 'value="Europe/Berlin" selected']) {
        expect(refused.answer.body).toContain(kept);
      }
      expect(await database.repositories.stores.findByName('begins-plain')).toBeUndefined();

      const { answer, storeId } = await signUp('begins-well', { ...start, platform: 'woocommerce' });
      expect(answer.status).toBe(303);
      const { locale: _, ...said } = start;
      expect(await database.repositories.stores.get(storeId)).toMatchObject({ title: 'Roses & more', start: said });
    });

    describe('somebody who wants Magento', () => {
      /** Only for what nobody but the owner may know. */
      const adminPathOf = async (storeId: string): Promise<string> =>
        (await database.repositories.stores.get(storeId)).adminPath;
      const storeNamed = (name: string) => database.repositories.stores.findByName(name);

      test('sees before anything else which plan it needs and what that costs', async () => {
        const { body } = await browser().ask('/signup');

        expect(body).toContain('Needs the Business plan or larger: 2 GB, €29 a month.');
        expect(body).toContain('Not enough for Magento.');
        expect(choiceIn(body, 'plan', '')).toContain('checked');
      });

      test('gets the smallest plan that is enough when the plan is left alone, and the same store by a second click', async () => {
        const { person, form, answer } = await signUp('left-alone', { platform: 'magento', plan: '' });
        const again = await person.ask('/signup', form);

        expect([answer.status, again.location]).toEqual([303, answer.location]);
        expect(await storeNamed('left-alone')).toMatchObject({ platform: 'magento', plan: 'business' });
      });

      test('is told beside the plan when it is too small; what was typed is kept, and nothing is made', async () => {
        const wish = { platform: 'magento', plan: 'starter', domain: 'shop.example.com' };
        const { person, form, answer } = await signUp('too-small', wish);

        expect(answer.status).toBe(422);
        expect(answer.body).toMatch(/id="plan-error"[^>]*>Magento needs 2 GB of memory; the plan starter has 1 GB\./);
        expect(answer.body).toContain('href="#plan"');
        for (const kept of ['too-small', 'too-small@example.com', 'shop.example.com']) {
          expect(answer.body).toContain(`value="${kept}"`);
        }
        for (const [name, value] of [
          ['platform', 'magento'],
          ['plan', 'starter'],
        ] as const) {
          expect(choiceIn(answer.body, name, value)).toContain('checked');
        }
        expect(answer.body).not.toContain(PASSWORD);
        expect(await storeNamed('too-small')).toBeUndefined();

        const key = /name="idempotency_key" value="([^"]+)"/.exec(answer.body)?.[1] ?? '';
        const larger = await person.ask('/signup', { ...form, plan: 'scale', idempotency_key: key });
        expect([larger.status, (await storeNamed('too-small'))?.plan]).toEqual([303, 'scale']);
      });

      test('reads of Magento alone while it is made and when it is open', async () => {
        const { person, storeId } = await signUp('one-of-its-own', { platform: 'magento' });
        const making = await person.ask(`/stores/${storeId}`);
        await setStatus(storeId, 'active');
        const [open, keys] = await Promise.all(['', '/access'].map((page) => person.ask(`/stores/${storeId}${page}`)));

        expect(making.body).toContain('Installing Magento, its catalogue and its search');
        expect(making.body).not.toMatch(/usually/i);
        expect(open?.body).toContain('under Catalog, Products');
        expect(open?.body).toMatch(/What happened last.*You ordered the store/s);
        for (const page of [open, keys]) {
          expect(page?.body).toContain(await adminPathOf(storeId));
          expect(page?.body).toMatch(/share it only.*second factor/s);
        }
        for (const page of [making, open, keys]) expect(page?.body).not.toMatch(/wordpress|woocommerce|wp-admin/i);
      });

      test('has an administration whose address nobody else is told', async () => {
        const { storeId } = await signUp('well-hidden', { platform: 'magento' });
        await setStatus(storeId, 'active');
        const { person: other } = await signUp('curious');
        const secret = (await adminPathOf(storeId)).replaceAll('/', '');
        expect(secret).toMatch(/^admin_\w{10}$/);

        const paths = ['/', '/signup', '/login', '/dashboard', '/no-such-page', '/api/names?name=well-hidden'];
        const ofTheStore = ['', '/access', '/logs', '/credentials'].map((page) => `/stores/${storeId}${page}`);
        for (const person of [browser(), other]) {
          for (const path of [
            ...paths,
            ...ofTheStore,
            '/api/status',
            '/api/credentials',
            `/api/stores/${storeId}/events`,
          ]) {
            const { body, location } = await person.ask(path);
            expect([path, body.includes(secret), location.includes(secret)]).toEqual([path, false, false]);
          }
          const taken = await person.ask('/signup', { store_name: 'well-hidden', platform: 'magento' });
          expect(taken.body).not.toContain(secret);
        }
      });
    });

    describe('before somebody types', () => {
      const offer = (change: object) =>
        database.repositories.settings
          .set('offer', { ...OFFER, ...change })
          // The offer is read anew after two seconds.
          .then(() => new Promise((resolve) => setTimeout(resolve, 2100)));

      test('it is said that nobody can sign up now, and a form that is sent all the same makes nothing', async () => {
        const closed = 'Every place is taken at the moment. We are making room; please come back later.';
        await offer({ closed });
        const page = await browser().ask('/signup');
        expect(page.body).toContain(closed);
        const { answer } = await signUp('too-late');
        expect([answer.status, await database.repositories.stores.findByName('too-late')]).toEqual([503, undefined]);
        await offer({});
      });

      test('a platform that cannot be had is shown with its reason, cannot be chosen, and is not named elsewhere', async () => {
        await offer({ unavailable: { woocommerce: 'Not today.', magento: 'Not offered here at the moment.' } });
        const [form, landing] = await Promise.all(['/signup', '/'].map((path) => browser().ask(path)));

        for (const [platform, reason] of [
          ['woocommerce', 'Not today.'],
          ['magento', 'Not offered here at the moment.'],
        ] as const) {
          const { answer } = await signUp(`no-${platform}`, { platform });
          expect([answer.status, await database.repositories.stores.findByName(`no-${platform}`)]).toEqual([
            422,
            undefined,
          ]);
          expect(form?.body).toContain(reason);
          expect(choiceIn(form?.body ?? '', 'platform', platform)).toContain('disabled');
        }
        expect(form?.body).not.toMatch(/Needs the Business plan|Not enough for/);
        expect(landing?.body).toContain('WordPress, installed and ready');
        expect(landing?.body).not.toMatch(/Magento|WooCommerce/);
        await offer({});
        expect((await browser().ask('/')).body).toContain('WooCommerce, WordPress or Magento, installed and ready');
      });
    });
  },
  { only: 'MySQL' },
);

/** The tag of a radio button, as it was sent; empty when there is none. */
const choiceIn = (body: string, name: string, value: string): string =>
  (body.match(/<input [^>]*>/g) ?? []).find(
    (tag) => tag.includes(`name="${name}"`) && tag.includes(`value="${value}"`),
  ) ?? '';

/** Where the one button in the middle of the page leads. */
const wayIn = (body: string): string | undefined =>
  /<a [^>]*class="[^"]*mantine-Button[^>]*>/.exec(mainIn(body))?.[0].match(/href="([^"]*)"/)?.[1];

const mainIn = (body: string): string => body.slice(body.indexOf('<main'));
