import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Mailer } from '../adapters/smtp/letter.ts';
import type { CliActions } from '../cli/actions.ts';
import type { Config } from '../config/config.ts';
import { InvalidInputError } from '../domain/errors.ts';
import { parseEmail } from '../domain/store-input.ts';
import { newId } from '../lib/new-id.ts';
import { isMailKind, MAIL_KINDS } from '../mail/mail-kinds.ts';
import { writeMessage } from '../mail/messages.ts';
import { SAMPLE_FACTS } from '../mail/sample-facts.ts';

type MailActions = Pick<CliActions, 'previewMail' | 'testMail'>;

/** What `shopctl` does about mail. A preview needs neither the configuration nor the platform. */
export function createMailActions(
  open: () => { config: Pick<Config, 'publicUrl' | 'smtp'>; mailer: Mailer },
): MailActions {
  return {
    async previewMail({ kind, folder }) {
      if (kind !== undefined && !isMailKind(kind)) {
        throw new InvalidInputError('kind', `A mail is one of: ${MAIL_KINDS.join(', ')}.`);
      }
      await mkdir(folder, { recursive: true });
      return Promise.all((kind === undefined ? MAIL_KINDS : [kind]).map((each) => writePreview(each, folder)));
    },
    async testMail({ to }) {
      const recipient = parseEmail(to);
      const { config, mailer } = open();
      const sentAt = new Date().toISOString();
      const message = await writeMessage('test', { publicUrl: config.publicUrl, sentAt });
      await mailer.send({ id: newId('msg'), to: recipient, ...message });
      return {
        to: recipient,
        outcome: config.smtp === undefined ? 'written' : 'accepted',
        where: mailer.where,
        subject: message.subject,
      };
    },
  };
}

async function writePreview(kind: (typeof MAIL_KINDS)[number], folder: string) {
  const { subject, html, text } = await writeMessage(kind, SAMPLE_FACTS[kind]);
  const files = { html: resolve(join(folder, `${kind}.html`)), text: resolve(join(folder, `${kind}.txt`)) };
  await writeFile(files.html, html);
  await writeFile(files.text, text);
  return { kind, subject, ...files };
}
