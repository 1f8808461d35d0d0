import { Argument, type Command } from 'commander';
import { z } from 'zod';
import { UNIT_NAMES } from '../actions.ts';
import { defineCommand, type Session } from '../session.ts';

/** `install`, and what the units that it installs run. */
export function addInstallCommands(program: Command, session: Session): void {
  defineCommand(program, session, {
    usage: 'install',
    summary: 'put the platform on a machine with systemd: accounts, release, units, settings; may be repeated',
    examples: [
      'shopctl install --dry-run',
      'BASE_DOMAIN=shops.example.net PUBLIC_URL=https://panel.example.com shopctl install',
    ],
    configure: (command) => command.option('--dry-run', 'only show what would change'),
    options: z.object({ dryRun: z.boolean().default(false) }),
    async run({ options: { dryRun }, actions, printer, io }) {
      const installed = await actions.install({ dryRun, signal: io.interrupt, onProgress: printer.note });
      if (printer.json) printer.object(installed, []);
      for (const { what, lines } of installed.changes) {
        printer.text(what);
        for (const line of lines) printer.text(`    ${line}`);
      }
      if (installed.changes.length === 0) printer.note('Everything is as it should be; nothing to change.');
      else if (dryRun) printer.note('Nothing was changed. Do it: shopctl install');
      else printer.note('Installed. See: shopctl status');
    },
  });

  defineCommand(program, session, {
    usage: 'unit',
    summary: 'what the systemd units run; not for typing',
    configure: (command) => command.addArgument(new Argument('<name>').choices(UNIT_NAMES)),
    options: z.object({}),
    async run({ args, actions, printer, io }) {
      const name = z.enum(UNIT_NAMES).parse(args[0]);
      await actions.unit({ name, signal: io.interrupt, onProgress: printer.note });
    },
  });
}
