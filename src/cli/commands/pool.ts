import type { Command } from 'commander';
import { z } from 'zod';
import { InvalidInputError } from '../../domain/errors.ts';
import { EXIT } from '../exit-codes.ts';
import type { PoolView, SnapshotView } from '../pool-actions.ts';
import type { Column } from '../printer.ts';
import { defineCommand, defineGroup, type Session } from '../session.ts';

const SNAPSHOTS: readonly Column<SnapshotView>[] = [
  { title: 'PLATFORM', value: ({ platform }) => platform },
  { title: 'KEY', value: ({ key }) => key },
  { title: 'FILES', value: ({ files }) => files },
  { title: 'MB', value: ({ bytes }) => Math.round(bytes / 1024 ** 2) },
  { title: 'MADE', value: ({ madeAt }) => madeAt.toISOString() },
  { title: 'NEW STORES', value: ({ isOfToday }) => (isOfToday ? 'yes' : 'no') },
];

const POOL: readonly Column<PoolView>[] = [
  { title: 'PLATFORM', value: ({ platform }) => platform },
  { title: 'PLAN', value: ({ plan }) => plan },
  { title: 'WISHED', value: ({ wished }) => wished },
  { title: 'SIZED BY', value: ({ sizedBy }) => sizedBy },
  { title: 'READY', value: ({ ready }) => ready },
  { title: 'MAKING', value: ({ making }) => making },
  { title: 'LEAVING', value: ({ leaving }) => leaving },
];

const ofPlan = z.object({ plan: z.string().optional() });
const planOf = ({ plan }: z.infer<typeof ofPlan>) => (plan === undefined ? {} : { plan });

const NO_POOL = 'No platform here has shops that are made ahead.';

/** `golden …` and `pool …`: what is made before anybody wants it. */
export function addPoolCommands(program: Command, session: Session): void {
  addGoldenCommands(program, session);
  const pool = defineGroup(program, 'pool', 'shops that are made and wait for an owner');
  defineCommand(pool, session, {
    usage: 'status',
    summary: 'how many wait, and how many should',
    options: z.object({}),
    async run({ actions, printer }) {
      printer.list(await actions.poolStatus(), POOL, NO_POOL);
    },
  });
  defineCommand(pool, session, {
    usage: 'resize <platform> <size>',
    summary: 'let so many wait; "auto" goes by how many stores are ordered',
    examples: [
      'shopctl pool resize woocommerce 5',
      'shopctl pool resize woocommerce 2 --plan business',
      'shopctl pool resize woocommerce auto',
    ],
    configure: (command) => command.option('--plan <plan>', 'of this plan instead of the one that is usual'),
    options: ofPlan,
    async run({ args: [platform = '', size = ''], options, actions, printer }) {
      printer.list(await actions.resizePool({ platform, size, ...planOf(options) }), POOL, NO_POOL);
      printer.note('They are made one by one, while no customer waits for a store.');
    },
  });
  defineCommand(pool, session, {
    usage: 'drain [platform]',
    summary: 'throw away what waits; new ones are made (to have none: pool resize PLATFORM 0)',
    configure: (command) => command.option('--plan <plan>', 'of this plan alone'),
    options: ofPlan,
    async run({ args: [platform], options, actions, printer }) {
      if (platform === undefined && options.plan !== undefined) {
        throw new InvalidInputError('platform', 'Say of which platform: shopctl pool drain PLATFORM --plan PLAN');
      }
      const { drained } = await actions.drainPool({
        ...(platform === undefined ? {} : { platform }),
        ...planOf(options),
      });
      printer.object({ drained }, [['drained', drained]]);
    },
  });
}

function addGoldenCommands(program: Command, session: Session): void {
  const golden = defineGroup(program, 'golden', 'shops that were installed once, and are copied for new stores');
  defineCommand(golden, session, {
    usage: 'list',
    summary: 'all snapshots, newest first',
    options: z.object({}),
    async run({ actions, printer }) {
      printer.list(await actions.listSnapshots(), SNAPSHOTS, 'No snapshots. Make them: shopctl golden build');
    },
  });
  defineCommand(golden, session, {
    usage: 'build [platform]',
    summary: 'make those that are missing; the worker does so by itself when nobody waits',
    options: z.object({}),
    async run({ args: [platform], actions, printer, io }) {
      const progress = { signal: io.interrupt, onProgress: (line: string) => printer.note(line) };
      const made = await actions.buildSnapshots({ ...progress, ...(platform === undefined ? {} : { platform }) });
      printer.list(made, SNAPSHOTS, 'No platform that is available here has snapshots.');
    },
  });
  defineCommand(golden, session, {
    usage: 'verify',
    summary: 'compare every byte with what was kept',
    options: z.object({}),
    async run({ actions, printer }) {
      const checked = await actions.verifySnapshots();
      printer.list(
        checked,
        [
          { title: 'PLATFORM', value: ({ platform }) => platform },
          { title: 'KEY', value: ({ key }) => key },
          { title: 'DIFFERS', value: ({ differs }) => differs ?? 'no' },
        ],
        'No snapshots.',
      );
      const changed = checked.filter(({ differs }) => differs !== null);
      if (changed.length === 0) return EXIT.ok;
      printer.note('What differs is not copied any more. Make it anew: shopctl golden build');
      return EXIT.needsAttention;
    },
  });
}
