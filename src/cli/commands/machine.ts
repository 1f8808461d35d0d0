import type { Command } from 'commander';
import { z } from 'zod';
import type { CheckView } from '../actions.ts';
import { EXIT } from '../exit-codes.ts';
import { onOneLine } from '../readable.ts';
import { defineCommand, type Session } from '../session.ts';

const MARK = { ok: '✔', warn: '!', fail: '✘' } as const satisfies Record<CheckView['status'], string>;

/** `doctor`, `config`, `migrate`: is this machine, and what is set on it, in order? */
export function addMachineCommands(program: Command, session: Session): void {
  defineCommand(program, session, {
    usage: 'doctor',
    summary: 'look for trouble and say how to fix it; exit code 7 when something fails',
    options: z.object({}),
    async run({ actions, printer }) {
      const report = await actions.doctor();
      if (printer.json) printer.object(report, []);
      const paint = { ok: printer.colors.green, warn: printer.colors.yellow, fail: printer.colors.red };
      for (const { name, status, message, fix } of report.checks) {
        printer.text(`${paint[status](MARK[status])} ${name}: ${onOneLine(message)}`);
        if (fix !== null && status !== 'ok') printer.text(`    fix: ${onOneLine(fix)}`);
      }
      return report.ok ? EXIT.ok : EXIT.needsAttention;
    },
  });

  defineCommand(program, session, {
    usage: 'config',
    summary: 'every setting, its value (secrets masked) and where it came from',
    options: z.object({}),
    async run({ actions, printer }) {
      printer.list(
        await actions.config(),
        [
          { title: 'NAME', value: ({ name }) => name },
          { title: 'VALUE', value: ({ value }) => value },
          { title: 'SOURCE', value: ({ source }) => source },
        ],
        'There are no settings.',
      );
    },
  });

  defineCommand(program, session, {
    usage: 'migrate',
    summary: "create or upgrade the platform's database",
    configure: (command) => command.option('--status', 'only look'),
    options: z.object({ status: z.boolean().default(false) }),
    async run({ options, actions, printer, io }) {
      const migration = await actions.migrate({
        onlyStatus: options.status,
        signal: io.interrupt,
        onProgress: printer.note,
      });
      printer.object(migration, [
        ['up to date', migration.upToDate ? 'yes' : 'no'],
        ['applied now', migration.applied.join(', ') || 'nothing'],
        ['pending', migration.pending.join(', ') || 'nothing'],
      ]);
      if (migration.pending.length > 0) printer.note('Upgrade it: shopctl migrate');
    },
  });
}
