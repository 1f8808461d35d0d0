import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Mailer } from '../adapters/smtp/letter.ts';
import type { CliActions } from '../cli/actions.ts';
import type { Config } from '../config/config.ts';
import { InvalidInputError } from '../domain/errors.ts';
import { parseEmail } from '../domain/store-input.ts';
import { newId } from '../lib/new-id.ts';
import { isMailKind, MAIL_KINDS, type MailKind } from '../mail/mail-kinds.ts';
import { writeMessage } from '../mail/messages.ts';
import { SAMPLE_FACTS } from '../mail/sample-facts.ts';
import { STACKS } from '../stacks/index.ts';
import { adminNoteOf } from './store-facts.ts';

type MailActions = Pick<CliActions, 'previewMail' | 'testMail'>;

/** What `shopctl` does about mail. A preview needs neither the configuration nor the platform. */
export function createMailActions(
  open: () => { config: Pick<Config, 'publicUrl' | 'smtp' | 'support'>; mailer: Mailer },
): MailActions {
  return {
    async previewMail({ kind, folder }) {
      if (kind !== undefined && !isMailKind(kind)) {
        throw new InvalidInputError('kind', `A mail is one of: ${MAIL_KINDS.join(', ')}.`);
      }
      await mkdir(folder, { recursive: true });
      const samples = kind === undefined ? SAMPLES : SAMPLES.filter((sample) => sample.kind === kind);
      return Promise.all(samples.map((sample) => writePreview(sample, folder)));
    },
    async testMail({ to }) {
      const recipient = parseEmail(to);
      const { config, mailer } = open();
      const sentAt = new Date().toISOString();
      const message = await writeMessage('test', { publicUrl: config.publicUrl, sentAt }, config.support);
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

interface Sample {
  /** Of its files. */
  readonly name: string;
  readonly kind: MailKind;
  readonly facts: object;
}

/** Each kind once, and the mail about an open shop once more for every platform that has more to say in it. */
const SAMPLES: readonly Sample[] = [
  ...MAIL_KINDS.map((kind) => ({ name: kind, kind, facts: SAMPLE_FACTS[kind] })),
  ...Object.values(STACKS)
    .filter(({ adminNotes }) => adminNotes.length > 0)
    .map((stack) => {
      const adminUrl = new URL(stack.newAdminPath('k7w2m9x4qp'), SAMPLE_FACTS.ready.url).href;
      const facts = { ...SAMPLE_FACTS.ready, adminUrl, ...adminNoteOf(stack) };
      return { name: `ready-${stack.platform}`, kind: 'ready' as const, facts };
    }),
];

async function writePreview({ name, kind, facts }: Sample, folder: string) {
  const { subject, html, text } = await writeMessage(kind, facts);
  const files = { html: resolve(join(folder, `${name}.html`)), text: resolve(join(folder, `${name}.txt`)) };
  await writeFile(files.html, html);
  await writeFile(files.text, text);
  return { kind, subject, ...files };
}
