import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import nodemailer from 'nodemailer';
import { AppError } from '../../domain/errors.ts';
import { SECOND } from '../../lib/time.ts';
import { writeFileAtomically } from '../filesystem/write-file-atomically.ts';

/** A mail of ours, or the raw bytes of one that a shop wrote. */
export type Letter =
  | {
      readonly id: string;
      readonly to: string;
      readonly subject: string;
      readonly text: string;
      readonly html?: string;
    }
  | { readonly id: string; readonly to: readonly string[]; readonly raw: Buffer };

export interface Mailer {
  /** Delivers or throws `mail_failed`; retryable unless the server refused it for good. */
  send(letter: Letter): Promise<void>;
  /** The server answers; resolves to a sentence about it. */
  check(): Promise<string>;
}

export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly from: string;
}

const SMTP_TIMEOUT_MS = 20 * SECOND;
const SMTPS_PORT = 465;

/** Sends by SMTP: implicit TLS on port 465, STARTTLS where offered elsewhere. */
export function createSmtpMailer(settings: SmtpSettings): Mailer {
  const transport = nodemailer.createTransport({
    host: settings.host,
    port: settings.port,
    secure: settings.port === SMTPS_PORT,
    ...(settings.user === undefined ? {} : { auth: { user: settings.user, pass: settings.password ?? '' } }),
    connectionTimeout: SMTP_TIMEOUT_MS,
    greetingTimeout: SMTP_TIMEOUT_MS,
    socketTimeout: SMTP_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const where = `${settings.host}:${settings.port}`;
  return {
    async send(letter) {
      try {
        await transport.sendMail(
          'raw' in letter
            ? { envelope: { from: addressOf(settings.from), to: [...letter.to] }, raw: letter.raw }
            : { ...wordsOf(letter), from: settings.from, messageId: `<${letter.id}@shophosting>` },
        );
      } catch (thrown) {
        const { responseCode, message } = thrown as { responseCode?: number; message?: string };
        // 5xx: refused for good (RFC 5321 §4.2.1).
        const permanent = responseCode !== undefined && responseCode >= 500;
        throw new AppError('mail_failed', `${where}: ${message ?? String(thrown)}`, {
          cause: thrown,
          retryable: !permanent,
          hint: 'Check SMTP_HOST, SMTP_USER and SMTP_PASSWORD: shopctl doctor',
        });
      }
    },
    async check() {
      await transport.verify();
      return `${where} answers`;
    },
  };
}

/** Writes each mail as `DATA_DIR/outbox/ID.eml`: where mail goes until SMTP_HOST is set. */
export function createFileMailer({ folder, from }: { folder: string; from: string }): Mailer {
  const transport = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
  return {
    async send(letter) {
      await mkdir(folder, { recursive: true, mode: 0o750 });
      const bytes = 'raw' in letter ? letter.raw : (await transport.sendMail({ ...wordsOf(letter), from })).message;
      await writeFileAtomically(join(folder, `${letter.id}.eml`), bytes as Buffer, { mode: 0o640 });
    },
    check: async () => `mails are written to ${folder}`,
  };
}

function wordsOf(letter: Extract<Letter, { subject: string }>): {
  to: string;
  subject: string;
  text: string;
  html?: string;
} {
  const { to, subject, text, html } = letter;
  return { to, subject, text, ...(html === undefined ? {} : { html }) };
}

function addressOf(from: string): string {
  return /<([^>]+)>/.exec(from)?.[1] ?? from;
}
