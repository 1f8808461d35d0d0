import type { Command } from 'commander';
import { z } from 'zod';
import { LEDGER_RESULTS } from '../../domain/ledger.ts';
import type { LedgerLineView } from '../../ledger/present-line.ts';
import { EXIT } from '../exit-codes.ts';
import type { LedgerQuery } from '../ledger-actions.ts';
import type { Column } from '../printer.ts';
import { defineCommand, defineGroup, type Session } from '../session.ts';

const DEFAULT_LIMIT = 50;
const MOST = 10_000;

const LINE_COLUMNS: readonly Column<LedgerLineView>[] = [
  { title: 'ID', value: ({ id }) => id },
  { title: 'AT', value: ({ at }) => at },
  { title: 'WHO', value: ({ actor, as }) => (as === null ? actor : `${actor} as ${as}`) },
  { title: 'BY TOKEN', value: ({ tokenId }) => tokenId },
  { title: 'ACTION', value: ({ action }) => action },
  { title: 'ON', value: ({ target }) => target },
  { title: 'RESULT', value: ({ result }) => result },
  { title: 'FROM', value: ({ address }) => address },
  { title: 'REQUEST', value: ({ requestId }) => requestId },
  { title: 'DETAILS', value: ({ details }) => JSON.stringify(details) },
];

const QUERY = {
  actor: z.string().optional(),
  action: z.string().optional(),
  target: z.string().optional(),
  store: z.string().optional(),
  customer: z.string().optional(),
  token: z.string().optional(),
  request: z.string().optional(),
  result: z.enum(LEDGER_RESULTS, `must be one of ${LEDGER_RESULTS.join(', ')}`).optional(),
  since: z.string().optional(),
  until: z.string().optional(),
};

const whole = (least: number) =>
  z.coerce.number('must be a number').int('must be a whole number').min(least, `must be at least ${least}`);

/** `audit …`: what was done here, by whom, and whether the record of it is whole. */
export function addAuditCommands(program: Command, session: Session): void {
  const audit = defineGroup(program, 'audit', 'what was done here, by whom, and whether the record of it is whole');
  defineCommand(audit, session, {
    usage: 'list',
    summary: 'lines of the audit log, newest first',
    examples: [
      'shopctl audit list --store sto_01jd… --since 2h',
      'shopctl audit list --action session --result refused',
    ],
    configure: (command) =>
      addQuery(command)
        .option('--before <id>', 'only lines older than this one: the next page')
        .option('--limit <count>', `at most this many (default ${DEFAULT_LIMIT})`),
    options: z.object({ ...QUERY, before: whole(1).optional(), limit: whole(1).max(MOST).default(DEFAULT_LIMIT) }),
    async run({ options: { before, limit, ...query }, actions, printer }) {
      const page = await actions.listLedger({ ...queryOf(query), limit, ...(before !== undefined && { before }) });
      printer.list(page.items, LINE_COLUMNS, 'No lines.');
      if (page.before !== null) printer.note(`There are more: --before ${page.before}`);
    },
  });
  defineCommand(audit, session, {
    usage: 'export',
    summary: 'lines of the audit log as CSV, newest first',
    examples: ['shopctl audit export --since 2026-11-01T00:00:00Z --out november.csv'],
    configure: (command) => addQuery(command).requiredOption('--out <file>', 'where to; must not be there yet'),
    options: z.object({ ...QUERY, out: z.string().min(1) }),
    async run({ options: { out, ...query }, actions, printer }) {
      const written = await actions.exportLedger({ ...queryOf(query), file: out });
      printer.object(written, [
        ['lines', written.lines],
        ['file', written.file],
      ]);
    },
  });
  defineCommand(audit, session, {
    usage: 'verify',
    summary: 'find the first line that was changed, taken away or moved since it was sealed',
    examples: ['shopctl audit verify', 'shopctl audit verify --checkpoint 5120:9f2c…'],
    configure: (command) =>
      command
        .option('--from <position>', 'begin here and believe what was before', '1')
        .option('--checkpoint <position:seal>', 'one that was noted elsewhere, e.g. in the log of the worker'),
    options: z.object({
      from: whole(1),
      checkpoint: z
        .string()
        .regex(/^[1-9]\d*:[0-9a-f]{64}$/, 'must be a position, a colon and a seal')
        .optional(),
    }),
    async run({ options: { from, checkpoint }, actions, printer }) {
      const [position = '', seal = ''] = checkpoint?.split(':') ?? [];
      const verdict = await actions.verifyLedger({
        from,
        ...(checkpoint !== undefined && { checkpoint: { position: Number(position), seal } }),
      });
      const { ok, verified, unsealed, head, problem } = verdict;
      printer.object(verdict, [
        ['whole', ok ? 'yes' : 'no'],
        ['verified', verified],
        ['not sealed yet', unsealed],
        ['head', head && `${head.position}:${head.seal}`],
        ...(problem === null ? [] : [[problem.kind, problem.message] as const]),
      ]);
      if (ok) return EXIT.ok;
      printer.note('What to do about it: docs/operating/ledger.md');
      return EXIT.needsAttention;
    },
  });
}

function addQuery(command: Command): Command {
  return command
    .option('--actor <who>', 'a customer, operator:NAME, system or visitor')
    .option('--action <action>', 'one action (store.deleted) or a group of them (store)')
    .option('--target <what>', 'what was acted on')
    .option('--store <id>', 'all that is about one store')
    .option('--customer <id>', 'all that a customer did, or that touched the account')
    .option('--token <id>', 'all that programs did by one token')
    .option('--request <id>', 'one request')
    .option('--result <result>', LEDGER_RESULTS.join(', '))
    .option('--since <time>', 'a time (2026-11-23T10:00:00Z) or an age (15m, 2h)')
    .option('--until <time>', 'the same');
}

/** Without what was not asked for. */
function queryOf(given: { readonly [Key in keyof LedgerQuery]: LedgerQuery[Key] | undefined }): LedgerQuery {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
