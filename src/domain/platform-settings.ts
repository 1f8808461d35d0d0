import type { PlatformName } from './store.ts';

/** What operators set while the platform runs, and everybody feels at once. */
export interface PlatformSettings {
  readonly signUpsOpen: boolean;
  /** For visitors while sign-ups are closed; empty: a sentence of ours. */
  readonly signUpsSentence: string;
  /** On top of every page; empty: nothing. */
  readonly banner: string;
  /** What somebody gets who wishes for none; `null`: the plan that the installation began with. */
  readonly defaultPlan: string | null;
  /** How many shops wait for an owner, by platform and plan; of a pool that is not named, as many as are ordered. */
  readonly poolSizes: Readonly<Partial<Record<PlatformName, Readonly<Record<string, number>>>>>;
}

/** Under which name each is kept, and set on the command line. */
export const PLATFORM_SETTING_NAMES = {
  signUpsOpen: 'sign-ups',
  signUpsSentence: 'sign-ups-sentence',
  banner: 'banner',
  defaultPlan: 'default-plan',
  poolSizes: 'pool-sizes',
} as const satisfies Record<keyof PlatformSettings, string>;

/** Before anybody has set anything. */
export const FIRST_PLATFORM_SETTINGS: PlatformSettings = {
  signUpsOpen: true,
  signUpsSentence: '',
  banner: '',
  defaultPlan: null,
  poolSizes: {},
};
