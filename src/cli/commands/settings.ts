import type { Command } from 'commander';
import { z } from 'zod';
import { InvalidInputError } from '../../domain/errors.ts';
import type { PlatformSettings } from '../../domain/platform-settings.ts';
import type { PlatformSettingsView } from '../actions.ts';
import type { Fact } from '../printer.ts';
import { defineCommand, defineGroup, type Session } from '../session.ts';

const factsOf = (settings: PlatformSettingsView): Fact[] => [
  ['sign-ups', settings.signUpsOpen ? 'open' : 'closed'],
  ['sign-ups-sentence', settings.signUpsSentence],
  ['banner', settings.banner],
  ['default-plan', settings.defaultPlan],
];

/** `settings …`: what operators change while the platform runs; `config` is what it was started with. */
export function addSettingsCommands(program: Command, session: Session): void {
  const settings = defineGroup(program, 'settings', 'what operators change while the platform runs');
  defineCommand(settings, session, {
    usage: 'show',
    summary: 'sign-ups, banner and default plan as they are set now',
    options: z.object({}),
    async run({ actions, printer }) {
      const found = await actions.readPlatformSettings();
      printer.object(found, factsOf(found));
    },
  });
  defineCommand(settings, session, {
    usage: 'set',
    summary: 'change some of them; everybody feels it within seconds',
    examples: [
      'shopctl settings set --sign-ups closed --sign-ups-sentence "Back on Monday."',
      'shopctl settings set --banner "On Sunday at 02:00 UTC this panel is away for ten minutes."',
      'shopctl settings set --banner= --default-plan business',
    ],
    configure: (command) =>
      command
        .option('--sign-ups <state>', 'open or closed')
        .option('--sign-ups-sentence <text>', 'what visitors read while they are closed; empty: a sentence of ours')
        .option('--banner <text>', 'on top of every page; empty: none')
        .option('--default-plan <plan>', 'what somebody gets who chooses none'),
    options: z.object({
      signUps: z.enum(['open', 'closed'], 'must be open or closed').optional(),
      signUpsSentence: z.string().optional(),
      banner: z.string().optional(),
      defaultPlan: z.string().optional(),
    }),
    async run({ options: { signUps, ...texts }, actions, printer }) {
      const wanted: Partial<PlatformSettings> = {
        ...(signUps === undefined ? {} : { signUpsOpen: signUps === 'open' }),
        ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined)),
      };
      if (Object.keys(wanted).length === 0)
        throw new InvalidInputError('option', 'Say what to set: shopctl settings set --help');
      const now = await actions.setPlatformSettings(wanted);
      printer.object(now, factsOf(now));
    },
  });
}
