import { createPrivateKey } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type ParsedMail, simpleParser } from 'mailparser';
import { afterEach, describe, expect, test } from 'vitest';
import { issueLeaf, makeAuthority, makeKey } from '../../src/adapters/certificates/issue-certificate.ts';
import { createFileMailer } from '../../src/adapters/smtp/file-mailer.ts';
import { createSmtpMailer, SEND_WITHIN_MS, type SmtpSettings } from '../../src/adapters/smtp/smtp-mailer.ts';
import { createMailActions } from '../../src/app/mail-actions.ts';
import { MAIL_KINDS } from '../../src/mail/mail-kinds.ts';
import { writeMessage } from '../../src/mail/messages.ts';
import { SAMPLE_FACTS } from '../../src/mail/sample-facts.ts';
import { startSmtpServer, startStuckServer, type TestMailServer } from '../services/smtp-server.ts';

const FROM = 'ShopHosting <noreply@example.com>';
const HOPELESS_AFTER_MS = 300;
const LETTER = { id: 'ready-sto_1', to: 'o@example.com', subject: 'Open', text: 'Hello', html: '<p>Hello</p>' };

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function using(server: Promise<TestMailServer>): Promise<TestMailServer> {
  const started = await server;
  cleanups.push(started.stop);
  return started;
}

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'shop-mail-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const smtp = (port: number, more: Partial<SmtpSettings> = {}, limits = {}) =>
  createSmtpMailer({ host: '127.0.0.1', port, isImplicitTls: false, from: FROM, ...more }, limits);

async function theOnly(server: TestMailServer): Promise<ParsedMail> {
  expect(server.mails).toHaveLength(1);
  return simpleParser(server.mails[0]?.raw ?? '');
}

describe('a mail by SMTP', () => {
  test.each(MAIL_KINDS)('%s arrives with both parts, its words literal', async (kind) => {
    const server = await using(startSmtpServer());
    const message = await writeMessage(kind, SAMPLE_FACTS[kind]);

    await smtp(server.port).send({ id: `${kind}-sto_1`, to: 'o@example.com', ...message });

    const mail = await theOnly(server);
    expect(mail.headers.get('content-type')).toMatchObject({ value: 'multipart/alternative' });
    expect([mail.subject, mail.text?.trim()]).toEqual([message.subject, message.text.trim()]);
    expect(mail.html).toBe(message.html);
    expect([mail.messageId, mail.from?.text]).toEqual([
      `<${kind}-sto_1@shophosting>`,
      '"ShopHosting" <noreply@example.com>',
    ]);
    expect(server.mails[0]?.to).toEqual(['o@example.com']);
    expect(mail.attachments).toEqual([]);
  });

  test('no subject begins a header, and no recipient brings another', async () => {
    const server = await using(startSmtpServer());

    await smtp(server.port).send({ ...LETTER, subject: 'Käse "$(id)" 🛒\r\nBcc: x@example.com' });

    const mail = await theOnly(server);
    expect(mail.subject).toMatch(/^Käse "\$\(id\)" 🛒\s+Bcc: x@example.com$/);
    expect(mail.bcc).toBeUndefined();
    expect(server.mails[0]?.to).toEqual(['o@example.com']);
  });

  test('a shop’s own mail arrives byte for byte, for whom its envelope says', async () => {
    const server = await using(startSmtpServer());
    const raw = Buffer.from('To: x@example.com\r\nSubject: Order 1\r\n\r\nThanks\r\n');

    await smtp(server.port).send({ id: 'order', to: ['buyer@example.com', 'owner@example.com'], raw });

    expect(server.mails[0]?.to).toEqual(['buyer@example.com', 'owner@example.com']);
    expect(server.mails[0]?.raw.toString()).toContain('Subject: Order 1');
  });
});

describe('a mail server that is not as it should be', () => {
  test.each([
    ['this recipient never', { recipients: 550 }, false],
    ['this recipient later', { recipients: 450 }, true],
    ['our sender, which we can mend', { senders: 550 }, true],
    ['whoever has not signed in', { senders: 530 }, true],
  ] as const)('refuses %s', async (_what, manner, retryable) => {
    const { port } = await using(startSmtpServer(manner));

    await expect(smtp(port).send(LETTER)).rejects.toMatchObject({ code: 'mail_failed', retryable });
  });

  test('refuses our password: another try is worth it once that is mended', async () => {
    const { port } = await using(
      startSmtpServer('accepts', {
        authOptional: false,
        allowInsecureAuth: true,
        onAuth: (_auth, _session, callback) => callback(Object.assign(new Error('bad'), { responseCode: 535 })),
      }),
    );

    const error = await smtp(port, { user: 'u', password: 'hunter2-hunter2' })
      .send(LETTER)
      .catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code: 'mail_failed', retryable: true });
    expect(String(error)).not.toContain('hunter2');
  });

  test.each(['never greets', 'never ends its greeting', 'never answers DATA'] as const)(
    '%s: given up at the limit, the line cut, to be tried again',
    async (manner) => {
      const server = await using(manner === 'never answers DATA' ? startSmtpServer(manner) : startStuckServer(manner));

      const sending = smtp(server.port, {}, { sendWithinMs: HOPELESS_AFTER_MS }).send(LETTER);

      await expect(sending).rejects.toMatchObject({ code: 'mail_failed', retryable: true });
      await server.clientGone;
      expect(server.mails).toEqual([]);
    },
  );

  test('is not there: to be tried again', async () => {
    const server = await startSmtpServer();
    await server.stop();

    await expect(smtp(server.port).send(LETTER)).rejects.toMatchObject({ code: 'mail_failed', retryable: true });
  });

  test('gets less time than any worker has claimed the mail for', () => {
    expect(SEND_WITHIN_MS).toBeLessThan(60_000);
  });
});

describe('TLS', () => {
  const withTls = async (isImplicitTls: boolean) => {
    const authority = await makeAuthority(['localhost']);
    const key = await makeKey();
    const cert = await issueLeaf('localhost', createPrivateKey(key), authority);
    const caFile = join(await aFolder(), 'ca.pem');
    await writeFile(caFile, authority.certificate);
    const tls = { key, cert, secure: isImplicitTls, disabledCommands: [] };
    return { server: await using(startSmtpServer('accepts', tls)), caFile };
  };

  test.each([
    ['STARTTLS', false],
    ['TLS from the first byte', true],
  ])('%s: the mail travels encrypted where the authority is ours, else not at all', async (_name, isImplicitTls) => {
    const { server, caFile } = await withTls(isImplicitTls);

    await expect(smtp(server.port, { host: 'localhost', isImplicitTls }).send(LETTER)).rejects.toMatchObject({
      code: 'mail_failed',
      retryable: true,
    });
    expect(server.mails).toEqual([]);

    await smtp(server.port, { host: 'localhost', isImplicitTls, caFile }).send(LETTER);
    expect(server.mails.map(({ secure }) => secure)).toEqual([true]);
  });
});

test('without SMTP each mail is a file with both parts, once however often it is sent', async () => {
  const folder = join(await aFolder(), 'outbox');
  const mailer = createFileMailer({ folder, from: FROM });

  await mailer.send(LETTER);
  await mailer.send(LETTER);

  expect(await readdir(folder)).toEqual(['ready-sto_1.eml']);
  const mail = await simpleParser(await readFile(join(folder, 'ready-sto_1.eml')));
  expect([mail.subject, mail.text?.trim(), mail.html]).toEqual(['Open', 'Hello', '<p>Hello</p>']);
});

describe('an operator', () => {
  const config = (settings?: SmtpSettings) => ({
    support: null,
    publicUrl: 'https://panel.example.com/',
    ...(settings && { smtp: settings }),
  });

  test('tries mail out: by SMTP, refused by SMTP, and as a file', async () => {
    const good = await using(startSmtpServer());
    const bad = await using(startSmtpServer({ recipients: 550 }));
    const folder = await aFolder();
    const settings = (port: number): SmtpSettings => ({ host: '127.0.0.1', port, isImplicitTls: false, from: FROM });
    const through = (port: number) =>
      createMailActions(() => ({ config: config(settings(port)), mailer: createSmtpMailer(settings(port)) }));
    const asFile = createMailActions(() => ({ config: config(), mailer: createFileMailer({ folder, from: FROM }) }));

    expect(await through(good.port).testMail({ to: 'Me@Example.com' })).toMatchObject({
      to: 'me@example.com',
      outcome: 'accepted',
      where: `127.0.0.1:${good.port}`,
    });
    expect((await theOnly(good)).text).toContain('mail of this platform reaches you');
    await expect(through(bad.port).testMail({ to: 'me@example.com' })).rejects.toMatchObject({ code: 'mail_failed' });
    expect(await asFile.testMail({ to: 'me@example.com' })).toMatchObject({ outcome: 'written', where: folder });
    expect(await readdir(folder)).toHaveLength(1);
    for (const to of ['-oops@example.com', 'a@example.com,b@example.com', 'nobody']) {
      await expect(asFile.testMail({ to })).rejects.toMatchObject({ code: 'invalid_input' });
    }
  });

  test('looks at each kind without a platform', async () => {
    const folder = join(await aFolder(), 'new');
    const { previewMail } = createMailActions(() => {
      throw new Error('a preview opens nothing');
    });

    const written = await previewMail({ folder });

    // The letter about a shop that is ready says more where its platform has more to say.
    expect(new Set(written.map(({ kind }) => kind))).toEqual(new Set(MAIL_KINDS));
    expect(written.map(({ html }) => basename(html, '.html'))).toEqual(
      expect.arrayContaining([...MAIL_KINDS, 'ready-magento']),
    );
    for (const { html, text } of written) {
      expect(await readFile(html, 'utf8')).toMatch(/^<!DOCTYPE html/i);
      expect(await readFile(text, 'utf8')).toMatch(/You get this mail because/);
    }
    await expect(previewMail({ folder, kind: 'none' })).rejects.toMatchObject({ code: 'invalid_input' });
  });
});
