import { simpleParser } from 'mailparser';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSealer, createSealingKeys } from '../../src/adapters/crypto/seal.ts';
import { createSecretVault } from '../../src/adapters/mysql/index.ts';
import { addressOfMailHost } from '../../src/adapters/smtp/mail-host.ts';
import { createSmtpMailer } from '../../src/adapters/smtp/smtp-mailer.ts';
import { wordsForMailFailure } from '../../src/adapters/smtp/words-for-failure.ts';
import { storeMailCarrierOf } from '../../src/app/store-mail.ts';
import type { OutboxLane } from '../../src/domain/outbox.ts';
import type { Store } from '../../src/domain/store.ts';
import { STORE_MAIL_ROOM, STORE_MAILS_PER_HOUR, type StoreMailTexts } from '../../src/domain/store-mail.ts';
import { probeUntil } from '../../src/lib/deadline.ts';
import { DAY, HOUR, MINUTE } from '../../src/lib/time.ts';
import { createOutboxDeliverer } from '../../src/mail/deliver-outbox.ts';
import { createStoreMail } from '../../src/stores/store-mail.ts';
import { forEachDatabase, type TestDatabase } from '../services/for-each-database.ts';
import { startSmtpServer, startStuckServer, type TestMailServer } from '../services/smtp-server.ts';
import { anActiveStore, NOW } from './mysql/fixtures.ts';

const ORIGIN = { actor: 'cus_1' };
const PLATFORM = 'ShopHosting <noreply@platform.example>';
const TRY_WITHIN_MS = 400;
const ORDER = [
  'X-Shop-Envelope-To: <buyer@example.com>',
  'From: Roses <wordpress@roses.example>',
  'To: buyer@example.com',
  'Subject: Your order',
  '',
  'Thanks',
].join('\r\n');

forEachDatabase((_name, connect) => {
  let database: TestDatabase;
  let platform: TestMailServer;
  let store: Store;
  const servers: TestMailServer[] = [];
  beforeAll(async () => {
    database = await connect();
  });
  beforeEach(async () => {
    await database.reset();
    platform = await using(startSmtpServer());
    ({ store } = await anActiveStore(database));
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });

  async function using(starting: Promise<TestMailServer>): Promise<TestMailServer> {
    const server = await starting;
    servers.push(server);
    return server;
  }

  /** The worker's side, whatever its operator allows. */
  function desk({ mayBePrivate = true, withinMs = TRY_WITHIN_MS } = {}) {
    const { repositories } = database;
    const vault = createSecretVault(database.as('worker'), createSealer(createSealingKeys(Buffer.alloc(32, 3))));
    const carry = storeMailCarrierOf({
      config: { storeMail: { mayBePrivate }, mailFrom: PLATFORM, domains: { publicAddresses: [] } },
      repositories,
      vault,
      mailer: createSmtpMailer(
        { host: '127.0.0.1', port: platform.port, isImplicitTls: false, from: PLATFORM },
        { sendWithinMs: TRY_WITHIN_MS },
      ),
    });
    const within = (id: string, mail: { id: string; raw: Buffer }) => carry(id, mail, { withinMs });
    const mail = createStoreMail({
      settings: repositories.storeMail,
      vault,
      mayBePrivate,
      lookUp: (host) => addressOfMailHost(host, { mayBePrivate }),
      writeTrial: async () => Buffer.from(ORDER),
      carry,
      wordsFor: wordsForMailFailure,
      newId: () => 'msg_trial',
      now: () => NOW,
    });
    const turn = (lane: OutboxLane, laterMs = 0) =>
      createOutboxDeliverer({
        owner: 'worker-1',
        lane,
        outbox: repositories.outbox,
        mailer: { send: () => Promise.reject(new Error('Only shops write here.')) },
        carry: within,
        support: null,
        complete: async (letter) => letter,
        stopping: new AbortController().signal,
        now: () => new Date(NOW.getTime() + laterMs),
      })();
    return { mail, vault, turn };
  }
  const own = (port: number, more: StoreMailTexts = {}): StoreMailTexts => ({
    way: 'own',
    from: 'shop@roses.example',
    host: '127.0.0.1',
    port: String(port),
    tls: 'none',
    ...more,
  });
  const order = (uniqueKey: string, storeId = store.id, raw = ORDER) =>
    database.repositories.outbox.enqueue({
      uniqueKey,
      storeId,
      recipient: null,
      kind: 'store-mail',
      raw: Buffer.from(raw),
      now: NOW,
    });
  const only = async ({ mails }: TestMailServer) => {
    expect(mails).toHaveLength(1);
    return { envelope: mails[0], mail: await simpleParser(mails[0]?.raw ?? '') };
  };

  it('by the platform: from our address in the shop’s name, answered to the shop, or as its owner wished', async () => {
    const { mail, turn } = desk();
    await order('one');
    await turn('own-servers');
    expect(platform.mails).toHaveLength(0);
    await turn('platform');

    const first = await only(platform);
    expect(first.envelope).toMatchObject({ from: 'noreply@platform.example', to: ['buyer@example.com'] });
    expect(first.mail.from?.text).toBe('"Roses" <noreply@platform.example>');
    expect(first.mail.replyTo?.text).toBe('wordpress@roses.example');

    await mail.change(store, { way: 'platform', senderName: 'Rösen', replyTo: 'help@roses.example' }, ORIGIN);
    await order('two');
    await turn('platform');
    const second = await simpleParser(platform.mails[1]?.raw ?? '');
    expect(second.from?.value).toEqual([{ address: 'noreply@platform.example', name: 'Rösen' }]);
    expect(second.replyTo?.text).toBe('help@roses.example');
    expect([second.subject, second.text?.trim()]).toEqual(['Your order', 'Thanks']);
  });

  it('by a server of its owner: only there, from the wished sender, and back again when it is chosen back', async () => {
    const { mail, turn } = desk();
    const server = await using(startSmtpServer());
    await mail.change(store, own(server.port), ORIGIN);
    await order('one');
    await turn('platform');
    await turn('own-servers');

    const there = await only(server);
    expect(there.envelope?.from).toBe('shop@roses.example');
    expect(there.mail.from?.text).toBe('"Roses" <shop@roses.example>');
    expect(platform.mails).toHaveLength(0);
    const trial = { origin: ORIGIN, signal: AbortSignal.timeout(5000), withinMs: TRY_WITHIN_MS };
    expect(await mail.tryOut(store, 'me@example.com', trial)).toMatchObject({
      outcome: 'accepted',
      way: 'own',
      from: 'shop@roses.example',
      answer: expect.stringContaining('250'),
    });
    // The shop named a buyer; it went to whom it was asked for, and the ledger says so.
    expect(server.mails[1]?.to).toEqual(['me@example.com']);
    const lines = await database.repositories.audit.list({ target: store.id });
    expect(lines.find(({ action }) => action === 'store.mail_tried')).toMatchObject({
      actor: 'cus_1',
      details: { to: 'me@example.com' },
    });

    await mail.change(store, { way: 'platform' }, ORIGIN);
    await order('two');
    await turn('platform');
    expect(platform.mails).toHaveLength(1);
  });

  it('a server that hangs holds up its own shop’s mail alone, which leaves by and by', async () => {
    const { mail, turn } = desk();
    const stuck = await using(startStuckServer('never greets'));
    const { store: other } = await anActiveStore(database);
    await mail.change(store, own(stuck.port), ORIGIN);
    for (const key of ['one', 'two', 'three']) await order(key);
    await order('of another', other.id);

    const stuckTurn = turn('own-servers');
    // Whoever looks at the same rows at the same moment passes them over; the next look has them.
    const patience = { signal: AbortSignal.timeout(5000), firstDelayMs: 10, maxDelayMs: 50 };
    await probeUntil(async () => {
      await turn('platform');
      return platform.mails[0];
    }, patience);
    await stuckTurn;
    // One limit for all three: nothing of it is due before the first is.
    const { outbox } = database.repositories;
    expect(await outbox.counts()).toMatchObject({ queued: 3, sent: 1, failed: 0 });
    const claim = { owner: 'w', limit: 9, leaseMs: 1, lane: 'own-servers' } as const;
    expect(await outbox.claimDue({ ...claim, now: new Date(NOW.getTime() + 29_000) })).toEqual([]);
    const trial = await mail.tryOut(store, 'me@example.com', {
      origin: ORIGIN,
      signal: AbortSignal.timeout(5000),
      withinMs: 200,
    });
    expect(trial).toMatchObject({ outcome: 'failed', sentence: 'The server did not answer in time.' });
  });

  it('a recipient that is refused for now waits alone: the shop’s other mail leaves in the same turn', async () => {
    const { mail, turn } = desk();
    const server = await using(startSmtpServer({ recipients: 450, only: 'full@example.com' }));
    await mail.change(store, own(server.port), ORIGIN);
    await order('one', store.id, ORDER.replaceAll('buyer@', 'full@'));
    await order('two');
    await turn('own-servers');

    expect((await only(server)).envelope?.to).toEqual(['buyer@example.com']);
    expect(await database.repositories.outbox.counts()).toMatchObject({ queued: 1, sent: 1, failed: 0 });
  });

  it('a server that is slow with every mail is one shop’s: the others’ mail leaves beside it', async () => {
    // Longer than anybody here waits: nobody gives up the slow one.
    const { mail, turn } = desk({ withinMs: 30_000 });
    const done = new AbortController();
    const slow = await using(startSmtpServer({ takesFrom: done.signal }));
    const swift = await using(startSmtpServer());
    const { store: other } = await anActiveStore(database);
    await mail.change(store, own(slow.port), ORIGIN);
    await mail.change(other, own(swift.port), ORIGIN);
    for (const key of ['one', 'two', 'three']) await order(key);
    for (const key of ['four', 'five']) await order(key, other.id);

    const slowTurn = turn('own-servers');
    const patience = { signal: AbortSignal.timeout(5000), firstDelayMs: 5, maxDelayMs: 20 };
    await probeUntil(async () => swift.mails[1], patience);
    // Never two at once to one shop's server.
    expect(slow.mails.length).toBeLessThanOrEqual(1);
    done.abort();
    await slowTurn;
  });

  it('the platform’s own mail comes before what shops write, and of shops whoever waits longest is next', async () => {
    const { store: other } = await anActiveStore(database);
    for (const key of ['one', 'two', 'three']) await order(key);
    await order('of another', other.id);
    const { outbox } = database.repositories;
    const ours = { storeId: store.id, recipient: 'o@example.com', kind: 'ready', payload: {} };
    await outbox.enqueue({ uniqueKey: 'ours', ...ours, now: new Date(NOW.getTime() + 1) });

    const told: string[] = [];
    for (let at = 0; at < 5; at += 1) {
      const [next] = await outbox.claimDue({
        owner: 'w',
        limit: 1,
        leaseMs: 60_000,
        lane: 'platform',
        now: new Date(NOW.getTime() + 1),
      });
      told.push(next?.uniqueKey ?? 'none');
      if (next !== undefined) await outbox.markSent(next.id);
    }
    const [first, second, third] = told;
    expect(first).toBe('ours');
    expect([second, third]).toContain('of another');
    expect(told.toSorted()).toEqual(['of another', 'one', 'ours', 'three', 'two']);
  });

  it('what is more than a shop may send in an hour waits for the next one and says so; others’ mail leaves meanwhile', async () => {
    const { turn } = desk();
    const { kysely } = database.as('admin');
    const { outbox, outboxEntries, storeMail } = database.repositories;
    const { store: other } = await anActiveStore(database);
    const endsAt = new Date(NOW.getTime() + HOUR);
    const all = { mail_hour_at: NOW, mail_hour_count: STORE_MAILS_PER_HOUR.platform - 1 };
    await kysely.updateTable('stores').set(all).where('id', '=', store.id).execute();
    expect(await storeMail.traffic(store.id, NOW)).toEqual({ perHour: 200, waiting: 0, heldUntil: null });
    for (const key of ['a', 'b', 'c']) await order(key);
    await order('other', other.id);
    await turn('platform');

    expect(platform.mails).toHaveLength(2);
    expect(await storeMail.traffic(store.id, NOW)).toEqual({ perHour: 200, waiting: 2, heldUntil: endsAt });
    const { mails } = await outboxEntries.page({ storeId: store.id, status: 'queued' }, { limit: 10 });
    const held = {
      ...{ attempts: 0, nextAttemptAt: endsAt },
      error: { code: 'mail_quota_reached', message: 'The shop has sent its 200 mails of this hour.' },
    };
    expect(mails).toMatchObject([held, held]);
    // Made due again by its owner, who has chosen anew how it leaves, or by an operator, it waits all the same.
    await outboxEntries.resend({ ...ORIGIN, id: mails[0]?.id ?? '', now: NOW });
    await turn('platform', MINUTE);
    expect(platform.mails).toHaveLength(2);

    await turn('platform', HOUR);
    expect(platform.mails).toHaveLength(4);
    expect(await outbox.counts()).toMatchObject({ queued: 0, sent: 4 });
    const later = new Date(NOW.getTime() + HOUR);
    expect(await storeMail.traffic(store.id, later)).toMatchObject({ waiting: 0, heldUntil: null });
  });

  it('of one shop as much waits as may, told without reading it, and no more; what waits of others takes none of its room', async () => {
    const { storeMail, outbox } = database.repositories;
    const { store: other } = await anActiveStore(database);
    await order('a');
    await order('b', store.id, `${ORDER} a lot`);
    await order('of another', other.id);
    await outbox.enqueue({ uniqueKey: 'ours', storeId: store.id, recipient: 'o@example.com', kind: 'ready', now: NOW });

    const { mails, bytes } = STORE_MAIL_ROOM;
    expect(await storeMail.roomOf(store.id)).toEqual({ mails: mails - 2, bytes: bytes - 2 * ORDER.length - 6 });
    await desk().turn('platform');
    expect(await storeMail.roomOf(store.id)).toEqual({ mails, bytes });
  });

  it('the bytes of what has left are not kept, and cannot leave again; what was given up is, and takes room', async () => {
    const { outbox, outboxEntries, storeMail } = database.repositories;
    await order('left');
    await order('given up');
    const { mails } = await outboxEntries.page({}, { limit: 9 });
    const [second = '', first = ''] = mails.map(({ id }) => id);
    await outbox.markSent(first);
    await outbox.markFailed(second, { code: 'mail_failed', message: 'no such user' }, null);

    const kept = await database.as('admin').kysely.selectFrom('outbox').select(['id', 'raw']).execute();
    expect(new Map(kept.map(({ id, raw }) => [id, raw?.length ?? null]))).toEqual(
      new Map([
        [first, null],
        [second, ORDER.length],
      ]),
    );
    await expect(outboxEntries.resend({ ...ORIGIN, id: first, now: NOW })).rejects.toMatchObject({
      code: 'not_allowed_now',
    });
    await outboxEntries.resend({ ...ORIGIN, id: second, now: NOW });
    await outbox.markFailed(second, { code: 'mail_failed', message: 'no such user' }, null);
    expect(await storeMail.roomOf(store.id)).toEqual({
      mails: STORE_MAIL_ROOM.mails,
      bytes: STORE_MAIL_ROOM.bytes - ORDER.length,
    });
  });

  it('what a shop wrote is not kept for long after it left or was given up; ours, and what waits, stays', async () => {
    const { outbox, outboxEntries } = database.repositories;
    const [sent, failed] = [new Date(Date.now() + DAY), new Date(NOW.getTime() + DAY)];
    await order('left');
    await order('given up');
    await order('waiting');
    await outbox.enqueue({ uniqueKey: 'ours', storeId: store.id, recipient: 'o@example.com', kind: 'ready', now: NOW });
    const { mails } = await outboxEntries.page({}, { limit: 9 });
    const [ours, , second, first] = mails.map(({ id }) => id);
    await outbox.markSent(first ?? '');
    await outbox.markSent(ours ?? '');
    await outbox.markFailed(second ?? '', { code: 'mail_failed', message: 'no such user' }, null);

    // Written long ago, but sent just now.
    expect(await outbox.removeStoreMail('sent', new Date(NOW.getTime() + DAY))).toBe(0);
    expect(await outbox.removeStoreMail('sent', sent)).toBe(1);
    expect(await outbox.removeStoreMail('sent', sent)).toBe(0);
    expect(await outbox.removeStoreMail('failed', NOW)).toBe(0);
    expect(await outbox.removeStoreMail('failed', failed)).toBe(1);
    expect((await outboxEntries.page({}, { limit: 9 })).mails.map(({ kind, status }) => [kind, status])).toEqual([
      ['ready', 'sent'],
      ['store-mail', 'queued'],
    ]);
  });

  it('by a server of its own a shop may send more, and a clock that is set back holds up nobody', async () => {
    const server = await using(startSmtpServer());
    const { mail, turn } = desk();
    await mail.change(store, own(server.port), ORIGIN);
    const { kysely } = database.as('admin');
    const { storeMail } = database.repositories;
    const set = (mail_hour_at: Date, mail_hour_count: number) =>
      kysely.updateTable('stores').set({ mail_hour_at, mail_hour_count }).where('id', '=', store.id).execute();
    await set(NOW, STORE_MAILS_PER_HOUR.platform);
    await order('a');
    await turn('own-servers');
    expect(server.mails).toHaveLength(1);
    await set(NOW, STORE_MAILS_PER_HOUR.own);
    await order('b');
    await turn('own-servers');
    expect(server.mails).toHaveLength(1);
    expect(await storeMail.traffic(store.id, NOW)).toMatchObject({ perHour: 2000, waiting: 1 });
    await set(new Date(NOW.getTime() + 3 * HOUR), STORE_MAILS_PER_HOUR.own);
    await turn('own-servers', HOUR);
    expect(server.mails).toHaveLength(2);
  });

  it('what waits for a server leaves as soon as its owner has mended how', async () => {
    const { mail, turn } = desk();
    const gone = await startSmtpServer();
    await gone.stop();
    await mail.change(store, own(gone.port), ORIGIN);
    for (const key of ['one', 'two']) await order(key);
    await turn('own-servers');

    const server = await using(startSmtpServer());
    await mail.change(store, own(server.port), ORIGIN);
    await turn('own-servers');
    expect(server.mails).toHaveLength(2);
  });

  describe('what is behind this machine', () => {
    it.each(['127.0.0.1', '10.0.0.5', '169.254.169.254', '::1', 'localhost'])(
      'is not reached by naming %s: neither chosen, nor when it was chosen before',
      async (host) => {
        const server = await using(startSmtpServer());
        const closed = desk({ mayBePrivate: false });
        const wish = own(25, { host });
        await expect(closed.mail.change(store, wish, ORIGIN)).rejects.toMatchObject({
          code: 'invalid_input',
          fields: { host: expect.stringContaining('is not a server on the internet') },
        });

        await desk().mail.change(store, own(server.port), ORIGIN);
        await order('one');
        await closed.turn('own-servers');
        expect(server.mails).toHaveLength(0);
      },
    );
  });

  it('its password is sealed, never told, never sent in clear, and gone with the server it was for', async () => {
    const { mail, vault, turn } = desk();
    // This one offers no TLS.
    const server = await using(startSmtpServer());
    const secret = 'mail-Passw0rd-of-the-owner';
    await mail.change(store, own(server.port, { tls: 'starttls', user: 'shop', password: secret }), ORIGIN);
    await order('one');
    await turn('own-servers');

    expect(server.mails).toHaveLength(0);
    expect(await mail.show(store)).toMatchObject({ hasPassword: true, server: { user: 'shop' } });
    expect(await vault.read(store.id, 'mail-password')).toBe(secret);
    const { kysely } = database.as('admin');
    const tables = ['store_mail', 'sealed_secrets', 'audit_log', 'outbox'] as const;
    for (const table of tables) {
      const rows = await kysely.selectFrom(table).selectAll().execute();
      expect(JSON.stringify(rows.map((row) => ({ ...row, raw: undefined })))).not.toContain(secret);
    }
    const trial = await mail.tryOut(store, 'me@example.com', {
      origin: ORIGIN,
      signal: AbortSignal.timeout(5000),
      withinMs: 1000,
    });
    expect(trial).toMatchObject({ outcome: 'failed', sentence: expect.stringContaining('No safe connection') });

    await mail.change(store, { way: 'platform' }, ORIGIN);
    expect(await vault.names(store.id)).not.toContain('mail-password');
    const lines = await database.repositories.audit.list({ target: store.id });
    expect(lines.filter(({ action }) => action === 'store.mail_changed')).toHaveLength(2);
  });

  it('refusals are told in plain words, with what the server said', async () => {
    const { mail } = desk();
    const trial = { origin: ORIGIN, signal: AbortSignal.timeout(5000), withinMs: 1000 };
    const told = async (server: TestMailServer) => {
      await mail.change(store, own(server.port), ORIGIN);
      return mail.tryOut(store, 'me@example.com', trial);
    };
    expect(await told(await using(startSmtpServer({ senders: 550 })))).toMatchObject({
      outcome: 'failed',
      sentence: 'The server does not let this user send as this sender.',
      answer: expect.stringContaining('550'),
    });
    expect(await told(await using(startSmtpServer({ recipients: 551 })))).toMatchObject({
      sentence: 'The server does not accept the recipient.',
    });
    const gone = await startSmtpServer();
    await gone.stop();
    expect(await told(gone)).toMatchObject({ sentence: 'The server could not be reached.' });
  });
});
