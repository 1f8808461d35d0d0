import { simpleParser } from 'mailparser';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createSmtpMailer } from '../../src/adapters/smtp/smtp-mailer.ts';
import { HOUR, MINUTE } from '../../src/lib/time.ts';
import { createOutboxDeliverer } from '../../src/mail/deliver-outbox.ts';
import { SAMPLE_FACTS } from '../../src/mail/sample-facts.ts';
import { forEachDatabase, type TestDatabase } from '../services/for-each-database.ts';
import { startSmtpServer, startStuckServer, type TestMailServer } from '../services/smtp-server.ts';

const NOW = new Date('2026-11-25T10:00:00.000Z');
const FROM = 'ShopHosting <noreply@example.com>';

forEachDatabase((_name, connect) => {
  let database: TestDatabase;
  const servers: TestMailServer[] = [];
  beforeAll(async () => {
    database = await connect();
  });
  beforeEach(() => database.reset());
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });

  const using = async (starting: Promise<TestMailServer>): Promise<TestMailServer> => {
    const server = await starting;
    servers.push(server);
    return server;
  };
  const queue = (uniqueKey: string, over = {}) =>
    database.repositories.outbox.enqueue({
      uniqueKey,
      storeId: null,
      recipient: 'owner@example.com',
      kind: 'ready',
      payload: SAMPLE_FACTS.ready,
      now: NOW,
      ...over,
    });
  /** One turn of a worker's chore, so long after the mails were queued. */
  const turn = (port: number, laterMs = 0, owner = 'worker-1') =>
    createOutboxDeliverer({
      owner,
      lane: 'platform',
      carry: () => Promise.reject(new Error('No shop writes here.')),
      outbox: database.repositories.outbox,
      mailer: createSmtpMailer({ host: '127.0.0.1', port, isImplicitTls: false, from: FROM }, { sendWithinMs: 300 }),
      support: null,
      complete: async (mail) => mail,
      stopping: new AbortController().signal,
      now: () => new Date(NOW.getTime() + laterMs),
    })();
  const counts = () => database.repositories.outbox.counts();

  it('delivers each mail once, however many workers look', async () => {
    const { port, mails } = await using(startSmtpServer());
    for (const at of [1, 2, 3, 4]) await queue(`welcome:sto_${at}`);
    await queue('welcome:sto_1');

    await Promise.all(['worker-1', 'worker-2', 'worker-3'].map((owner) => turn(port, 0, owner)));
    await turn(port, HOUR);

    const ids = await Promise.all(mails.map(async ({ raw }) => (await simpleParser(raw)).messageId));
    expect(ids.sort()).toEqual([1, 2, 3, 4].map((at) => `<welcome-sto_${at}@shophosting>`));
    expect(await counts()).toMatchObject({ queued: 0, sent: 4, failed: 0 });
  });

  it('a server that hangs, then is away, then is back gets the mail exactly once', async () => {
    await queue('welcome:sto_1');
    const stuck = await using(startStuckServer('never greets'));
    await turn(stuck.port);
    await stuck.clientGone;
    await stuck.stop();
    await turn(stuck.port, MINUTE);
    expect(await counts()).toMatchObject({ queued: 1, sent: 0, failed: 0 });

    const back = await using(startSmtpServer('accepts', { port: stuck.port }));
    await turn(back.port, MINUTE + 1);
    expect(back.mails).toHaveLength(0);
    await turn(back.port, HOUR);
    await turn(back.port, 2 * HOUR);

    expect(back.mails).toHaveLength(1);
    expect(await counts()).toMatchObject({ queued: 0, sent: 1, failed: 0 });
  });

  it('a refusal for good is given up and holds nobody up, one for now is tried again', async () => {
    const never = await using(startSmtpServer({ recipients: 550 }));
    const later = await using(startSmtpServer({ recipients: 450 }));
    const good = await using(startSmtpServer());
    await queue('a');
    await queue('b', { kind: 'nobody wrote a template' });
    await turn(never.port);
    expect(await counts()).toMatchObject({ queued: 0, failed: 2 });

    await queue('c');
    await turn(later.port);
    expect(await counts()).toMatchObject({ queued: 1, failed: 2 });
    await turn(good.port, HOUR);

    expect(good.mails).toHaveLength(1);
    expect(await counts()).toMatchObject({ queued: 0, sent: 1, failed: 2 });
  });

  it('what is refused for now to one recipient holds up nobody else', async () => {
    const busy = await using(startSmtpServer({ recipients: 450, only: 'full@example.com' }));
    await queue('a', { recipient: 'full@example.com' });
    await queue('b');
    await turn(busy.port);

    expect(busy.mails.map(({ to }) => to)).toEqual([['owner@example.com']]);
    expect(await counts()).toMatchObject({ queued: 1, sent: 1, failed: 0 });
  });
});
