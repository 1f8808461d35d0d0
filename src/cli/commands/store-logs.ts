import type { Command } from 'commander';
import { z } from 'zod';
import { LOG_LEVELS, type LogLevel } from '../../domain/log-lines.ts';
import { defineCommand, type Session } from '../session.ts';
import { storeOf } from './store-of.ts';
import { withoutUndefined } from './without-undefined.ts';

const TAIL = 200;
const TAIL_AT_MOST = 10_000;

/** `store logs`: everything that is written about one store, filtered. */
export function addStoreLogsCommand(store: Command, session: Session): void {
  defineCommand(store, session, {
    usage: 'logs <id>',
    summary: "what a store's containers print, its application writes down and its visitors did",
    examples: ['shopctl store logs demo --service web --level error --since 1h', 'shopctl store logs demo --follow'],
    configure: (command) =>
      command
        .option('--service <service>', 'one of them, e.g. web, db, edge-access or (of Magento) system; without it: all')
        .option('--tail <lines>', `so many lines at most, up to ${TAIL_AT_MOST}`, String(TAIL))
        .option('--since <time>', 'a time, or an age such as 15m or 2h')
        .option('--level <levels>', `only these, with commas between: ${LOG_LEVELS.join(', ')}`, '')
        .option('--search <text>', 'only lines with this text in them', '')
        .option('--follow', 'keep printing until Ctrl-C (with --json: one object per line)'),
    options: z.object({
      service: z.string().optional(),
      tail: z.coerce.number().int().min(1).max(TAIL_AT_MOST),
      since: z.string().optional(),
      level: z.string().transform((text, context) => parseLevels(text, context)),
      search: z.string().max(200),
      follow: z.boolean().default(false),
    }),
    async run(call) {
      const { id } = await storeOf(call);
      const { service, since, level, follow, ...rest } = call.options;
      await call.printer.lines(follow, (onLine) =>
        call.actions.storeLogs({
          storeId: id,
          ...withoutUndefined({ service, since }),
          ...rest,
          levels: level,
          follow,
          signal: call.io.interrupt,
          onLine,
        }),
      );
    },
  });
}

function parseLevels(text: string, context: z.RefinementCtx): LogLevel[] {
  const parsed = z.array(z.enum(LOG_LEVELS)).safeParse(text === '' ? [] : text.split(','));
  if (parsed.success) return parsed.data;
  context.addIssue({ code: 'custom', message: `A level is one of: ${LOG_LEVELS.join(', ')}.` });
  return [];
}
