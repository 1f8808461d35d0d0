import type { Command } from 'commander';
import { z } from 'zod';
import { EXIT } from '../exit-codes.ts';
import { defineCommand, defineGroup, type Session } from '../session.ts';

/** `secrets …`: what is sealed at rest. */
export function addSecretCommands(program: Command, session: Session): void {
  const secrets = defineGroup(program, 'secrets', 'what is sealed at rest by SECRET_KEY');
  defineCommand(secrets, session, {
    usage: 'reseal',
    summary: 'seal with SECRET_KEY whatever a key in SECRET_KEY_OLD has sealed; may be repeated',
    examples: ['shopctl secrets reseal'],
    options: z.object({}),
    async run({ actions, printer, io }) {
      const view = await actions.resealSecrets({ signal: io.interrupt, onProgress: (line) => printer.note(line) });
      printer.object(view, [
        ...view.parts.map(
          ({ what, rows, resealed, left }) => [what, `${rows}, ${resealed} sealed anew, ${left} left`] as const,
        ),
        ['left', view.left],
      ]);
      if (view.left === 0) {
        printer.note('Nothing is left: take SECRET_KEY_OLD out and restart. See docs/operating/secret-key.md.');
        return EXIT.ok;
      }
      printer.note(`${view.left} are left. Run it once more; if they stay, the key that sealed them is missing.`);
      return EXIT.needsAttention;
    },
  });
}
