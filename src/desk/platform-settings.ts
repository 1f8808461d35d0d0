import { z } from 'zod';
import type { PlanRepository } from '../adapters/mysql/plans.ts';
import type { PlatformSettingsRepository } from '../adapters/mysql/platform-settings.ts';
import { InvalidFormError } from '../domain/errors.ts';
import type { Origin } from '../domain/origin.ts';
import type { PlatformSettings } from '../domain/platform-settings.ts';
import type { DeskServices } from '../web/services/desk.ts';

const LONGEST_SENTENCE = 300;

const sentence = z
  .string()
  .transform((text) => text.trim().replaceAll(/\s+/g, ' '))
  .refine((text) => text.length <= LONGEST_SENTENCE, `Up to ${LONGEST_SENTENCE} letters.`);
const CHANGES = z.object({
  signUpsOpen: z.boolean().optional(),
  signUpsSentence: sentence.optional(),
  banner: sentence.optional(),
  defaultPlan: z.string().optional(),
});

export interface SettingsDeps {
  readonly platformSettings: PlatformSettingsRepository;
  readonly plans: Pick<PlanRepository, 'list'>;
  readonly now: () => Date;
}

/** See `DeskServices`: what operators set. */
export function createSettings({
  platformSettings,
  plans,
  now,
}: SettingsDeps): Pick<DeskServices, 'settings' | 'changeSettings'> {
  return {
    async settings() {
      const [set, known] = await Promise.all([platformSettings.read(), plans.list()]);
      // The list tells which one is the default, whether it was chosen or was the first one.
      const defaultPlan = known.find(({ isDefault }) => isDefault)?.name ?? '';
      return { ...set, defaultPlan, plans: known.map(({ name }) => name) };
    },

    async changeSettings(origin: Origin, wanted: Partial<PlatformSettings>) {
      const parsed = CHANGES.safeParse(wanted);
      if (!parsed.success) {
        throw new InvalidFormError(
          Object.fromEntries(parsed.error.issues.map(({ path, message }) => [path.join('.'), message])),
        );
      }
      const { defaultPlan } = parsed.data;
      const known = (await plans.list()).map(({ name }) => name);
      if (defaultPlan !== undefined && !known.includes(defaultPlan)) {
        throw new InvalidFormError({ defaultPlan: `Choose one of: ${known.join(', ')}.` });
      }
      await platformSettings.change(parsed.data as Partial<PlatformSettings>, origin, now());
    },
  };
}

/** Reads what is set at most once in `freshMs`: every page shows the banner. */
export function createSettingsReader(deps: {
  readonly platformSettings: Pick<PlatformSettingsRepository, 'read'>;
  readonly freshMs: number;
  readonly now: () => number;
}): () => Promise<PlatformSettings> {
  let known: { readonly at: number; readonly value: Promise<PlatformSettings> } | undefined;
  return () => {
    if (known !== undefined && deps.now() - known.at < deps.freshMs) return known.value;
    const value = deps.platformSettings.read();
    const mine = { at: deps.now(), value };
    known = mine;
    value.catch(() => {
      if (known === mine) known = undefined;
    });
    return value;
  };
}
