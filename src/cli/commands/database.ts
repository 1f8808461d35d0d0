import type { Command } from 'commander';
import { z } from 'zod';
import { InvalidInputError } from '../../domain/errors.ts';
import { type DatabaseLook, strangeDatabaseText } from '../../domain/known-database.ts';
import { EXIT } from '../exit-codes.ts';
import { type Call, defineCommand, defineGroup, type Session } from '../session.ts';

const WORD = 'accept';

/** `database …`: the platform's database as a whole. */
export function addDatabaseCommands(program: Command, session: Session): void {
  const database = defineGroup(program, 'database', "the platform's database");
  defineCommand(database, session, {
    usage: 'accept',
    summary: 'work with this database from now on, though it knows nothing of stores that are here',
    examples: ['shopctl database accept --yes'],
    configure: (command) => command.option('--yes', 'do not ask'),
    options: z.object({ yes: z.boolean().default(false) }),
    async run(call) {
      const { actions, printer, options } = call;
      const found = await actions.lookAtDatabase();
      if (found.kind === 'strange' && !options.yes && !(await isConfirmed(call, found))) return EXIT.failed;
      const look = await actions.acceptDatabase();
      printer.object(look, [
        ['before', look.kind],
        ['identity', look.identity],
        ['stores it knows nothing of', look.forgotten.length === 0 ? 'none' : look.forgotten.join(', ')],
      ]);
      printer.note(
        look.kind === 'known'
          ? 'This machine works with it already.'
          : 'Accepted. A worker goes on within seconds and removes what runs of stores that it knows nothing of.',
      );
      return EXIT.ok;
    },
  });
}

async function isConfirmed({ io, printer }: Call<unknown>, look: DatabaseLook): Promise<boolean> {
  const what = `${strangeDatabaseText(look)} Their containers and networks will be removed; their folders stay.`;
  if (io.ask === undefined || printer.json) {
    throw new InvalidInputError('yes', `${what} Say that you mean it: --yes`);
  }
  if ((await io.ask(`${what} Type ${WORD} to go on: `)).trim() === WORD) return true;
  io.err('Nothing was changed.');
  return false;
}
