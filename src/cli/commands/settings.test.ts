import { expect, test } from 'vitest';
import { shopctl } from '../../../test/fakes/shopctl.ts';
import type { PlatformSettings } from '../../domain/platform-settings.ts';

const NOW = {
  signUpsOpen: true,
  signUpsSentence: '',
  banner: '',
  defaultPlan: 'starter',
  poolSizes: {},
  plans: ['starter'],
};

test('settings set changes what is named and nothing else; an empty text is a text', async () => {
  const asked: Partial<PlatformSettings>[] = [];
  const setPlatformSettings = async (wanted: Partial<PlatformSettings>) => {
    asked.push(wanted);
    return NOW;
  };

  const lines = [
    ['--sign-ups', 'closed', '--sign-ups-sentence', 'Back on Monday.'],
    ['--banner='],
    ['--default-plan', 'business'],
  ];
  for (const line of lines) {
    expect((await shopctl(['settings', 'set', ...line], { setPlatformSettings })).code).toBe(0);
  }

  expect(asked).toEqual([
    { signUpsOpen: false, signUpsSentence: 'Back on Monday.' },
    { banner: '' },
    { defaultPlan: 'business' },
  ]);
});

test('settings set with nothing to set, or a state that is none, is a mistake of use', async () => {
  expect((await shopctl(['settings', 'set'])).code).toBe(2);
  expect((await shopctl(['settings', 'set', '--sign-ups', 'maybe'])).code).toBe(2);
});

test('settings show prints them as they are', async () => {
  const { json } = await shopctl(['settings', 'show', '--json'], { readPlatformSettings: async () => NOW });
  expect(json()).toEqual(NOW);
});
