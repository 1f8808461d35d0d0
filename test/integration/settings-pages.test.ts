import { afterAll, beforeAll, expect, test } from 'vitest';
import { MINUTE } from '../../src/lib/time.ts';
import { forEachDatabase, type TestDatabase } from '../services/for-each-database.ts';
import { startWeb, type Web } from '../services/web.ts';

forEachDatabase((_name, connect) => {
  let database: TestDatabase;
  let web: Web;

  beforeAll(async () => {
    database = await connect();
    web = await startWeb(database);
  }, 5 * MINUTE);
  afterAll(() => web?.stop());

  /** Somebody with an open shop that has said how it is set. */
  async function anOwner(name: string) {
    const made = await web.signUp(name);
    const { kysely } = database.as('admin');
    await kysely
      .updateTable('stores')
      .set({ status: 'active', title: 'Roses' })
      .where('id', '=', made.storeId)
      .execute();
    await kysely
      .insertInto('store_settings')
      .values({
        store_id: made.storeId,
        timezone: '+02:00',
        locale: 'en_US',
        country: null,
        currency: null,
        maintenance: 'off',
        locales_json: '["en_US","de_DE"]',
        php_json: '{"phpMemory":256,"phpUpload":64,"phpSeconds":120,"phpInputVars":5000,"phpWorkers":5}',
        read_at: new Date(),
      })
      .execute();
    const page = `/stores/${made.storeId}/settings`;
    return { ...made, page, post: (form: Record<string, string>) => made.person.ask(page, form) };
  }
  const wishesOf = async (storeId: string) => {
    const { runs } = database.repositories;
    const run = await runs.latest(storeId, ['configure']);
    return run?.input;
  };

  test('the form shows how the shop is set, and asks for exactly what was changed in it', async () => {
    const owner = await anOwner('sets-one');
    const { body } = await owner.person.ask(owner.page);
    for (const shown of ['value="Roses"', 'value="+02:00" selected', 'German (Germany)', 'Europe/Berlin'])
      expect(body).toContain(shown);
    // A plain WordPress sells nothing.
    expect(body).not.toContain('name="currency"');

    const form = {
      section: 'shop',
      title: 'Roses',
      timezone: 'Europe/Berlin',
      locale: 'de_DE',
      country: '',
      currency: '',
    };
    const answer = await owner.post(form);

    expect([answer.status, answer.location]).toEqual([303, owner.page]);
    expect(await wishesOf(owner.storeId)).toMatchObject({ timezone: 'Europe/Berlin', locale: 'de_DE', by: 'owner' });
    expect(Object.keys((await wishesOf(owner.storeId)) ?? {})).not.toContain('title');
    expect((await owner.person.ask(owner.page)).body).toContain('getting its new settings');
    const [line] = await database.repositories.audit.list({ target: owner.storeId });
    expect(line).toMatchObject({ action: 'store.settings_requested', storeId: owner.storeId, address: '127.0.0.1' });
  });

  test('a store is restarted by its owner while it is open, and its pages say that it is under way', async () => {
    const owner = await anOwner('restarts');
    expect((await owner.person.ask(owner.page)).body).toContain('value="restart"');
    const answer = await owner.post({ section: 'restart' });

    expect([answer.status, answer.location]).toEqual([303, owner.page]);
    const run = await database.repositories.runs.latest(owner.storeId, ['restart']);
    expect(run).toMatchObject({ status: 'queued', input: { by: 'owner' } });
    expect((await owner.person.ask(owner.page)).body).toContain('is being restarted');
    const { kysely } = database.as('admin');
    await kysely.updateTable('stores').set({ status: 'failed' }).where('id', '=', owner.storeId).execute();
    expect((await owner.person.ask(owner.page)).body).not.toContain('value="restart"');
  });

  test('maintenance is switched by a form of its own, told on every page of the store, and not offered where the shop’s image is older', async () => {
    const owner = await anOwner('in-maintenance');
    expect((await owner.person.ask(owner.page)).body).toContain('Show visitors a note');
    const answer = await owner.post({ section: 'maintenance', maintenance: 'on', title: 'Not asked for' });
    expect([answer.status, answer.location]).toEqual([303, owner.page]);
    const wish = await wishesOf(owner.storeId);
    expect(wish).toMatchObject({ maintenance: 'on', by: 'owner' });
    expect(Object.keys(wish ?? {})).not.toContain('title');

    const { kysely } = database.as('admin');
    await kysely
      .updateTable('store_settings')
      .set({ maintenance: 'on' })
      .where('store_id', '=', owner.storeId)
      .execute();
    for (const page of ['/dashboard?all', `/stores/${owner.storeId}`])
      expect((await owner.person.ask(page)).body).toContain('Maintenance');
    expect((await owner.person.ask(owner.page)).body).toContain('Let visitors in again');
    // The form with the rest of the settings switches nothing.
    await owner.post({ section: 'shop', title: 'Roses', timezone: 'UTC', maintenance: 'off' });
    expect(Object.keys((await wishesOf(owner.storeId)) ?? {})).not.toContain('maintenance');

    await kysely.updateTable('stores').set({ platform: 'magento' }).where('id', '=', owner.storeId).execute();
    expect((await owner.person.ask(owner.page)).body).toContain('A browser that came in by Open admin today');
    await kysely
      .updateTable('store_settings')
      .set({ maintenance: null })
      .where('store_id', '=', owner.storeId)
      .execute();
    const { body } = await owner.person.ask(owner.page);
    expect(body).toContain('made before shops of its kind had such a mode');
    expect(body).not.toContain('name="maintenance"');
  });

  test('what cannot be set is told beside each field, what was typed stays, and nothing is asked for', async () => {
    const owner = await anOwner('sets-wrongly');
    const wrong = { section: 'shop', title: 'x'.repeat(200), timezone: '../etc/passwd', locale: 'xx', currency: 'EUR' };
    const { status, body } = await owner.post(wrong);

    expect(status).toBe(422);
    for (const sentence of ['The title is too long', 'Choose a time zone', 'not installed in the shop'])
      expect(body).toContain(sentence);
    expect(body).toContain('x'.repeat(200));
    expect(await wishesOf(owner.storeId)).toBeUndefined();
  });

  test('what a request may take is chosen within the plan; more is refused with the plan that allows it; an old shop says so', async () => {
    const owner = await anOwner('sets-php');
    const { body } = await owner.person.ask(owner.page);
    for (const shown of ['Largest upload', 'value="64" selected', '128 MB<', '256 MB, with the plan business', '5 now'])
      expect(body).toContain(shown);
    const form = { section: 'php', phpUpload: '128', phpMemory: '256', phpSeconds: '120', phpInputVars: '5000' };

    const refused = await owner.post({ ...form, phpUpload: '512', phpMemory: '1G' });
    expect(refused.status).toBe(422);
    expect(refused.body).toContain(
      'The plan starter allows at most 128 MB for an upload. For 512 MB choose the plan scale.',
    );
    expect(refused.body).toContain('Choose one of these: 128, 192,');
    expect(await wishesOf(owner.storeId)).toBeUndefined();

    expect((await owner.post(form)).status).toBe(303);
    const wish = await wishesOf(owner.storeId);
    expect(wish).toMatchObject({ phpUpload: '128', by: 'owner' });
    expect(Object.keys(wish ?? {})).not.toContain('phpMemory');

    const { kysely } = database.as('admin');
    await kysely.updateTable('store_settings').set({ php_json: null }).where('store_id', '=', owner.storeId).execute();
    const old = (await owner.person.ask(owner.page)).body;
    expect(old).toContain('This shop was made before these could be set.');
    expect(old).not.toContain('name="phpUpload"');
    expect((await owner.post({ ...form, phpUpload: '32' })).status).toBe(422);
  });

  test('a form in which nothing was changed is no run, and says so', async () => {
    const owner = await anOwner('sets-nothing');
    const same = { section: 'shop', title: 'Roses', timezone: '+02:00', locale: 'en_US', country: '', currency: '' };
    const answer = await owner.post(same);

    expect([answer.status, answer.location]).toEqual([303, owner.page]);
    expect(await wishesOf(owner.storeId)).toBeUndefined();
    expect((await owner.person.ask(owner.page)).body).toContain('The shop is set so already.');
  });

  test('how many mails may leave in an hour stands there, and when the next ones do', async () => {
    const owner = await anOwner('sends-many');
    const textOf = async () => (await owner.person.ask(owner.page)).body.replaceAll(/<[^>]*>/g, '');
    const before = await textOf();
    expect(before).toContain('200 mails an hour at most');
    expect(before).not.toContain('This hour’s mails are sent');
    const used = { mail_hour_at: new Date(), mail_hour_count: 200 };
    await database.as('admin').kysely.updateTable('stores').set(used).where('id', '=', owner.storeId).execute();
    expect(await textOf()).toMatch(/This hour’s mails are sent\. The next ones leave at .+; 0 wait\./);
  });

  test('how mail leaves is chosen with a fresh proof alone, and by a worker alone; a try is limited', async () => {
    const owner = await anOwner('sets-mail');
    const mail = { section: 'mail', way: 'own', host: 'smtp.example.com', password: 'Never-shown-again' };
    const { kysely } = database.as('admin');
    const { body } = await owner.person.ask(owner.page);
    for (const field of ['senderName', 'replyTo', 'from', 'host', 'port', 'tls', 'user', 'password'])
      expect(body).toContain(`name="${field}"`);
    // The web process itself can write none of it.
    const answer = await owner.post(mail);
    expect([answer.status, answer.body.includes('Never-shown-again')]).toEqual([503, false]);
    expect(await kysely.selectFrom('store_mail').selectAll().execute()).toEqual([]);

    await kysely
      .updateTable('sessions')
      .set({ proven_at: new Date(0) })
      .execute();
    expect((await owner.post(mail)).location).toMatch(/^\/step-up\?next=/);
    expect((await owner.person.ask(owner.page)).body).not.toContain('name="password"');
    const tries = [];
    for (let count = 0; count < 12; count += 1) tries.push((await owner.post({ section: 'mail-test' })).status);
    expect(tries.slice(0, 5)).toEqual([503, 503, 503, 503, 503]);
    expect(tries.at(-1)).toBe(429);
  });

  test('a plan that is none of ours is refused beside it, a section that is none asks for nothing, and a pause pressed twice is one', async () => {
    const owner = await anOwner('plans-wrongly');
    const runs = async () => {
      const jobs = database.as('admin').kysely.selectFrom('provisioning_jobs').select('kind');
      const rows = await jobs.where('store_id', '=', owner.storeId).execute();
      return rows.map(({ kind }) => kind).filter((kind) => kind !== 'provision');
    };
    for (const plan of [
      'none',
      'Business',
      '__proto__',
      'constructor',
      '--plan=scale',
      "scale' --",
      'x'.repeat(5000),
    ]) {
      const { status, body } = await owner.post({ section: 'plan', plan });
      expect([plan.slice(0, 20), status, body.includes('id="plan-error"')]).toEqual([plan.slice(0, 20), 422, true]);
    }
    for (const section of ['__proto__', 'constructor', 'toString', 'delete', '']) {
      const { status, location } = await owner.post({ section, plan: 'scale' });
      expect([section, status, location]).toEqual([section, 303, owner.page]);
    }
    expect(await runs()).toEqual([]);

    const pauses = [await owner.post({ section: 'pause' }), await owner.post({ section: 'pause' })];
    expect([pauses[0]?.status, await runs()]).toEqual([303, ['suspend']]);
    const stranger = await anOwner('plans-yours');
    for (const section of ['plan', 'pause', 'resume']) {
      const { status } = await stranger.person.ask(owner.page, { section, plan: 'scale' });
      expect([section, status]).toEqual([section, 404]);
    }
    expect(await runs()).toEqual(['suspend']);
  });

  test('the page cache is switched and emptied by a worker alone, and told where the platform or the shop keeps none', async () => {
    const owner = await anOwner('keeps-pages');
    const { kysely } = database.as('admin');
    const set = (values: { page_cache?: string; platform?: 'magento' }) =>
      kysely.updateTable('stores').set(values).where('id', '=', owner.storeId).execute();
    const { body } = await owner.person.ask(owner.page);
    for (const shown of ['Empty it now', 'name="pageCache"', 'value="10m" selected', 'What you change in the shop'])
      expect(body).toContain(shown);
    // No worker lives here, and the web process can write none of it.
    for (const form of [{ section: 'page-cache', pageCache: 'off' }, { section: 'page-cache-purge' }])
      expect((await owner.post(form)).status).toBe(503);
    expect(await database.repositories.pageCaching.find(owner.storeId)).toBe('10m');

    await set({ page_cache: 'off' });
    expect((await owner.person.ask(owner.page)).body).not.toContain('Empty it now');
    await set({ platform: 'magento' });
    const magento = (await owner.person.ask(owner.page)).body;
    expect(magento).toContain('keeps its pages itself');
    expect(magento).not.toContain('name="pageCache"');
  });

  test('nobody sets another’s shop, nor one that is not open', async () => {
    const owner = await anOwner('sets-mine');
    const stranger = await anOwner('sets-yours');
    expect((await stranger.person.ask(owner.page, { section: 'shop', title: 'Mine now' })).status).toBe(404);
    expect((await stranger.person.ask(owner.page)).status).toBe(404);
    await database
      .as('admin')
      .kysely.updateTable('stores')
      .set({ status: 'suspended' })
      .where('id', '=', owner.storeId)
      .execute();

    expect((await owner.post({ section: 'shop', title: 'Tulips' })).status).toBe(409);
    expect(await wishesOf(owner.storeId)).toBeUndefined();
  });

  test('the page says which databases of its owner are open, how to close them, and which limit is reached', async () => {
    const owner = await anOwner('looks-here');
    const stranger = await anOwner('looks-elsewhere');
    const { kysely } = database.as('admin');
    const { customer_id: customerId } = await kysely
      .selectFrom('stores')
      .select('customer_id')
      .where('id', '=', owner.storeId)
      .executeTakeFirstOrThrow();
    const other = (await anOwner('looks-there')).storeId;
    await kysely.updateTable('stores').set({ customer_id: customerId }).where('id', '=', other).execute();
    const { id: sessionId } = await kysely
      .selectFrom('sessions')
      .select('id')
      .where('customer_id', '=', customerId)
      .executeTakeFirstOrThrow();
    const [now, expiresAt] = [new Date(), new Date(Date.now() + MINUTE)];
    const opening = { storeId: other, tokenHash: 'a'.repeat(64), sessionId, now, expiresAt };
    await database.repositories.databaseOpenings.open(opening, { actor: customerId });
    const access = `/stores/${owner.storeId}/access`;

    const { body } = await owner.person.ask(`${access}?full=customer`);
    for (const said of [
      'open for 2 of your stores',
      'aria-label="Close looks-there"',
      `action="/stores/${other}/database"`,
    ])
      expect(body).toContain(said);
    expect((await owner.person.ask(`${access}?full=machine`)).body).toContain('Close one of yours below');
    expect((await owner.person.ask(`${access}?full=<b>`)).body).not.toContain('and that is as many');
    const theirs = await stranger.person.ask(`/stores/${stranger.storeId}/access?full=machine`);
    expect([theirs.body.includes('looks-there'), theirs.body.includes('after two hours at the latest')]).toEqual([
      false,
      true,
    ]);
    // No worker lives here; back to nowhere but our own pages.
    const close = { intent: 'close', next: 'https://evil.example/' };
    expect((await owner.person.ask(`/stores/${other}/database`, close)).status).toBe(503);
  });

  test('a store that was never open is cancelled by its owner, with its name and a fresh proof, and by a worker alone', async () => {
    const { person, storeId } = await web.signUp('never-open');
    const path = `/stores/${storeId}/cancel`;
    expect((await person.ask(`/stores/${storeId}`)).body).toContain(`href="${path}"`);
    expect((await person.ask(path)).body).toContain('It was never open');
    const wrong = await person.ask(path, { name: 'never' });
    expect([wrong.status, wrong.body.includes('Type never-open to delete it.')]).toEqual([422, true]);
    // No worker lives here, and the web process may not do it itself.
    expect((await person.ask(path, { name: 'never-open' })).status).toBe(503);
    expect((await database.repositories.stores.get(storeId)).status).toBe('pending');

    const { kysely } = database.as('admin');
    await kysely
      .updateTable('sessions')
      .set({ proven_at: new Date(0) })
      .execute();
    expect((await person.ask(path, { name: 'never-open' })).location).toMatch(/^\/step-up\?next=/);
    await kysely.updateTable('stores').set({ status: 'active' }).where('id', '=', storeId).execute();
    expect((await person.ask(path)).location).toBe(`/stores/${storeId}`);
  });

  test('a new password is asked for with a fresh proof, by its owner, once, and only while the shop is open', async () => {
    const owner = await anOwner('rotates-mine');
    const stranger = await anOwner('rotates-yours');
    const page = `/stores/${owner.storeId}/new-password`;
    const access = `/stores/${owner.storeId}/access`;
    const { kysely } = database.as('admin');
    const rotationOf = async () =>
      (await database.repositories.runs.latest(owner.storeId, ['rotate-admin', 'rotate-database']))?.kind;
    const provenAt = (when: Date) => kysely.updateTable('sessions').set({ proven_at: when }).execute();
    const ask = async (whose: string) => {
      const { status, location } = await owner.person.ask(page, { whose });
      return { status, location, said: (await owner.person.ask(access)).body };
    };

    await provenAt(new Date(Date.now() - 10 * MINUTE));
    const stale = await owner.person.ask(page, { whose: 'admin' });
    expect([stale.status, stale.location]).toEqual([303, `/step-up?next=${encodeURIComponent(access)}`]);
    await provenAt(new Date());
    expect((await stranger.person.ask(page, { whose: 'admin' })).status).toBe(404);
    expect((await ask('root')).location).toBe(access);
    await kysely.updateTable('stores').set({ status: 'suspended' }).where('id', '=', owner.storeId).execute();
    expect((await ask('database')).said).toContain('Something else is being done with your store.');
    expect(await rotationOf()).toBeUndefined();

    await kysely.updateTable('stores').set({ status: 'active' }).where('id', '=', owner.storeId).execute();
    // The run of its making is over by now.
    await kysely
      .updateTable('provisioning_jobs')
      .set({ status: 'done' })
      .where('store_id', '=', owner.storeId)
      .execute();
    const begun = await ask('database');
    expect([begun.status, begun.location]).toEqual([303, access]);
    expect(begun.said).toContain('Your shop stays open.');
    expect(await rotationOf()).toBe('rotate-database');
    expect((await ask('admin')).said).toContain('Something else is being done with your store.');
    expect(await rotationOf()).toBe('rotate-database');
  });
});
