import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MINUTE } from '../../src/lib/time.ts';
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
    afterAll(() => web.stop());

    describe('the activity of a store', () => {
      test('tells its owner what was done, by whom and from where, page by page', async () => {
        const { person, storeId } = await web.signUp('told-of');
        const { audit } = database.repositories;
        const line = { target: storeId, storeId, details: {}, at: new Date() };
        await audit.append({
          ...line,
          actor: 'operator:mara',
          action: 'store.suspended',
          details: { reason: '<b>Bill</b>' },
        });
        await audit.append({ ...line, actor: 'cus_op', as: 'cus_x', action: 'store.resumed', result: 'failed' });
        for (let at = 0; at < 30; at += 1) await audit.append({ ...line, actor: 'system', action: 'store.activated' });

        const first = await person.ask(`/stores/${storeId}/activity`);
        const older = /\?before=(\d+)/.exec(first.body)?.[1] ?? '';
        const second = await person.ask(`/stores/${storeId}/activity?before=${older}`);

        expect([first.status, second.status]).toEqual([200, 200]);
        expect(first.body.match(/The platform opened the store/g)).toHaveLength(25);
        expect(second.body).toContain('An operator suspended the store: &lt;b&gt;Bill&lt;/b&gt;');
        expect(second.body).toContain('An operator opened the store again – it did not work');
        expect(second.body).toContain('You ordered the store');
        expect(second.body).toMatch(/127\.0\.0\.1.*req_/s);
        expect(first.body + second.body).not.toMatch(/mara|cus_op/);
      });

      test('is nobody else’s, and takes any address for its first page', async () => {
        const { storeId, person } = await web.signUp('mine-alone');
        const { person: other } = await web.signUp('somebody-else');

        expect((await other.ask(`/stores/${storeId}/activity`)).status).toBe(404);
        for (const before of ['0', '-1', '1e99', 'x', '1;DROP TABLE audit_log', '%00']) {
          expect((await person.ask(`/stores/${storeId}/activity?before=${before}`)).status).toBe(200);
        }
      });
    });

    describe('the activity of an account', () => {
      test('tells its owner who signed in and what was changed, and nobody else', async () => {
        const { person, form } = await web.signUp('own-account');
        await web.browser().ask('/login', { email: form.email, password: 'not the password' });
        const { person: other } = await web.signUp('other-account');

        const mine = await person.ask('/account/activity');
        const theirs = await other.ask('/account/activity');

        expect([mine.status, theirs.status]).toEqual([200, 200]);
        expect(mine.body).toContain('You opened the account');
        expect(mine.body).toMatch(/from [^<]*(?:<!-- -->)?127\.0\.0\.1/);
        expect(mine.body).toMatch(/wrong password/i);
        expect(theirs.body).not.toMatch(/wrong password/i);
        expect((await web.browser().ask('/account/activity')).status).toBe(303);
      });
    });

    test('what the web process writes into the ledger says in which request and from where', async () => {
      const { person, form } = await web.signUp('said-from-where');
      const refused = await web.browser().ask('/login', { email: form.email, password: 'not the password' });
      await person.ask('/logout', {});

      const lines = await database.repositories.audit.list({ limit: 10 });
      const written = lines.filter(({ action }) => /^(?:session|account|store)\./.test(action)).slice(0, 5);
      expect(written.map(({ action }) => action)).toEqual([
        'session.ended',
        'session.refused',
        'session.started',
        'account.signed_up',
        'store.created',
      ]);
      expect(written.every(({ address, requestId }) => address === '127.0.0.1' && requestId?.startsWith('req_'))).toBe(
        true,
      );
      expect(written[1]?.requestId).toBe(refused.headers.get('x-request-id'));
    });
  },
  { only: 'MySQL' },
);
