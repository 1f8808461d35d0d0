import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../src/lib/time.ts';
import { forEachDatabase, type TestDatabase } from '../services/for-each-database.ts';
import { startWeb, type Web } from '../services/web.ts';

forEachDatabase(
  (_name, connect) => {
    let database: TestDatabase;
    let web: Web;

    beforeAll(async () => {
      database = await connect();
      web = await startWeb(database);
    }, 5 * MINUTE);
    afterAll(() => web?.stop());

    /** Somebody with an open store, whose address is confirmed where it is to be. */
    async function anOwner(name: string, { isVerified = true, domain = '' } = {}) {
      const made = await web.signUp(name, domain === '' ? {} : { domain });
      const { kysely } = database.as('admin');
      await kysely.updateTable('stores').set({ status: 'active' }).where('id', '=', made.storeId).execute();
      await kysely
        .updateTable('customers')
        .set({ claimed_email: isVerified ? made.form.email : null })
        .where('email', '=', made.form.email)
        .execute();
      const page = `/stores/${made.storeId}/domains`;
      return { ...made, page, post: (form: Record<string, string>) => made.person.ask(page, form) };
    }
    /** As if everybody's last proof were six minutes old. */
    const letProofsGrowOld = () =>
      sql`UPDATE sessions SET proven_at = proven_at - INTERVAL 6 MINUTE`.execute(database.as('admin').kysely);
    const domainsOf = (storeId: string) => database.repositories.ownDomains.list(storeId);

    test('where the proof is old it is asked for before anything is typed: the forms of domains and of tokens', async () => {
      const owner = await anOwner('proof-first');
      const [forms, proofs] = [
        ['aria-label="Connect a domain"', 'aria-label="A new token"'],
        [`/step-up?next=${encodeURIComponent(owner.page)}`, '/step-up?next=%2Faccount%2Ftokens'],
      ] as const;
      const pages = async () =>
        [await owner.person.ask(owner.page), await owner.person.ask('/account/tokens')].map(({ body }) => body);

      const fresh = await pages();
      await letProofsGrowOld();
      const old = await pages();

      for (const [page, form] of forms.entries()) {
        const proof = proofs[page] ?? '';
        expect([fresh[page]?.includes(form), fresh[page]?.includes(proof)]).toEqual([true, false]);
        expect([old[page]?.includes(form), old[page]?.includes(proof)]).toEqual([false, true]);
      }
    });

    test('a domain is added, looked at, kept from redirecting and removed by forms alone, each act in the ledger', async () => {
      const owner = await anOwner('adds-one', { domain: 'Wished.example.com' });
      expect((await owner.person.ask(owner.page)).body).toContain('value="wished.example.com"');

      const added = await owner.post({ intent: 'add', domain: 'WISHED.example.com.' });
      expect([added.status, added.location]).toEqual([303, owner.page]);
      const { body } = await owner.person.ask(owner.page);
      const [domain] = await domainsOf(owner.storeId);
      for (const said of ['_shophosting-challenge.wished.example.com', domain?.token, '203.0.113.7', 'Waiting for DNS'])
        expect(body).toContain(said);
      // It is offered no more.
      expect(body).not.toContain('value="wished.example.com" required');

      expect((await owner.post({ intent: 'check', domain: 'wished.example.com' })).status).toBe(303);
      expect((await owner.post({ intent: 'stay', domain: 'wished.example.com' })).status).toBe(303);
      expect(await domainsOf(owner.storeId)).toMatchObject([{ isRedirecting: false, isLeaving: false }]);
      const remove = `${owner.page}/wished.example.com/remove`;
      expect((await owner.person.ask(remove)).body).toMatch(/Remove (?:<!-- -->)?wished\.example\.com/);
      expect((await owner.person.ask(remove, {})).location).toBe(owner.page);

      expect(await domainsOf(owner.storeId)).toMatchObject([{ isLeaving: true }]);
      const lines = await database.repositories.audit.list({ target: 'wished.example.com' });
      expect(lines.map(({ action }) => action).toReversed()).toEqual([
        'domain.added',
        'domain.redirect_set',
        'domain.remove_requested',
      ]);
      expect(new Set(lines.map(({ storeId, address }) => [storeId, address].join()))).toEqual(
        new Set([`${owner.storeId},127.0.0.1`]),
      );
    });

    test('a domain says when it was looked at, and when it will be', async () => {
      const owner = await anOwner('looked-at');
      await owner.post({ intent: 'add', domain: 'looked.example.com' });
      const { kysely } = database.as('admin');
      const ahead = (ms: number) => new Date(Date.now() + ms);
      const times = { checked_at: ahead(-2.5 * HOUR), next_check_at: ahead(3.5 * HOUR) };
      await kysely.updateTable('own_domains').set(times).where('store_id', '=', owner.storeId).execute();

      const body = (await owner.person.ask(owner.page)).body.replaceAll('<!-- -->', '');

      expect(body).toMatch(/Looked at <time [^>]*>2 hours ago<\/time>.*by ourselves, <time [^>]*>in 4 hours<\/time>/);
    });

    test('a domain that was looked at says who keeps its DNS, also one of whom nobody knows more than the name', async () => {
      const owner = await anOwner('kept-at');
      await owner.post({ intent: 'add', domain: 'kept.example.com' });
      const { kysely } = database.as('admin');
      const nothing = { proofs: [], addresses: [], alias: null, www: [] };
      const saidOf = async (found: object): Promise<string> => {
        const found_json = JSON.stringify({ ...nothing, ...found });
        await kysely.updateTable('own_domains').set({ found_json }).where('store_id', '=', owner.storeId).execute();
        return (await owner.person.ask(owner.page)).body.replaceAll('<!-- -->', '');
      };

      expect(await saidOf({ nameServers: ['uma.ns.cloudflare.com'] })).toContain('the grey cloud');
      expect(await saidOf({ nameServers: ['ns1.small-host.example'] })).toContain(
        '<strong>small-host.example</strong>',
      );
      // As it was written before name servers were asked for.
      expect(await saidOf({})).not.toContain('is kept at');
    });

    test('what is no domain, or ours, or somebody else’s is refused beside the field, and what was typed is kept', async () => {
      const owner = await anOwner('refused-one');
      for (const typed of ['co.uk', 'panel.test', 'x.shops.test', '<script>', 'a'.repeat(300), '']) {
        const { status, body } = await owner.post({ intent: 'add', domain: typed });
        expect(status).toBe(422);
        expect(body).toContain('aria-invalid');
        expect(body).not.toContain('<script>"');
      }
      await database
        .as('admin')
        .kysely.insertInto('domains')
        .values({ hostname: 'taken.example.com', store_id: owner.storeId, kind: 'custom', created_at: new Date() })
        .execute();
      const other = await anOwner('refused-two');
      const { status, body } = await other.post({ intent: 'add', domain: 'taken.example.com' });
      expect(status).toBe(422);
      expect(body).toContain('taken.example.com is connected to another store.');
      expect(await domainsOf(other.storeId)).toEqual([]);
    });

    test('nobody touches another’s domains, nor adds one with an address that is not confirmed', async () => {
      const owner = await anOwner('mine-only');
      await owner.post({ intent: 'add', domain: 'mine.example.com' });
      const stranger = await anOwner('not-mine');
      for (const intent of ['add', 'check', 'stay', 'redirect'])
        expect((await stranger.person.ask(owner.page, { intent, domain: 'mine.example.com' })).status).toBe(404);
      expect((await stranger.person.ask(owner.page)).status).toBe(404);
      expect((await stranger.person.ask(`${owner.page}/mine.example.com/remove`, {})).status).toBe(404);
      expect(await domainsOf(owner.storeId)).toMatchObject([{ isLeaving: false, isRedirecting: true }]);

      const unknown = await anOwner('not-confirmed', { isVerified: false });
      expect((await unknown.person.ask(unknown.page)).body).toContain('Confirm your e-mail address first');
      expect((await unknown.post({ intent: 'add', domain: 'early.example.com' })).status).toBe(409);
      expect(await domainsOf(unknown.storeId)).toEqual([]);
    });

    test('looking is limited', async () => {
      const owner = await anOwner('looks-often');
      await owner.post({ intent: 'add', domain: 'often.example.com' });
      const statuses: number[] = [];
      for (let at = 0; at < 14; at += 1)
        statuses.push((await owner.post({ intent: 'check', domain: 'often.example.com' })).status);

      expect(statuses.filter((status) => status === 303)).toHaveLength(12);
      expect(statuses.slice(12)).toEqual([429, 429]);
    });
  },
  { only: 'MySQL' },
);
