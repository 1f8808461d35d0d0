import { expect, test } from 'vitest';
import { aRun, aStore } from '../../../test/fakes/fake-world.ts';
import type { Store } from '../../domain/store.ts';
import { stackOf } from '../../stacks/index.ts';
import type { InstallInput } from '../../stacks/stack.ts';
import { installApplication } from './install-application.ts';

const DEFAULTS = { country: 'US:CA', currency: 'USD', timezone: 'UTC', locale: 'en_US' };

/** What the installer of the store's platform is handed. */
async function inputFor(changes: Partial<Store>): Promise<InstallInput | undefined> {
  const store = aStore(changes);
  let handed: InstallInput | undefined;
  const step = installApplication({
    installer: {
      handOver: async () => undefined,
      run: async (_store, _command, input) => {
        handed = input as InstallInput;
        return { versions: {} };
      },
    },
    vault: { read: async () => 'the password of the administrator' },
    stackOf: ({ platform }) => stackOf(platform),
    urlOf: () => 'https://demo.localhost/',
    shopDefaults: DEFAULTS,
    settings: { note: async () => undefined },
    now: () => new Date(0),
    stores: { recordMade: async () => undefined },
  });
  await step.ensure(store, {
    signal: new AbortController().signal,
    lease: { storeId: store.id, runId: 'run_1', owner: 'w', fence: 1 },
    run: aRun(() => 'waiting'),
    log: () => undefined,
  });
  return handed;
}

test('a shop begins as everywhere here where nobody said otherwise', async () => {
  expect(await inputFor({ platform: 'woocommerce' })).toMatchObject({
    title: 'Demo',
    country: 'US:CA',
    currency: 'USD',
    timezone: 'UTC',
  });
});

test.each(['woocommerce', 'magento'] as const)('a shop of %s begins with what its order said', async (platform) => {
  const start = { title: 'Roses', country: 'DE', currency: 'EUR', timezone: 'Europe/Berlin', locale: 'de_DE' };
  const input = await inputFor({ platform, title: 'Roses', start });

  expect(input).toMatchObject({ title: 'Roses', country: 'DE', currency: 'EUR', timezone: 'Europe/Berlin' });
  // WordPress begins in English: its other languages come later.
  expect(input?.locale).toBe(platform === 'magento' ? 'de_DE' : undefined);
});
