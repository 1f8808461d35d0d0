import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, SECOND } from '../../../src/lib/time.ts';
import { forEachDatabase, type TestDatabase } from '../../services/for-each-database.ts';
import { startPebble } from '../../services/pebble.ts';
import { startSilentAuthority } from '../certificates/certificate-bench.ts';
import { BLOCKED, type DomainBench, HERE, PUBLIC, QUARANTINE_DAYS, startDomainBench } from './domain-bench.ts';

forEachDatabase(
  (_name, connect) => {
    let database: TestDatabase;
    let bench: DomainBench;
    beforeAll(async () => {
      database = await connect();
      bench = await startDomainBench(database);
    });
    beforeEach(async () => {
      await database.reset();
      bench.news.length = 0;
      bench.certificates.attempts.clear();
    });
    afterAll(() => bench?.close());

    const codes = async (domain: { storeId: string; hostname: string }) =>
      (await database.repositories.ownDomains.find(domain))?.diagnoses.map(({ code }) => code);
    const routes = async () => (await database.repositories.routes.list()).map(({ hostname }) => hostname);
    const dns = () => bench.certificates.dns;
    const get = (hostname: string) => bench.certificates.edge.get(hostname);

    describe('a domain of one’s own', () => {
      it('comes from wish to visitors by proof, address and certificate, and its shop is up all the while', async () => {
        const store = await bench.aShop();
        const seen: number[] = [];
        let isOver = false;
        const visitor = (async () => {
          while (!isOver) seen.push((await get(store.domain)).status);
        })();

        const domain = await bench.add(store, 'Café.Example.ORG.');
        expect(domain).toMatchObject({ hostname: 'xn--caf-dma.example.org', state: 'waiting-for-dns' });
        expect(await bench.look(domain)).toMatchObject({ state: 'waiting-for-dns' });
        expect(await codes(domain)).toEqual(['proof-missing', 'address-missing']);

        // Somebody who only points a name here gets neither route nor certificate.
        await dns().setAddresses(domain.hostname, [HERE]);
        expect(await bench.look(domain)).toMatchObject({ state: 'waiting-for-dns' });
        expect(await routes()).toEqual([store.domain]);
        expect(bench.certificates.events).toEqual([]);

        await dns().setText(`_shophosting-challenge.${domain.hostname}`, domain.token);
        expect(await bench.look(domain)).toMatchObject({ state: 'valid', diagnoses: [] });
        isOver = true;
        await visitor;

        expect(new Set(seen)).toEqual(new Set([200]));
        // Not the primary one: its visitors are sent on, and yet see its own certificate.
        const { httpsPort } = bench.certificates.edge.options;
        expect(await get(domain.hostname)).toMatchObject({
          status: 301,
          headers: { location: `https://${store.domain}:${httpsPort}/` },
          certificateNames: `DNS:${domain.hostname}`,
        });
        expect(await bench.kept(domain)).toMatchObject({
          certificate: { issuer: expect.stringContaining('Pebble'), lastTry: { isDone: true } },
        });
        expect(bench.news).toMatchObject([{ kind: 'valid', storeId: store.id }]);
        await bench.look(domain);
        expect(bench.news).toHaveLength(1);
      });

      it('serves the shop itself where its owner wants no redirect', async () => {
        const store = await bench.aShop();
        const domain = await bench.add(store, 'stays.example.org');
        await bench.pointHere(domain);
        await bench.look(domain);

        await bench.wishes.setRedirecting({
          storeId: store.id,
          name: domain.hostname,
          actor: 'test',
          isRedirecting: false,
        });
        await bench.look(domain);

        expect(await get(domain.hostname)).toMatchObject({ status: 200 });
      });

      it('proven by a token of another store, or a stale one, is not proven', async () => {
        const [mine, theirs] = [await bench.aShop(), await bench.aShop()];
        const domain = await bench.add(mine, 'stale.example.org');
        const other = await bench.add(theirs, 'stale.example.org');
        expect(other.token).not.toBe(domain.token);
        await bench.pointHere(other);

        expect(await bench.look(domain)).toMatchObject({ state: 'problem' });
        expect(await codes(domain)).toEqual(['proof-differs']);
        expect(await routes()).toHaveLength(2);
      });

      it('belongs to the first who proves it; who wished for it too is told so and gets nothing', async () => {
        const [first, second] = [await bench.aShop(), await bench.aShop()];
        const theirs = await bench.add(second, 'wanted.example.org');
        const mine = await bench.add(first, 'wanted.example.org');
        await bench.pointHere(mine);
        await bench.look(mine);

        await dns().setText('_shophosting-challenge.wanted.example.org', theirs.token);
        expect(await bench.look(theirs)).toMatchObject({ state: 'problem' });

        expect(await codes(theirs)).toEqual(['taken']);
        const routed = (await database.repositories.routes.list()).find(({ hostname }) => hostname === mine.hostname);
        expect(routed?.storeId).toBe(first.id);
        await expect(bench.add(await bench.aShop(), 'wanted.example.org')).rejects.toMatchObject({
          code: 'name_taken',
        });
      });

      it('that is removed is gone with route and certificate, and kept from everybody else for a while', async () => {
        const store = await bench.aShop();
        const domain = await bench.add(store, 'leaving.example.org');
        await bench.pointHere(domain);
        await bench.look(domain);

        await bench.wishes.remove({ storeId: store.id, name: domain.hostname, actor: 'test' });
        expect(await bench.look(domain)).toBeNull();

        expect(await bench.kept(domain)).toBeUndefined();
        expect(await routes()).toEqual([store.domain]);
        expect(await bench.certificates.certificates().find(domain.hostname)).toBeUndefined();
        // Its customer may have it back, somebody else may not.
        expect((await bench.add(store, domain.hostname)).provenAt).toBeNull();
        const late = { newToken: 't', quarantineDays: QUARANTINE_DAYS, actor: 'test', hostname: domain.hostname };
        const asker = await bench.aShop();
        const ask = (now: Date) => database.repositories.ownDomains.add({ ...late, storeId: asker.id, now });
        await expect(ask(new Date(Date.now() + 29 * DAY))).rejects.toMatchObject({ code: 'name_taken' });
        expect(await ask(new Date(Date.now() + 31 * DAY))).toMatchObject({ state: 'waiting-for-dns' });
      });

      it.each(['apply', 'removal'] as const)(
        'that is removed leaves no key behind, also where its %s fails at first',
        async (broken) => {
          const store = await bench.aShop();
          const domain = await bench.add(store, `${broken}.example.org`);
          await bench.pointHere(domain);
          await bench.look(domain);
          await bench.wishes.remove({ storeId: store.id, name: domain.hostname, actor: 'test' });

          await expect(bench.look(domain, { broken })).rejects.toThrow(/is broken/);
          expect(await bench.kept(domain)).toMatchObject({ isLeaving: true });
          expect(await bench.look(domain)).toBeNull();

          expect(await bench.kept(domain)).toBeUndefined();
          expect(await bench.certificates.certificates().find(domain.hostname)).toBeUndefined();
        },
      );

      it('of a store that goes while its certificate is asked for leaves no key behind', async () => {
        const store = await bench.aShop();
        const domain = await bench.add(store, 'ending.example.org');
        await bench.pointHere(domain);
        const setStatus = async (status: 'deleting' | 'deletion-scheduled') => {
          const { kysely } = database.as('admin');
          await kysely.updateTable('stores').set({ status }).where('id', '=', store.id).execute();
        };
        const asked = bench.certificates.outcomes.length;
        await setStatus('deletion-scheduled');
        expect(await bench.look(domain)).toMatchObject({ state: 'waiting-for-dns' });
        expect(bench.certificates.outcomes).toHaveLength(asked);

        await database.as('admin').kysely.updateTable('stores').set({ status: 'active' }).execute();
        await bench.look(domain, { meanwhile: () => setStatus('deleting') });

        expect(bench.certificates.outcomes).toHaveLength(asked + 1);
        expect(await bench.certificates.certificates().find(domain.hostname)).toBeUndefined();
      });

      it('is not valid, and nobody is told so, before visitors have come through once', async () => {
        const domain = await bench.add(await bench.aShop(), 'first-look.example.org');
        await bench.pointHere(domain);

        expect(await bench.look(domain, { broken: 'probe' })).toMatchObject({
          state: 'issuing',
          diagnoses: [{ code: 'not-served' }],
        });
        expect(await bench.kept(domain)).toMatchObject({ validAt: null });
        expect(await bench.look(domain, { broken: 'probe' })).toMatchObject({ state: 'issuing' });
        expect(bench.news).toEqual([]);

        expect(await bench.look(domain)).toMatchObject({ state: 'valid' });
        await bench.look(domain);
        expect(bench.news.map(({ kind }) => kind)).toEqual(['valid']);
        const lines = await database.repositories.audit.list({ target: domain.hostname });
        expect(lines.filter(({ action }) => action === 'domain.connected')).toHaveLength(1);
      });

      it('that another customer gave up is not had by a wish from before, until an operator lets it go', async () => {
        const [first, second] = [await bench.aShop(), await bench.aShop()];
        const waiting = await bench.add(second, 'given-up.example.org');
        const domain = await bench.add(first, 'given-up.example.org');
        await bench.pointHere(domain);
        await bench.look(domain);
        await bench.wishes.remove({ storeId: first.id, name: domain.hostname, actor: 'test' });
        await bench.look(domain);
        await bench.pointHere(waiting);

        expect(await bench.look(waiting)).toMatchObject({ state: 'problem', diagnoses: [{ code: 'taken' }] });
        expect(await routes()).not.toContain(domain.hostname);

        const lift = { storeId: second.id, name: domain.hostname, actor: 'operator:test', isLiftingQuarantine: true };
        await bench.wishes.add(lift);
        expect(await bench.look(waiting)).toMatchObject({ state: 'valid' });
        const lines = await database.repositories.audit.list({ target: domain.hostname });
        expect(lines.filter(({ action }) => action === 'domain.quarantine_lifted')).toMatchObject([
          { actor: 'operator:test' },
        ]);
      });

      it('is one of twenty at most, and never a public suffix or a name of ours', async () => {
        const store = await bench.aShop();
        for (let at = 0; at < 20; at += 1) await bench.add(store, `shop-${at}.example.org`);

        await expect(bench.add(store, 'one-more.example.org')).rejects.toMatchObject({ code: 'not_allowed_now' });
        for (const name of ['co.uk', 'panel.example.com', 'other.shops.example.net', '203.0.113.7'])
          await expect(bench.add(store, name)).rejects.toMatchObject({ code: 'invalid_input' });
      });
    });

    describe('a domain that is set up wrongly', () => {
      it.each([
        ['elsewhere', ['198.51.100.4'], 'verifying', 'address-elsewhere'],
        ['proxied', ['104.16.1.1'], 'problem', 'cloudflare-proxy'],
        ['leftover', [HERE, '2001:db8::1'], 'problem', 'ipv6-leftover'],
      ])('%s is named, and no authority is asked', async (label, addresses, state, code) => {
        const store = await bench.aShop();
        const domain = await bench.add(store, `${label}.example.org`);
        await bench.pointHere(domain);
        await dns().setAddresses(domain.hostname, addresses);
        const asked = bench.certificates.outcomes.length;

        expect(await bench.look(domain)).toMatchObject({ state });

        expect(await codes(domain)).toEqual([code]);
        expect(bench.certificates.outcomes).toHaveLength(asked);
        expect(await routes()).toEqual([store.domain]);
      });

      it('never makes this machine dial what only it can reach', async () => {
        let reached = 0;
        const inside = createServer((socket) => {
          reached += 1;
          socket.destroy();
        });
        // Where it would be asked for the file that only we have.
        const { httpPort } = bench.certificates.edge.options;
        await new Promise<void>((resolve) => inside.listen(httpPort, '127.0.0.2', resolve));
        const store = await bench.aShop();
        const domain = await bench.add(store, 'rebound.example.org');
        await bench.pointHere(domain);
        await dns().setAddresses(domain.hostname, ['127.0.0.2', '169.254.169.254', '::ffff:127.0.0.3', '10.0.0.1']);

        expect(await bench.look(domain)).toMatchObject({ state: 'verifying' });

        expect(reached).toBe(0);
        await new Promise((resolve) => inside.close(resolve));
      });

      it('because a CAA record keeps the authority out is named with the record to add', async () => {
        const store = await bench.aShop();
        const domain = await bench.add(store, 'caa.strict.example');
        await bench.pointHere(domain);
        await dns().setIssuers('strict.example', ['another.example']);

        expect(await bench.look(domain)).toMatchObject({
          state: 'problem',
          diagnoses: [{ code: 'caa-forbids', found: ['another.example'], expected: ['ours.example'] }],
        });

        await dns().setIssuers('strict.example', ['another.example', 'ours.example']);
        expect(await bench.look(domain)).toMatchObject({ state: 'valid' });
        expect(bench.news.map(({ kind }) => kind)).toEqual(['problem', 'valid']);
      });

      it('whose name servers fail stays what it was', async () => {
        const store = await bench.aShop();
        const domain = await bench.add(store, 'broken.example.org');
        await bench.pointHere(domain);
        await bench.look(domain);
        await dns().setBroken(domain.hostname, true);

        expect(await bench.look(domain)).toMatchObject({ state: 'valid', diagnoses: [{ code: 'lookup-failed' }] });

        await dns().setBroken(domain.hostname, false);
        expect(await bench.kept(domain)).toMatchObject({ found: { addresses: [HERE] } });
      });

      it('that strays is told after a day, kept open meanwhile, and well again when it comes back', async () => {
        const store = await bench.aShop();
        const domain = await bench.add(store, 'strays.example.org');
        await bench.pointHere(domain);
        await bench.look(domain);
        await dns().setAddresses(domain.hostname, []);

        expect(await bench.look(domain)).toMatchObject({ state: 'valid', diagnoses: [{ code: 'address-missing' }] });
        expect(await bench.look(domain, { laterMs: 25 * HOUR })).toMatchObject({ state: 'problem' });
        expect(bench.news).toMatchObject([
          { kind: 'valid' },
          { kind: 'problem', diagnosis: { code: 'address-missing' }, strayedAt: expect.any(Date) },
        ]);
        expect(await get(domain.hostname)).toMatchObject({ status: 301 });

        await dns().setAddresses(domain.hostname, [PUBLIC]);
        expect(await bench.look(domain, { laterMs: 26 * HOUR })).toMatchObject({ state: 'valid' });
        expect(bench.news).toHaveLength(2);
      });
    });

    describe('an authority in trouble', () => {
      const proven = async (name: string) => {
        const domain = await bench.add(await bench.aShop(), name);
        await bench.pointHere(domain);
        return domain;
      };

      it('that refuses is quoted, and left alone for a while', async () => {
        const domain = await proven(BLOCKED);

        expect(await bench.look(domain)).toMatchObject({
          state: 'problem',
          diagnoses: [{ code: 'certificate-failed', sentence: expect.stringContaining('forbidden by policy') }],
        });
        const asked = bench.certificates.outcomes.length;
        expect(await bench.look(domain)).toMatchObject({
          state: 'problem',
          diagnoses: [{ sentence: expect.stringMatching(/forbidden by policy.*Asked again after/) }],
        });

        expect(bench.certificates.outcomes).toHaveLength(asked);
        expect(await bench.kept(domain)).toMatchObject({ certificate: { issuer: null, lastTry: { isDone: false } } });
        expect(await routes()).not.toContain(BLOCKED);
      });

      it('that hangs is waited for by nobody else, and the domain goes on when it answers', async () => {
        const silent = await startSilentAuthority();
        const domain = await proven('hangs.example.org');
        const authority = bench.certificates.certbot(
          { directory: silent.directory, caFile: bench.certificates.pebble.caFile },
          { httpMs: 2 * SECOND },
        );

        expect(await bench.look(domain, { authority })).toMatchObject({
          state: 'issuing',
          diagnoses: [{ code: 'certificate-failed', sentence: expect.stringContaining('no answer in time') }],
        });
        await silent.close();

        expect(await bench.look(domain)).toMatchObject({ state: 'valid' });
        expect(bench.news.map(({ kind }) => kind)).toEqual(['valid']);
      });

      it('that throws nonces away, or has lost the account, issues all the same', async () => {
        const { edge, dns: server } = bench.certificates;
        const shaky = await startPebble({ httpPort: edge.options.httpPort, dns: server, nonceErrors: 15 });
        const one = await proven('nonce.example.org');
        const shakyBot = bench.certificates.certbot(shaky);
        expect(await bench.look(one, { authority: shakyBot })).toMatchObject({ state: 'valid', diagnoses: [] });
        await shaky.stop();

        // Pebble forgets everything when it ends: certbot comes with an account that nobody knows.
        const forgetful = await startPebble({ httpPort: edge.options.httpPort, dns: server, port: shaky.port });
        const two = await proven('account.example.org');
        expect(await bench.look(two, { authority: bench.certificates.certbot(forgetful) })).toMatchObject({
          state: 'valid',
          diagnoses: [],
        });
        expect(forgetful.directory).toBe(shaky.directory);
        await forgetful.stop();
      });

      it('beyond our own budget is not asked, however much somebody is in a hurry', async () => {
        const orders = bench.certificates.orders({ spent: { failuresOfName: 4 } });
        const certificates = bench.certificates.certificates({ orders });
        const domain = await proven('hasty.example.org');
        const asked = bench.certificates.outcomes.length;

        await expect(certificates.issue(domain.hostname, AbortSignal.timeout(10 * SECOND))).rejects.toMatchObject({
          trouble: 'waiting',
          message: expect.stringContaining('failed too often within an hour'),
        });

        expect(bench.certificates.outcomes).toHaveLength(asked);
      });
    });

    it('the certificate on disk is the one that visitors of the domain see', async () => {
      const domain = await bench.add(await bench.aShop(), 'seen.example.org');
      await bench.pointHere(domain);
      await bench.look(domain);

      const file = `${bench.certificates.dataDir}/certificates/hosts/${domain.hostname}/fullchain.pem`;
      const kept = new X509Certificate(await readFile(file));
      expect(kept.checkHost(domain.hostname)).toBe(domain.hostname);
      expect(await bench.kept(domain)).toMatchObject({
        certificate: { notAfter: new Date(kept.validTo).toISOString() },
      });
    });
  },
  { only: 'MySQL' },
);
