import type { Command } from 'commander';
import { z } from 'zod';
import type { ApiTokenView } from '../../web/services/tokens.ts';
import type { Column } from '../printer.ts';
import { defineCommand, defineGroup, type Session } from '../session.ts';

const COLUMNS: readonly Column<ApiTokenView>[] = [
  { title: 'ID', value: ({ id }) => id },
  { title: 'NAME', value: ({ name }) => name },
  { title: 'BEGINS', value: ({ hint }) => hint },
  { title: 'SCOPES', value: ({ scopes }) => scopes.join(' ') },
  { title: 'EXPIRES', value: ({ expiresAt }) => expiresAt },
  { title: 'USED', value: ({ usedAt }) => usedAt },
  { title: 'FROM', value: ({ usedFrom }) => usedFrom },
];

/** `token …`: what customers' programs show instead of a password. */
export function addTokenCommands(program: Command, session: Session): void {
  const token = defineGroup(program, 'token', 'what customers’ programs show');
  defineCommand(token, session, {
    usage: 'list <customer>',
    summary: 'the API tokens of a customer (id or e-mail), newest first; nothing shown opens anything',
    examples: ['shopctl token list owner@example.com'],
    options: z.object({}),
    async run({ args: [customer = ''], actions, printer }) {
      printer.list(await actions.listTokens(customer), COLUMNS, 'No tokens.');
    },
  });
  defineCommand(token, session, {
    usage: 'revoke <customer> <token>',
    summary: 'have one of them open nothing any more',
    examples: ['shopctl token revoke owner@example.com tok_01kb1f9q3vexh9k0d6zq5m2a7c'],
    options: z.object({}),
    async run({ args: [customer = '', id = ''], actions, printer }) {
      await actions.revokeToken({ customer, id });
      printer.note(`${id} opens nothing any more.`);
    },
  });
}
