import type { Command } from 'commander';
import { z } from 'zod';
import { InvalidInputError, NotFoundError } from '../../domain/errors.ts';
import type { CustomerView } from '../actions.ts';
import type { Column } from '../printer.ts';
import { defineCommand, defineGroup, type Session } from '../session.ts';

const yesOrNo = (is: boolean): string => (is ? 'yes' : 'no');

const CUSTOMER_COLUMNS: readonly Column<CustomerView>[] = [
  { title: 'ID', value: ({ id }) => id },
  { title: 'E-MAIL', value: ({ email }) => email },
  { title: 'ROLE', value: ({ role }) => role },
  { title: 'CREATED', value: ({ createdAt }) => createdAt },
  { title: 'VERIFIED', value: ({ isVerified }) => yesOrNo(isVerified) },
  { title: 'SECOND FACTOR', value: ({ hasSecondFactor }) => yesOrNo(hasSecondFactor) },
];
const factsOf = (customer: CustomerView) =>
  CUSTOMER_COLUMNS.map(({ title, value }) => [title.toLowerCase(), value(customer)] as const);

/** `customer …` and `admin create`: people. */
export function addCustomerCommands(program: Command, session: Session): void {
  const customer = defineGroup(program, 'customer', 'people who own stores');
  defineCommand(customer, session, {
    usage: 'list',
    summary: 'all customers, or those whose address or id begins with a text',
    configure: (command) => command.option('--search <text>', 'what the e-mail or id begins with'),
    options: z.object({ search: z.string().optional() }),
    async run({ options: { search }, actions, printer }) {
      const whenEmpty = search === undefined ? 'No customers yet; the first store makes one.' : 'Nobody fits.';
      printer.list(await actions.listCustomers({ ...(search && { search }) }), CUSTOMER_COLUMNS, whenEmpty);
    },
  });
  defineCommand(customer, session, {
    usage: 'show <id>',
    summary: 'one customer (id or e-mail) and the stores they own',
    options: z.object({}),
    async run({ args: [ref = ''], actions, printer }) {
      const found = await actions.findCustomer(ref);
      if (found === undefined) throw new NotFoundError('customer', ref);
      printer.object(found, [...factsOf(found), ...found.stores.map(({ name, status }) => [name, status] as const)]);
    },
  });

  defineCommand(customer, session, {
    usage: 'reset-second-factor <id>',
    summary: 'take app, passkeys and recovery codes off an account (id or e-mail) whose owner has lost them',
    options: z.object({}),
    async run({ args: [ref = ''], actions, printer }) {
      const found = await actions.resetSecondFactor(ref);
      printer.object(found, factsOf(found));
      printer.note(
        'App, passkeys and recovery codes are gone: the password alone opens the account now. Everybody was signed out, and the owner is told by mail.',
      );
    },
  });

  const WHY = z.object({ reason: z.string() });
  defineCommand(customer, session, {
    usage: 'lock <id>',
    summary: 'let nobody sign in to an account (id or e-mail); its stores stay open; never the last operator',
    examples: ['shopctl customer lock owner@example.com --reason "Reported as stolen, request 4711"'],
    configure: (command) => command.requiredOption('--reason <text>', 'for the ledger; its owner can read it'),
    options: WHY,
    async run({ args: [ref = ''], options: { reason }, actions, printer }) {
      await actions.lockCustomer(ref, reason);
      printer.note(
        `${ref} is locked: signed out everywhere, tokens revoked. Its stores stay as they are; close one with: shopctl store suspend`,
      );
    },
  });
  defineCommand(customer, session, {
    usage: 'unlock <id>',
    summary: 'let the owner of a locked account (id or e-mail) sign in again',
    examples: ['shopctl customer unlock owner@example.com --reason "The owner has called"'],
    configure: (command) => command.requiredOption('--reason <text>', 'for the ledger; its owner can read it'),
    options: WHY,
    async run({ args: [ref = ''], options: { reason }, actions, printer }) {
      await actions.unlockCustomer(ref, reason);
      printer.note(`${ref} is open again. Tokens that were revoked are made anew by their owner.`);
    },
  });

  const admin = defineGroup(program, 'admin', 'operators of this platform');
  defineCommand(admin, session, {
    usage: 'remove <id>',
    summary: 'make an operator (id or e-mail) an ordinary customer; never the last one',
    examples: ['shopctl admin remove ops@example.com'],
    options: z.object({}),
    async run({ args: [ref = ''], actions, printer }) {
      await actions.removeAdmin(ref);
      printer.note(`${ref} is no operator any more: signed out everywhere, tokens revoked. The account stays.`);
    },
  });
  defineCommand(admin, session, {
    usage: 'create',
    summary: 'make an operator; the password is made and shown once, or read from standard input',
    examples: [
      'shopctl admin create --email ops@example.com',
      'shopctl admin create --email ops@example.com --password-stdin <password.txt',
    ],
    configure: (command) =>
      command
        .requiredOption('--email <email>', 'what to sign in with')
        .option('--password-stdin', 'read the password from standard input'),
    options: z.object({ email: z.string(), passwordStdin: z.boolean().default(false) }),
    async run({ options, actions, printer, io }) {
      const password = options.passwordStdin ? (await io.readStdin()).replace(/\r?\n$/, '') : undefined;
      if (password === '') throw new InvalidInputError('password', 'There was no password on standard input.');
      const made = await actions.createAdmin({ email: options.email, ...(password !== undefined && { password }) });
      printer.object(made, [
        ...factsOf(made),
        ...(made.password === undefined ? [] : [['password', made.password] as const]),
      ]);
      if (made.password !== undefined) printer.note('The password is not shown again.');
      printer.note('After the first log-in a second factor is set up; until then the desk stays closed.');
    },
  });
}
