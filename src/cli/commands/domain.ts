import type { Command } from 'commander';
import { z } from 'zod';
import { DOMAIN_STATES } from '../../domain/own-domains.ts';
import type { DomainView, RecordView } from '../../domains/present-domain.ts';
import { SECOND } from '../../lib/time.ts';
import { EXIT } from '../exit-codes.ts';
import type { Column, Fact } from '../printer.ts';
import { defineCommand, defineGroup, type Session } from '../session.ts';

const STORE_OPTION = z.object({ store: z.string().optional() });

const COLUMNS: readonly Column<DomainView>[] = [
  { title: 'DOMAIN', value: ({ hostname }) => hostname },
  { title: 'STORE', value: ({ storeId }) => storeId },
  { title: 'STATE', value: ({ state, isLeaving }) => (isLeaving ? 'leaving' : state) },
  { title: 'PRIMARY', value: ({ isPrimary }) => (isPrimary ? 'yes' : 'no') },
  { title: 'CERTIFICATE ENDS', value: ({ certificate }) => certificate?.notAfter ?? null },
  { title: 'PROBLEM', value: (domain) => faultsOf(domain)[0]?.sentence ?? null },
];

const faultsOf = ({ diagnoses }: DomainView) => diagnoses.filter(({ isAdvice }) => !isAdvice);

const recordFact = ({ type, name, value, found, status }: RecordView): Fact => [
  `${status === 'right' ? '✔' : status === 'unknown' ? '?' : '✘'} ${type} ${name}`,
  `expected ${value}${status === 'right' ? '' : `, found ${found.join(', ') || 'nothing'}`}`,
];

/** Expected beside found, then each fault with its exact fix. */
function factsOf(domain: DomainView): Fact[] {
  const { certificate } = domain;
  return [
    ['domain', domain.hostname],
    ['store', domain.storeId],
    ['state', domain.state],
    ['primary', domain.isPrimary ? 'yes' : 'no'],
    ...domain.records.map(recordFact),
    ...domain.diagnoses.flatMap(({ code, isAdvice, sentence, fix }): Fact[] => [
      [isAdvice ? `advice (${code})` : `problem (${code})`, sentence],
      ['fix', fix],
    ]),
    [
      'certificate',
      certificate === null ? null : `${certificate.issuer ?? 'none'} until ${certificate.notAfter ?? '-'}`,
    ],
    ['looked at', domain.checkedAt],
    ['next look', domain.nextCheckAt],
  ];
}

/** `domain …`: the domains that customers bring. */
export function addDomainCommands(program: Command, session: Session): void {
  const domain = defineGroup(program, 'domain', "customers' own domains");
  const ofStore = (command: Command): Command =>
    command.option('--store <id>', 'the store, where several wish for the same domain');
  defineCommand(domain, session, {
    usage: 'list',
    summary: 'every own domain, its state and what stands in its way',
    examples: ['shopctl domain list', 'shopctl domain list --state problem'],
    configure: (command) =>
      command
        .option('--store <id>', 'only those of this store')
        .option('--state <state>', `only those that are ${DOMAIN_STATES.join(', ')}`),
    options: z.object({ store: z.string().optional(), state: z.enum(DOMAIN_STATES).optional() }),
    async run({ options: { store, state }, actions, printer }) {
      const filter = { ...(store !== undefined && { storeId: store }), ...(state !== undefined && { state }) };
      printer.list(await actions.listDomains(filter), COLUMNS, 'No own domain yet.');
    },
  });
  defineCommand(domain, session, {
    usage: 'add <name>',
    summary: 'connect a domain to a store: prints the records to set',
    examples: ['shopctl domain add shop.example.com --store sto_01…'],
    configure: (command) =>
      command
        .requiredOption('--store <id>', 'the store')
        .option('--lift-quarantine', 'also where another customer gave it up lately'),
    options: z.object({ store: z.string(), liftQuarantine: z.boolean().default(false) }),
    async run({ args, options, actions, printer }) {
      const added = await actions.addDomain({
        storeId: options.store,
        name: args[0] ?? '',
        isLiftingQuarantine: options.liftQuarantine,
      });
      printer.object(added, factsOf(added));
    },
  });
  defineCommand(domain, session, {
    usage: 'check <name>',
    summary: 'look at a domain now: found beside expected, and the exact fix; ends with 7 when it is not valid',
    examples: ['shopctl domain check shop.example.com'],
    configure: ofStore,
    options: STORE_OPTION,
    async run({ args, options, actions, printer, io }) {
      const checked = await actions.checkDomain({ ...asked(args, options), signal: io.interrupt });
      printer.object(checked, factsOf(checked));
      return checked.state === 'valid' && faultsOf(checked).length === 0 ? EXIT.ok : EXIT.needsAttention;
    },
  });
  defineCommand(domain, session, {
    usage: 'primary <name>',
    summary: "make a store's own links lead to this host: a valid domain of its own, or its name on the platform",
    examples: ['shopctl domain primary shop.example.com --wait'],
    configure: (command) =>
      ofStore(command)
        .option('--wait', 'return when the store has moved, or could not')
        .option('--timeout <seconds>', 'wait no longer than that', '600'),
    options: STORE_OPTION.extend({ wait: z.boolean().default(false), timeout: z.coerce.number().int().min(1) }),
    async run({ args, options, actions, printer, io }) {
      const waitMs = options.wait ? options.timeout * SECOND : undefined;
      const change = await actions.makePrimaryDomain({ ...asked(args, options), waitMs, signal: io.interrupt });
      printer.object(change, [
        ['domain', change.hostname],
        ['store', change.storeId],
        ['job', change.runId],
        ['status', change.status],
        ['problem', change.error?.message ?? null],
        ['fix', change.error?.hint ?? null],
      ]);
      if (change.status === 'failed') return EXIT.failed;
      return options.wait && change.status !== 'done' ? EXIT.timedOut : EXIT.ok;
    },
  });
  defineCommand(domain, session, {
    usage: 'remove <name>',
    summary: 'take a domain away from its store, with route and certificate; nobody else gets it for a while',
    examples: ['shopctl domain remove shop.example.com'],
    configure: ofStore,
    options: STORE_OPTION,
    async run({ args, options, actions, printer, io }) {
      const removed = await actions.removeDomain({ ...asked(args, options), signal: io.interrupt });
      printer.object(removed, [
        ['domain', removed.hostname],
        ['store', removed.storeId],
        ['removed', removed.removed ? 'yes' : 'within minutes: a worker is at it'],
      ]);
    },
  });
}

const asked = ([name = '']: readonly (string | undefined)[], { store }: { store?: string | undefined }) => ({
  name,
  ...(store !== undefined && { storeId: store }),
});
