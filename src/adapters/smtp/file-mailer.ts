import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import nodemailer from 'nodemailer';
import { writeFileAtomically } from '../filesystem/write-file-atomically.ts';
import { type Mailer, messageOf } from './letter.ts';

/** Writes each mail as `DATA_DIR/outbox/ID.eml`, once per id: where mail goes until SMTP_HOST is set. */
export function createFileMailer({ folder, from }: { folder: string; from: string }): Mailer {
  const transport = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
  return {
    where: folder,
    async send(letter) {
      await mkdir(folder, { recursive: true, mode: 0o750 });
      const bytes = 'raw' in letter ? letter.raw : (await transport.sendMail(messageOf(letter, from))).message;
      await writeFileAtomically(join(folder, `${letter.id}.eml`), bytes as Buffer, { mode: 0o640 });
      return 'written';
    },
    check: async () => `mails are written to ${folder}`,
  };
}
