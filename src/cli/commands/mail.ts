import type { Command } from 'commander';
import { z } from 'zod';
import type { MailPreviewView } from '../actions.ts';
import type { Column } from '../printer.ts';
import { defineCommand, defineGroup, type Session } from '../session.ts';

const PREVIEW_COLUMNS: readonly Column<MailPreviewView>[] = [
  { title: 'KIND', value: ({ kind }) => kind },
  { title: 'SUBJECT', value: ({ subject }) => subject },
  { title: 'HTML', value: ({ html }) => html },
  { title: 'TEXT', value: ({ text }) => text },
];

/** `mail …`: what the platform writes to people, and whether it arrives. */
export function addMailCommands(program: Command, session: Session): void {
  const mail = defineGroup(program, 'mail', 'what the platform writes to people, and whether it arrives');
  defineCommand(mail, session, {
    usage: 'preview [kind]',
    summary: 'write each kind of mail with sample facts as HTML and text files, to look at',
    examples: ['shopctl mail preview', 'shopctl mail preview ready --out /tmp/mail'],
    configure: (command) => command.option('--out <folder>', 'where to', 'mail-preview'),
    options: z.object({ out: z.string().min(1) }),
    async run({ args: [kind], options, actions, printer }) {
      const written = await actions.previewMail({ folder: options.out, ...(kind !== undefined && { kind }) });
      printer.list(written, PREVIEW_COLUMNS, 'There is no mail to show.');
    },
  });
  defineCommand(mail, session, {
    usage: 'test',
    summary: 'send a test mail the way all mail goes, now, and tell what became of it',
    examples: ['shopctl mail test --to you@example.com'],
    configure: (command) => command.requiredOption('--to <address>', 'who gets it'),
    options: z.object({ to: z.string() }),
    async run({ options, actions, printer }) {
      const sent = await actions.testMail({ to: options.to });
      printer.object(sent, [
        ['to', sent.to],
        ['outcome', sent.outcome],
        [sent.outcome === 'written' ? 'folder' : 'server', sent.where],
        ['subject', sent.subject],
      ]);
      printer.note(
        sent.outcome === 'written'
          ? 'SMTP_HOST is not set, so the mail is a file and nobody gets it.'
          : 'The server took it. If it does not arrive, look into the spam folder, then into the log of the server.',
      );
    },
  });
}
