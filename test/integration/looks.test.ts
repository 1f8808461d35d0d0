import type { BrowserContext, Browser as Chromium, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashPassword } from '../../src/adapters/crypto/hash-password.ts';
import { PAGES as EDGE_PAGES } from '../../src/adapters/edge/pages/pages.ts';
import { judgeDomain } from '../../src/domain/judge-domain.ts';
import { DOMAIN_STATES } from '../../src/domain/own-domains.ts';
import { newId } from '../../src/lib/new-id.ts';
import { HOUR, MINUTE } from '../../src/lib/time.ts';
import routes from '../../src/web/pages/routes.ts';
import { complaintsOf, expectPage, newVisitor, openBrowser } from '../e2e/browser.ts';
import { createAuthenticator } from '../services/authenticator.ts';
import { findingsOn } from '../services/findings.ts';
import { forEachDatabase, type TestDatabase } from '../services/for-each-database.ts';
import { linkIn, openMailbox } from '../services/mailbox.ts';
import { addPasskey, ORIGIN } from '../services/passkeys.ts';
import { codeOf, giveSecondFactor, logInWithCode, setUpApp } from '../services/second-factor.ts';
import { type Browser, PASSWORD, startWeb, type Web } from '../services/web.ts';
import { aWaitingShop, letClaim } from './mysql/fixtures.ts';

const LOOKS_AGAIN = 'meta-refresh: <meta http-equiv="refresh" content="5">';
const OPERATOR = 'ops@example.com';
const NEW_ADDRESS = 'mara@elsewhere.example';
const LONG_HOST = 'a-very-long-name-that-somebody-thought-of-one-night.of-a-family.example.com';

/** Where there is something to see; the others only act or lead on. */
const PAGES = routes
  .flatMap(({ children = [] }) => children)
  .filter(({ file }) => file.endsWith('.tsx'))
  .map(({ path = '' }) => path);

forEachDatabase(
  (_name, connect) => {
    let database: TestDatabase;
    let web: Web;
    let chromium: Chromium;
    let context: BrowserContext;
    let page: Page;
    let complaints: string[];
    let world: Awaited<ReturnType<typeof makeWorld>>;

    beforeAll(async () => {
      database = await connect();
      web = await startWeb(database);
      world = await makeWorld();
      chromium = await openBrowser([Number(new URL(web.base).port)]);
      context = await newVisitor(chromium);
      page = await context.newPage();
      complaints = complaintsOf(page);
    }, 5 * MINUTE);
    afterAll(async () => {
      await context?.close();
      await chromium?.close();
      await web?.stop();
    });

    const setStore = (id: string, to: { status: 'active' }) =>
      database.as('admin').kysely.updateTable('stores').set(to).where('id', '=', id).execute();

    /** A domain in each state, with what a look into the DNS would have said of it. */
    async function connectDomains(storeId: string): Promise<void> {
      const token = 'shophosting-proof-of-the-store';
      const place = { addresses: ['203.0.113.7'], platformName: 'mara.shops.test', isPlatformNamePublic: true };
      const elsewhere = [{ address: '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', leads: 'elsewhere' as const }];
      const facts = { place, caaIdentity: 'letsencrypt.org', otherNames: [] };
      const lastTry = { at: new Date().toISOString(), isDone: false, reason: 'The authority refused.' };
      const certificate = { issuer: 'Let’s Encrypt (R11)', isPubliclyTrusted: true, notBefore: lastTry.at };
      for (const [at, state] of DOMAIN_STATES.entries()) {
        const hostname = state === 'problem' ? LONG_HOST : `${state}.example.com`;
        const provenAt = state === 'waiting-for-dns' ? null : new Date();
        const { diagnoses, found } = judgeDomain(
          { hostname, token, provenAt },
          {
            failure: null,
            proofs: provenAt === null ? ['another proof'] : [token],
            alias: null,
            addresses: state === 'valid' ? [] : elsewhere,
            caa: { at: 'example.com', issuers: ['ca.example.net'] },
            www: [],
            nameServers: ['uma.ns.cloudflare.com'],
          },
          facts,
        );
        await database
          .as('admin')
          .kysely.insertInto('own_domains')
          .values({
            id: newId('dom'),
            store_id: storeId,
            hostname,
            state,
            token,
            diagnoses_json: JSON.stringify(state === 'valid' ? [] : diagnoses),
            found_json: JSON.stringify(found),
            certificate_json: JSON.stringify({ ...certificate, notAfter: lastTry.at, lastTry }),
            created_at: new Date(Date.now() + at),
            checked_at: new Date(),
            next_check_at: new Date(Date.now() + HOUR),
            proven_at: provenAt,
            valid_at: state === 'valid' ? new Date() : null,
          })
          .execute();
      }
    }

    /** Somebody who has one of everything that there is a page for, and others where that is in the way. */
    async function makeWorld() {
      const mailbox = openMailbox(database);
      const newcomer = await web.signUp('newcomer');
      const verify = linkIn(await mailbox.collect('newcomer@example.com'), 'verify-email');

      const { person: mara, storeId } = await web.signUp('mara');
      const { customerId } = await database.repositories.stores.get(storeId);
      await setStore(storeId, { status: 'active' });
      await letClaim(database, customerId);
      await mara.ask('/account/email', { email: NEW_ADDRESS });
      await mara.ask(linkIn(await mailbox.collect(NEW_ADDRESS), 'verify-email'), {});
      const restore = linkIn(await mailbox.collect('mara@example.com'), 'restore-email');
      await setUpApp(mara);
      await addPasskey(mara, createAuthenticator({ origin: ORIGIN }), { name: 'My phone' });
      const disown = linkIn(await mailbox.collect(NEW_ADDRESS), 'disown-factor');
      await web.browser().ask('/forgot-password', { email: NEW_ADDRESS });
      const reset = linkIn(await mailbox.collect(NEW_ADDRESS), 'reset-password');
      await mara.ask('/account/webhooks/new', {
        name: 'Books',
        url: `https://${LONG_HOST}/in`,
        events: 'store.active',
      });
      const [webhook] = await database.repositories.webhookEndpoints.list(customerId);
      const [passkey] = (await database.repositories.secondFactors.summary(customerId)).passkeys;
      await connectDomains(storeId);
      const halfWay = web.browser();
      await halfWay.ask('/login', { email: NEW_ADDRESS, password: PASSWORD });
      const stale = await web.signUp('stale');
      const { customerId: staleId } = await database.repositories.stores.get(stale.storeId);
      await database
        .as('admin')
        .kysely.updateTable('sessions')
        .set({ proven_at: new Date(Date.now() - HOUR) })
        .where('customer_id', '=', staleId)
        .execute();

      await aWaitingShop(database);
      const ops = await anOperator();
      const run = await database.repositories.runs.latest(storeId);
      const [mail] = (await database.repositories.outboxEntries.page({ kind: 'welcome' }, { limit: 1 })).mails;

      const guest = web.browser();
      /** Whoever looks at a page, and at which address; what is not named here is mara's. */
      const looks: Readonly<Record<string, readonly [who: Browser, url?: string]>> = {
        '': [guest],
        '*': [guest, '/no-such-page'],
        signup: [guest],
        login: [guest],
        'login/second-step': [halfWay],
        'forgot-password': [guest],
        'reset-password': [guest, reset],
        'restore-email': [guest, restore],
        'disown-factor': [guest, disown],
        'verify-email': [newcomer.person, verify],
        'step-up': [stale.person],
        dashboard: [mara, '/dashboard?all'],
        find: [mara, '/find?q=m'],
        'account/authenticator': [newcomer.person],
        'stores/:storeId/cancel': [newcomer.person, `/stores/${newcomer.storeId}/cancel`],
      };
      const filledIn: Readonly<Record<string, string>> = {
        storeId,
        customerId,
        runId: run?.id ?? '',
        mailId: mail?.id ?? '',
        hostname: LONG_HOST,
        webhookId: webhook?.id ?? '',
        passkeyId: passkey?.id ?? '',
        factor: 'totp',
      };
      const lookAt = (pattern: string) => {
        const [who, url = `/${pattern.replaceAll(/:(\w+)/g, (_all, name: string) => filledIn[name] ?? '')}`] = looks[
          pattern
        ] ?? [pattern.startsWith('admin') ? ops : mara];
        return { who, url };
      };
      return { mara, ops, guest, storeId, lookAt };
    }

    /** Signed in, and proven for as long as all pages take. */
    async function anOperator(): Promise<Browser> {
      const { id } = await database.repositories.customers.create({
        email: OPERATOR,
        role: 'operator',
        passwordHash: await hashPassword(PASSWORD),
      });
      const code = codeOf(await giveSecondFactor(database, id));
      const ops = web.browser();
      expect((await logInWithCode(ops, { email: OPERATOR, password: PASSWORD, code })).location).toBe('/dashboard');
      const kysely = database.as('admin').kysely.updateTable('sessions').where('customer_id', '=', id);
      await kysely.set({ proven_at: new Date(Date.now() + HOUR) }).execute();
      return ops;
    }

    /** What somebody's browser keeps, in Chromium. */
    async function be(person: Browser): Promise<void> {
      await context.clearCookies();
      const cookies = person.cookies().split('; ').filter(Boolean);
      await context.addCookies(
        cookies.map((cookie) => {
          const [name = '', value = ''] = cookie.split(/=(.*)/s);
          return { name, value, url: web.base.replace('http:', 'https:') };
        }),
      );
    }

    /** Opens it, and expects nothing to find. */
    async function open(person: Browser, url: string, status = 200): Promise<void> {
      await be(person);
      const answer = await page.goto(`${web.base}${url}`);
      expect([url, answer?.status(), page.url()]).toEqual([url, status, `${web.base}${url}`]);
    }

    test.each(PAGES)('/%s', async (pattern) => {
      const { who, url } = world.lookAt(pattern);
      await open(who, url, pattern === '*' ? 404 : 200);
      expect([await findingsOn(page, pattern), complaints]).toEqual([[], []]);
    });

    describe('what is no page of its own', () => {
      test('new recovery codes, and a token that is shown once', async () => {
        await open(world.mara, '/account/recovery-codes');
        await page.getByRole('button', { name: 'Make new recovery codes' }).click();
        await expectPage(page.getByRole('list', { name: 'Recovery codes' })).toBeVisible();
        expect(await findingsOn(page, 'recovery codes, new')).toEqual([]);
        await open(world.mara, '/account/tokens');
        await page.getByLabel('Name').fill('Books');
        await page.getByRole('checkbox').first().check();
        await page.getByRole('button', { name: 'Make the token' }).click();
        await expectPage(page.getByRole('heading', { name: 'Your new token: Books' })).toBeVisible();
        expect([await findingsOn(page, 'a token, new'), complaints]).toEqual([[], []]);
      });

      test('what operators look for and is not there, and the API for people', async () => {
        await open(world.ops, '/admin/stores/sto_none', 404);
        expect(await findingsOn(page, 'no such store')).toEqual([]);
        await open(world.ops, '/admin/no-such-page', 404);
        expect(await findingsOn(page, 'no such page of the desk')).toEqual([]);
        await open(world.guest, '/api/docs');
        expect([await findingsOn(page, 'the API'), complaints]).toEqual([[], []]);
      });

      test.each(Object.entries(EDGE_PAGES))('what the edge says by itself: %s', async (what, html) => {
        // Not under the policy of the page before.
        await page.goto('about:blank');
        await page.setContent(html);
        const found = (await findingsOn(page, what)).flatMap((finding) => [...finding.found, finding.tooWide]);
        // It looks again by itself, without a script; nothing that somebody typed or reached is lost by it.
        expect(found.filter((each) => each !== 0)).toEqual(what === 'making' ? [LOOKS_AGAIN] : []);
      });

      test('a link that is over, a page that broke, and a worker that does not answer', async () => {
        await open(world.guest, '/reset-password?token=over', 410);
        expect(await findingsOn(page, 'a link that is over')).toEqual([]);
        await open(world.mara, `/stores/${world.storeId}/access`);
        await page.getByRole('button', { name: 'Show the credentials' }).click();
        await expectPage(page.getByRole('alert')).toBeVisible();
        expect(await findingsOn(page, 'no worker')).toEqual([]);
        await database
          .as('admin')
          .kysely.updateTable('own_domains')
          .set({ found_json: '{}' })
          .where('store_id', '=', world.storeId)
          .execute();
        await open(world.mara, `/stores/${world.storeId}/domains`, 500);
        expect([await findingsOn(page, 'a page that broke'), complaints]).toEqual([[], []]);
      });
    });

    describe('on a phone', () => {
      test('the ways are in a drawer, which opens without scripts too, and closes behind whoever goes', async () => {
        const phone = { viewport: { width: 360, height: 740 } };
        for (const javaScriptEnabled of [true, false]) {
          const visitor = await newVisitor(chromium, { ...phone, javaScriptEnabled });
          await visitor.addCookies(await cookiesOfMara());
          const small = await visitor.newPage();
          await small.goto(`${web.base}/account`);
          const way = small.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Your stores' });
          await expectPage(way).toBeHidden();
          await small.getByRole('button', { name: 'Menu' }).click();
          await expectPage(way).toBeVisible();
          // Axe is a script too.
          if (javaScriptEnabled) expect(await findingsOn(small, 'menu')).toEqual([]);
          await way.click();
          await small.waitForURL(/dashboard/);
          await expectPage(way).toBeHidden();
          await visitor.close();
        }
      });
    });

    describe('what was changed and not saved', () => {
      test('is not left without a question, by a way within the panel or out of it; what was saved is', async () => {
        await open(world.mara, `/stores/${world.storeId}/settings`);
        const tab = page.getByRole('link', { name: 'Overview' });
        const question = page.getByRole('dialog', { name: 'Leave without saving?' });
        await page.getByLabel('Title').fill('Roses');
        await tab.click();
        await expectPage(question).toBeVisible();
        expect(await findingsOn(page, 'unsaved')).toEqual([]);
        await question.getByRole('button', { name: 'Stay here' }).click();
        await expectPage(page.getByLabel('Title')).toHaveValue('Roses');
        const asked = page.waitForEvent('dialog');
        const leaving = page.evaluate('location.assign("/")');
        const dialog = await asked;
        expect(dialog.type()).toBe('beforeunload');
        await dialog.dismiss();
        await leaving;
        await page.getByRole('button', { name: "Save the shop's settings" }).click();
        await expectPage(page.getByText('Done as soon as you see it below.')).toBeVisible();
        await tab.click();
        await page.waitForURL(`${web.base}/stores/${world.storeId}`);

        await open(world.mara, `/stores/${world.storeId}/settings`);
        await page.getByLabel('Title').fill('Tulips');
        await tab.click();
        await question.getByRole('button', { name: 'Leave without saving' }).click();
        await page.waitForURL(`${web.base}/stores/${world.storeId}`);
      });
    });

    async function cookiesOfMara() {
      await be(world.mara);
      return context.cookies();
    }
  },
  { only: 'MySQL' },
);
