import type { Command } from 'commander';
import { z } from 'zod';
import type { JobView } from '../actions.ts';
import { storeFacts } from '../print-store.ts';
import type { Column } from '../printer.ts';
import { elapsed } from '../readable.ts';
import { defineCommand, defineGroup, type Session } from '../session.ts';

const DEFAULT_LIMIT = 50;

const JOB_COLUMNS: readonly Column<JobView>[] = [
  { title: 'ID', value: ({ id }) => id },
  { title: 'STORE', value: ({ storeId }) => storeId },
  { title: 'KIND', value: ({ kind }) => kind },
  { title: 'STATUS', value: ({ status }) => status },
  { title: 'ATTEMPT', value: ({ attempt }) => attempt },
  { title: 'STEP', value: ({ step }) => step },
  { title: 'ERROR', value: ({ error }) => error?.message },
  { title: 'CREATED', value: ({ createdAt }) => createdAt },
];

/** `queue` and `job …`: what is being worked on. */
export function addJobCommands(program: Command, session: Session): void {
  defineCommand(program, session, {
    usage: 'queue',
    summary: 'how much work is waiting, under way and failed, and how old the oldest is',
    options: z.object({}),
    async run({ actions, printer }) {
      const queue = await actions.queue();
      printer.object(queue, [
        ['waiting', queue.waiting],
        ['active', queue.active],
        ['failed', queue.failed],
        ['oldest waiting', queue.oldestWaitingMs === null ? 'none' : elapsed(queue.oldestWaitingMs)],
        ...(queue.workers === undefined ? [] : [['workers', queue.workers] as const]),
      ]);
      if (queue.failed > 0) printer.note('See them: shopctl job list --status failed');
    },
  });

  const job = defineGroup(program, 'job', 'single runs over a store');
  defineCommand(job, session, {
    usage: 'list',
    summary: 'runs, newest first',
    configure: (command) =>
      command
        .option('--status <status>', 'queued, running, done or failed')
        .option('--limit <count>', `at most this many (default ${DEFAULT_LIMIT})`),
    options: z.object({
      status: z.enum(['queued', 'running', 'done', 'failed'], 'must be queued, running, done or failed').optional(),
      limit: z.coerce
        .number('must be a number')
        .int('must be a whole number')
        .positive('must be more than 0')
        .max(10_000)
        .default(DEFAULT_LIMIT),
    }),
    async run({ options: { status, limit }, actions, printer }) {
      printer.list(await actions.listJobs({ ...(status && { status }), limit }), JOB_COLUMNS, 'No runs.');
    },
  });
  defineCommand(job, session, {
    usage: 'retry <id>',
    summary: 'go on with a failed run where it stopped',
    options: z.object({}),
    async run({ args, actions, printer }) {
      const store = await actions.retryJob(args[0] ?? '');
      printer.object(store, storeFacts(store));
      printer.note(`Watch it: shopctl store show ${store.id} --wait`);
    },
  });
}
