import { readFile } from 'node:fs/promises';
import { isIP, isIPv4, Socket } from 'node:net';
import nodemailer from 'nodemailer';
import { AppError, MailRefusedError } from '../../domain/errors.ts';
import { SECOND } from '../../lib/time.ts';
import { type Mailer, messageOf } from './letter.ts';

export interface SmtpSettings {
  readonly host: string;
  /** Where it is, when that was looked up before: the name is then only what its certificate has to say. */
  readonly address?: string;
  readonly port: number;
  /** TLS from the first byte; else STARTTLS when offered. */
  readonly isImplicitTls: boolean;
  /** Of a connection that begins in clear: `always` sends nothing before TLS is on, `never` does not ask. Without it: when offered, and always before a password. */
  readonly startTls?: 'always' | 'never';
  readonly user?: string;
  readonly password?: string;
  /** Certificates (PEM) of the authority that signed the server's, where it is not a public one. */
  readonly caFile?: string;
  readonly from: string;
}

/** From the first packet to the server's last word; a server that is slower, or drips, is given up and tried later. */
export const SEND_WITHIN_MS = 20 * SECOND;
/** What is said about this recipient or this content: a wrong password or sender is ours to mend. */
const VERDICTS_ON_THE_MAIL = ['RCPT TO', 'DATA'];
/** Said at any moment by a server that ends here (RFC 5321 §3.8). */
const GOING_AWAY = 421;

/**
 * Sends by SMTP. A password never travels without TLS, except on this machine. A mail that the server refuses for good
 * (RFC 5321 §4.2.1) throws `mail_failed` that is not retryable; everything else is worth another try. What is said of
 * the mail alone, for good or for now, is a `MailRefusedError`.
 */
export function createSmtpMailer(settings: SmtpSettings, { sendWithinMs = SEND_WITHIN_MS } = {}): Mailer {
  const where = `${settings.host}:${settings.port}`;
  return {
    where,
    async send(letter) {
      try {
        const sent = await talk(settings, sendWithinMs, (transport) =>
          transport.sendMail(
            'raw' in letter
              ? { envelope: { from: addressOf(settings.from), to: [...letter.to] }, raw: letter.raw }
              : messageOf(letter, settings.from),
          ),
        );
        return sent.response;
      } catch (thrown) {
        throw explain(where, thrown);
      }
    },
    async check() {
      await talk(settings, sendWithinMs, (transport) => transport.verify());
      return `${where} answers`;
    },
  };
}

/** One connection for one talk; at the limit it is torn down, so that nothing is delivered behind our back. */
async function talk<Answer>(
  settings: SmtpSettings,
  withinMs: number,
  act: (transport: ReturnType<typeof transportOver>) => Promise<Answer>,
): Promise<Answer> {
  const ca = settings.caFile === undefined ? undefined : await readFile(settings.caFile);
  const socket = new Socket();
  const limit = AbortSignal.timeout(withinMs);
  const giveUp = (): void => {
    socket.destroy(new Error(`no end within ${withinMs / SECOND} s`));
  };
  limit.addEventListener('abort', giveUp, { once: true });
  try {
    return await act(transportOver(settings, socket, withinMs, ca));
  } finally {
    limit.removeEventListener('abort', giveUp);
    socket.destroy();
  }
}

function transportOver(settings: SmtpSettings, socket: Socket, withinMs: number, ca: Buffer | undefined) {
  const { host, address = host, port, isImplicitTls, startTls, user, password } = settings;
  const tls = { ...(isIP(host) === 0 ? { servername: host } : {}), ...(ca === undefined ? {} : { ca }) };
  return nodemailer.createTransport({
    host: address,
    port,
    secure: isImplicitTls,
    socket,
    requireTLS: startTls === 'always' || (user !== undefined && !isThisMachine(host)),
    ignoreTLS: startTls === 'never',
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    tls,
    connectionTimeout: withinMs,
    greetingTimeout: withinMs,
    socketTimeout: withinMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function explain(where: string, thrown: unknown): AppError {
  const { responseCode = 0, command = '', message } = thrown as Partial<SmtpError>;
  const words = `${where}: ${message ?? String(thrown)}`;
  const isOnTheMail = responseCode >= 400 && responseCode !== GOING_AWAY && VERDICTS_ON_THE_MAIL.includes(command);
  if (isOnTheMail) return new MailRefusedError(words, { cause: thrown, retryable: responseCode < 500 });
  return new AppError('mail_failed', words, {
    cause: thrown,
    retryable: true,
    hint: 'Check SMTP_HOST, SMTP_USER and SMTP_PASSWORD: shopctl doctor',
  });
}

/** What nodemailer adds to its errors (nodemailer.com/errors). */
interface SmtpError {
  readonly responseCode: number;
  readonly command: string;
  readonly message: string;
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

function addressOf(from: string): string {
  return /<([^>]+)>/.exec(from)?.[1] ?? from;
}
