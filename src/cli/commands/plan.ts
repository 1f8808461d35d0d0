import type { Command } from 'commander';
import { z } from 'zod';
import type { PlanWish } from '../../domain/plan-wish.ts';
import type { Plan } from '../../domain/store.ts';
import type { Column } from '../printer.ts';
import { defineCommand, defineGroup, type Session } from '../session.ts';

const COLUMNS: readonly Column<Plan>[] = [
  { title: 'NAME', value: ({ name }) => name },
  { title: 'CENTS A MONTH', value: ({ priceCents }) => priceCents },
  { title: 'MEMORY MB', value: ({ memoryMb }) => memoryMb },
  { title: 'CPU MILLIS', value: ({ cpuMillis }) => cpuMillis },
  { title: 'DISK MB', value: ({ diskMb }) => diskMb },
  { title: 'STORES', value: ({ maxStores }) => maxStores },
  { title: 'BACKUPS', value: ({ backupsKept }) => backupsKept },
  { title: 'DEFAULT', value: ({ isDefault }) => (isDefault ? 'yes' : 'no') },
];

const whole = z
  .string()
  .regex(/^\d{1,9}$/, 'must be a whole number')
  .transform(Number)
  .optional();

/** `plan …`: what can be bought. */
export function addPlanCommands(program: Command, session: Session): void {
  const plan = defineGroup(program, 'plan', 'what stores may use, and what it costs');
  defineCommand(plan, session, {
    usage: 'list',
    summary: 'all plans, smallest first',
    options: z.object({}),
    async run({ actions, printer }) {
      printer.list(await actions.listPlans(), COLUMNS, 'No plans. Run: shopctl migrate');
    },
  });
  defineCommand(plan, session, {
    usage: 'set <plan>',
    summary: 'change a plan; stores that run keep what they have until they are resized or repaired',
    examples: ['shopctl plan set business --price-cents 3400 --memory-mb 3072'],
    configure: (command) =>
      command
        .option('--price-cents <cents>', 'a month')
        .option('--memory-mb <mb>', 'of one store')
        .option('--cpu <millis>', 'of one store; 1000 is one core')
        .option('--disk-mb <mb>', 'of one store')
        .option('--max-stores <count>', 'that its owner may have')
        .option('--backups <count>', 'that are kept'),
    options: z.object({
      priceCents: whole,
      memoryMb: whole,
      cpu: whole,
      diskMb: whole,
      maxStores: whole,
      backups: whole,
    }),
    async run({ args: [name = ''], options: { cpu, backups, ...same }, actions, printer }) {
      const given = Object.entries({ ...same, cpuMillis: cpu, backupsKept: backups });
      const wish: PlanWish = Object.fromEntries(given.filter(([, value]) => value !== undefined));
      const now = await actions.changePlan(name, wish);
      printer.object(
        now,
        COLUMNS.map(({ title, value }) => [title.toLowerCase(), value(now)] as const),
      );
      printer.note('New stores get this. Those that run keep what they have until they are resized or repaired.');
    },
  });
}
