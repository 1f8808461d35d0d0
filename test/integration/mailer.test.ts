import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { afterEach, expect, test } from 'vitest';
import { createFileMailer, createSmtpMailer } from '../../src/adapters/smtp/mailer.ts';

const FROM = 'ShopHosting <noreply@example.com>';
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

interface Received {
  readonly to: string[];
  readonly raw: Buffer;
}

async function smtpServer(refuse?: number): Promise<{ port: number; mails: Received[] }> {
  const mails: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (_address, _session, callback) => {
      if (refuse === undefined) return callback();
      return callback(Object.assign(new Error('no'), { responseCode: refuse }));
    },
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), raw: Buffer.concat(chunks) });
        callback();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise((resolve) => server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, mails };
}

const smtp = (port: number) => createSmtpMailer({ host: '127.0.0.1', port, from: FROM });

test('a mail of ours arrives, its title literal', async () => {
  const { port, mails } = await smtpServer();
  await smtp(port).send({
    id: 'welcome-sto_1',
    to: 'o@example.com',
    subject: 'Käse "$(id)" 🛒 is open',
    text: 'Hello',
  });
  const mail = await simpleParser(mails[0]?.raw ?? '');
  expect([mail.subject, mail.text?.trim(), mails[0]?.to]).toEqual([
    'Käse "$(id)" 🛒 is open',
    'Hello',
    ['o@example.com'],
  ]);
});

test('a shop’s own mail arrives byte for byte, for whom its envelope says', async () => {
  const { port, mails } = await smtpServer();
  const raw = Buffer.from('To: x@example.com\r\nSubject: Order 1\r\n\r\nThanks\r\n');
  await smtp(port).send({ id: 'order', to: ['buyer@example.com', 'owner@example.com'], raw });
  expect(mails[0]?.to).toEqual(['buyer@example.com', 'owner@example.com']);
  expect(mails[0]?.raw.toString()).toContain('Subject: Order 1');
});

test.each([
  [550, false],
  [451, true],
])('a server that answers %i: retryable is %s', async (code, retryable) => {
  const { port } = await smtpServer(code);
  await expect(smtp(port).send({ id: 'a', to: 'o@example.com', subject: 's', text: 't' })).rejects.toMatchObject({
    code: 'mail_failed',
    retryable,
  });
});

test('nobody there: tried again later, and sent once somebody is', async () => {
  const probe: Server = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  await expect(smtp(port).send({ id: 'a', to: 'o@example.com', subject: 's', text: 't' })).rejects.toMatchObject({
    code: 'mail_failed',
    retryable: true,
  });
});

test('without SMTP each mail is a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'shop-outbox-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  await createFileMailer({ folder: join(folder, 'outbox'), from: FROM }).send({
    id: 'welcome-sto_1',
    to: 'o@example.com',
    subject: 'Open',
    text: 'Hello',
  });
  expect(await readdir(join(folder, 'outbox'))).toEqual(['welcome-sto_1.eml']);
  const mail = await simpleParser(await readFile(join(folder, 'outbox/welcome-sto_1.eml')));
  expect(mail.subject).toBe('Open');
});
