import type { Command } from 'commander';
import { z } from 'zod';
import { MAIL_TLS_MODES, type StoreMailTexts } from '../../domain/store-mail.ts';
import { EXIT } from '../exit-codes.ts';
import type { Fact } from '../printer.ts';
import { defineCommand, type Session } from '../session.ts';
import type { StoreMailReport } from '../shop-actions.ts';
import { storeOf } from './store-of.ts';
import { withoutUndefined } from './without-undefined.ts';

const text = z.string().optional();

/** `store mail`: how a shop's mail leaves; `store mail-test`: one mail through it. */
export function addStoreMailCommands(store: Command, session: Session): void {
  defineCommand(store, session, {
    usage: 'mail <id>',
    summary: "whom a shop's mail is from and by which server it leaves; with --way: choose it anew, all of it",
    examples: [
      'shopctl store mail demo --way platform --sender-name "Roses & more" --reply-to help@example.com',
      'shopctl store mail demo --way own --from shop@example.com --host smtp.example.com --user shop --password-file /root/smtp-password',
    ],
    configure: (command) =>
      command
        .option('--way <way>', 'platform, or own: a server of the owner')
        .option('--sender-name <name>', 'what the sender is called; without it: what the shop calls itself')
        .option('--reply-to <address>', 'where answers go; without it: where the shop says')
        .option('--from <address>', 'own: whom mail is from')
        .option('--host <host>', 'own: the server')
        .option('--port <port>', 'own: its port', '587')
        .option('--tls <mode>', `own: ${MAIL_TLS_MODES.join(', ')}`, 'starttls')
        .option('--user <user>', 'own: its user, where it asks for one')
        .option('--password-file <file>', 'own: holds the password; without it the one that is kept'),
    options: z.object({
      way: text,
      senderName: text,
      replyTo: text,
      from: text,
      host: text,
      port: z.string(),
      tls: z.string(),
      user: text,
      passwordFile: text,
    }),
    async run(call) {
      const { passwordFile, ...options } = call.options;
      const { id: storeId } = await storeOf(call);
      const { actions, printer } = call;
      if (options.way === undefined) return print(await actions.readStoreMail(storeId));
      const texts: StoreMailTexts = withoutUndefined(options);
      const input = { storeId, texts, ...(passwordFile === undefined ? {} : { passwordFile }) };
      return print(await actions.setStoreMail(input));

      function print(view: StoreMailReport): void {
        printer.object(view, factsOf(view));
      }
    },
  });

  defineCommand(store, session, {
    usage: 'mail-test <id>',
    summary: 'one mail through the shop, on the way that all its mail takes; ends with 1 when it did not leave',
    configure: (command) => command.requiredOption('--to <address>', 'who gets it'),
    options: z.object({ to: z.string() }),
    async run(call) {
      const { id: storeId } = await storeOf(call);
      const trial = await call.actions.tryStoreMail({ storeId, to: call.options.to, signal: call.io.interrupt });
      call.printer.object(
        trial,
        Object.entries(trial).map(([name, value]): Fact => [name, String(value ?? '')]),
      );
      return trial.outcome === 'accepted' ? EXIT.ok : EXIT.failed;
    },
  });
}

function factsOf({ senderName, replyTo, server, hasPassword, traffic }: StoreMailReport): Fact[] {
  return [
    ['sender name', senderName ?? 'as the shop says'],
    ['answers to', replyTo ?? 'as the shop says'],
    ['leaves by', server === null ? 'the platform' : `${server.host}:${server.port} (${server.tls})`],
    ...(server === null
      ? []
      : ([
          ['from', server.from],
          ['user', server.user ?? 'none'],
          ['password', hasPassword ? 'kept' : 'none'],
        ] satisfies Fact[])),
    ['an hour', traffic.perHour],
    ['waiting', traffic.waiting],
    ...(traffic.heldUntil === null ? [] : ([['goes on at', traffic.heldUntil]] satisfies Fact[])),
  ];
}
