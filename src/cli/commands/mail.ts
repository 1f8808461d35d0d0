import type { Command } from 'commander';
import { z } from 'zod';
import { OUTBOX_STATUSES } from '../../domain/outbox.ts';
import type { MailView } from '../../web/services/mail.ts';
import type { MailPreviewView } from '../actions.ts';
import type { Column } from '../printer.ts';
import { defineCommand, defineGroup, type Session } from '../session.ts';

const PREVIEW_COLUMNS: readonly Column<MailPreviewView>[] = [
  { title: 'KIND', value: ({ kind }) => kind },
  { title: 'SUBJECT', value: ({ subject }) => subject },
  { title: 'HTML', value: ({ html }) => html },
  { title: 'TEXT', value: ({ text }) => text },
];

const DEFAULT_LIMIT = 50;

const MAIL_COLUMNS: readonly Column<MailView>[] = [
  { title: 'ID', value: ({ id }) => id },
  { title: 'CREATED', value: ({ createdAt }) => createdAt },
  { title: 'KIND', value: ({ kind }) => kind },
  { title: 'TO', value: ({ recipient }) => recipient },
  { title: 'STATUS', value: ({ status }) => status },
  { title: 'ATTEMPTS', value: ({ attempts }) => attempts },
  { title: 'ERROR', value: ({ error }) => error?.message },
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
    usage: 'list',
    summary: 'mails of the outbox, newest first; failed ones were given up and wait for somebody to send them again',
    examples: ['shopctl mail list --status failed', 'shopctl mail list --to owner@example.com'],
    configure: (command) =>
      command
        .option('--status <status>', OUTBOX_STATUSES.join(', '))
        .option('--kind <kind>', 'one of our kinds, or shop')
        .option('--to <address>', 'who gets it')
        .option('--store <id>', 'the store it is about')
        .option('--before <id>', 'only mails older than this one: the next page')
        .option('--limit <count>', `at most this many (default ${DEFAULT_LIMIT})`),
    options: z.object({
      status: z.enum(OUTBOX_STATUSES, `must be one of ${OUTBOX_STATUSES.join(', ')}`).optional(),
      kind: z.string().optional(),
      to: z.string().optional(),
      store: z.string().optional(),
      before: z.string().optional(),
      limit: z.coerce
        .number('must be a number')
        .int('must be a whole number')
        .min(1)
        .max(10_000)
        .default(DEFAULT_LIMIT),
    }),
    async run({ options: { status, kind, to, store, before, limit }, actions, printer }) {
      const page = await actions.listMail({
        status,
        kind,
        recipient: to,
        storeId: store,
        limit,
        ...(before !== undefined && { before }),
      });
      printer.list(page.items, MAIL_COLUMNS, 'No mails.');
      if (page.before !== null) printer.note(`There are more: --before ${page.before}`);
    },
  });
  defineCommand(mail, session, {
    usage: 'backlog',
    summary: 'how many mails wait to be sent, since when, and how many were given up',
    options: z.object({}),
    async run({ actions, printer }) {
      const backlog = await actions.mailBacklog();
      printer.object(backlog, [
        ['waiting', backlog.waiting],
        ['oldest waiting', backlog.oldestWaitingAt ?? 'none'],
        ['given up', backlog.failed],
      ]);
      if (backlog.failed > 0) printer.note('See them: shopctl mail list --status failed');
    },
  });
  defineCommand(mail, session, {
    usage: 'resend <id>',
    summary: 'have a mail of the outbox sent once more, whatever became of it',
    options: z.object({}),
    async run({ args: [id = ''], actions, printer }) {
      const resent = await actions.resendMail(id);
      printer.object(resent, [
        ['id', resent.id],
        ['kind', resent.kind],
        ['to', resent.recipient],
        ['status', resent.status],
      ]);
      printer.note('A worker sends it within seconds.');
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
