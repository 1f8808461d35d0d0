import { Argument, type Command } from 'commander';
import { z } from 'zod';
import { PLATFORM_LOGS, PLATFORM_PROCESSES, STATUS_SERVICES } from '../actions.ts';
import { EXIT } from '../exit-codes.ts';
import { printReady } from '../print-ready.ts';
import { defineCommand, type Session } from '../session.ts';

const NO_OPTIONS = z.object({});
const processName = z.enum(PLATFORM_PROCESSES).optional();
const logName = z.enum(PLATFORM_LOGS).optional();

/** `up`, `down`, `restart`, `logs`, `status`: the platform as a whole. */
export function addPlatformCommands(program: Command, session: Session): void {
  defineCommand(program, session, {
    usage: 'up',
    summary: 'install what is missing, start the platform, stay in the foreground (Ctrl-C stops it, shops go on)',
    examples: ['shopctl up', 'shopctl up --demo      with a demo customer and one demo store'],
    configure: (command) =>
      command
        .option('--demo', 'make a demo customer with one demo store')
        .option('--no-demo', 'do not')
        .option('--detach', 'return when it is ready; it goes on in the background (end it: shopctl down)'),
    options: z.object({ demo: z.boolean().default(false), detach: z.boolean().default(false) }),
    async run({ options, actions, printer, io }) {
      await actions.up({
        ...options,
        signal: io.interrupt,
        onProgress: printer.note,
        onReady: (ready) =>
          printReady(printer, ready, options.detach ? 'Stop it: shopctl down' : 'Ctrl-C stops the platform'),
      });
    },
  });

  defineCommand(program, session, {
    usage: 'whoami',
    summary: 'as whom the ledger will write down what you do here, and at which platform',
    options: NO_OPTIONS,
    async run({ actions, printer }) {
      const who = await actions.whoAmI();
      printer.object(who, [
        ['name', who.name],
        ['in the ledger', who.actor],
        ['platform', who.publicUrl],
        ['data', who.dataDir],
      ]);
    },
  });

  defineCommand(program, session, {
    usage: 'down',
    summary: 'stop the control plane; the edge and the stores keep serving',
    configure: (command) => command.option('--stores', 'stop the edge and every store too'),
    options: z.object({ stores: z.boolean().default(false) }),
    async run({ options, actions, printer, io }) {
      const down = { stores: options.stores, signal: io.interrupt, onProgress: printer.note };
      const { startAgain } = await actions.down(down);
      printer.object({ stopped: true, stores: options.stores }, [
        ['stopped', options.stores ? 'everything' : 'control plane'],
      ]);
      printer.note(`Start it again: ${startAgain}`);
    },
  });

  defineCommand(program, session, {
    usage: 'restart',
    summary: 'restart one process of the platform, or all of them',
    examples: ['shopctl restart worker'],
    configure: (command) => command.addArgument(new Argument('[service]').choices(PLATFORM_PROCESSES)),
    options: NO_OPTIONS,
    async run({ args, actions, printer, io }) {
      const service = processName.parse(args[0]);
      await actions.restart({ ...(service && { service }), signal: io.interrupt, onProgress: printer.note });
      printer.object({ restarted: service ? [service] : PLATFORM_PROCESSES }, [
        ['restarted', service ?? PLATFORM_PROCESSES.join(', ')],
      ]);
    },
  });

  defineCommand(program, session, {
    usage: 'logs',
    summary: "the platform's own logs, oldest first",
    examples: ['shopctl logs worker --since 15m', 'shopctl logs --follow'],
    configure: (command) =>
      command
        .addArgument(new Argument('[service]').choices(PLATFORM_LOGS))
        .option('--since <time>', 'only newer than this: 15m, 2h, 1d, or a time such as 2026-11-23T10:00:00Z')
        .option('--follow', 'keep printing until Ctrl-C (with --json: one object per line)'),
    options: z.object({ since: z.string().optional(), follow: z.boolean().default(false) }),
    async run({ options, args, actions, printer, io }) {
      const service = logName.parse(args[0]);
      await printer.lines(options.follow, (onLine) =>
        actions.logs({
          ...(service && { service }),
          ...(options.since !== undefined && { since: options.since }),
          follow: options.follow,
          signal: io.interrupt,
          onLine,
        }),
      );
    },
  });

  defineCommand(program, session, {
    usage: 'status',
    summary: 'is everything up? Exit code 0 only when it is',
    options: NO_OPTIONS,
    async run({ actions, printer }) {
      const status = await actions.status();
      const stores = Object.entries(status.stores.byStatus)
        .filter(([, count]) => count > 0)
        .map(([name, count]) => `${count} ${name}`);
      printer.object(status, [
        ['ready', status.ready ? 'yes' : 'no'],
        ['version', status.version],
        ['panel', status.publicUrl],
        ['http', status.edge.http],
        ['https', status.edge.https],
        ['ca certificate', status.caFile],
        ...STATUS_SERVICES.map((name) => {
          const { state, detail } = status.services[name];
          return [name, detail === '' ? state : `${state}  ${detail}`] as const;
        }),
        ['stores', stores.length === 0 ? 'none' : stores.join(', ')],
      ]);
      if (!status.ready) printer.note('Not ready. What is wrong, and what to do: shopctl doctor');
      return status.ready ? EXIT.ok : EXIT.failed;
    },
  });
}
