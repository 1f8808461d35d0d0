import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashPassword } from '../adapters/crypto/hash-password.ts';
import { makePassword } from '../adapters/crypto/make-password.ts';
import { writeFileAtomically } from '../adapters/filesystem/write-file-atomically.ts';
import type { ReadyView } from '../cli/actions.ts';
import { strangeDatabaseText } from '../domain/known-database.ts';
import { probeUntil } from '../lib/deadline.ts';
import { MINUTE } from '../lib/time.ts';
import type { StoreView } from '../stores/present-store.ts';
import type { Adapters } from './adapters.ts';
import { whyUnavailable } from './availability.ts';
import type { createStoreActions } from './store-actions.ts';

const DEMO_EMAIL = 'demo@example.com';
const DEMO_NAME = 'demo';
const SETTING = 'demo-store';
const PASSWORD_LENGTH = 16;
const STORE_WITHIN_MS = 10 * MINUTE;

/** The customer and the store that a first `npm start` shows. Made once: deleted by the operator, it stays deleted. */
export function createDemo(adapters: Adapters, actions: ReturnType<typeof createStoreActions>) {
  const { config, repositories } = adapters;

  async function ensureCustomer(): Promise<string> {
    const file = join(config.dataDir, 'secrets', 'demo-password');
    await mkdir(join(config.dataDir, 'secrets'), { recursive: true, mode: 0o700 });
    const known = await readFile(file, 'utf8').catch(() => undefined);
    const password = known ?? makePassword(PASSWORD_LENGTH);
    if (known === undefined) await writeFileAtomically(file, password, { mode: 0o600 });
    const customer = await repositories.customers.getOrCreate({ email: DEMO_EMAIL, now: new Date() });
    if ((await repositories.customers.findForLogin(customer.id))?.passwordHash === null) {
      await repositories.customers.setPasswordHash(customer.id, await hashPassword(password));
    }
    return password;
  }

  async function ensureStore(note: string | undefined): Promise<StoreView | undefined> {
    const made = await repositories.settings.get(SETTING);
    if (typeof made === 'string') return actions.findStore(made);
    // A crash between making the store and noting it down: the name tells.
    const known = await actions.findStore(DEMO_NAME);
    const platform = note === undefined ? 'woocommerce' : 'wordpress';
    const store =
      known ?? (await actions.createStore({ platform, name: DEMO_NAME, email: DEMO_EMAIL, title: 'Demo shop' }));
    await repositories.settings.set(SETTING, store.id);
    return store;
  }

  return {
    async ensure(signal: AbortSignal, say: (line: string) => void): Promise<ReadyView['demo']> {
      const database = await adapters.knownDatabase.look();
      if (database.kind === 'strange') {
        say(`${strangeDatabaseText(database)} No demo store is made; see: shopctl doctor`);
        return null;
      }
      const missing = await whyUnavailable('woocommerce', adapters);
      const note =
        missing === undefined ? undefined : `WooCommerce is not offered yet: ${missing.reason} ${missing.fix}`;
      const password = await ensureCustomer();
      const first = await ensureStore(note);
      if (first === undefined) {
        say('The demo store was deleted and is not made again');
        return null;
      }
      const store = await untilSettled(actions, first, signal, say);
      const isPlain = store.platform === 'wordpress' && note !== undefined;
      return { email: DEMO_EMAIL, password, store, ...(isPlain ? { note } : {}) };
    },
  };
}

/** Tells each step as it begins, and returns when the store is active or has failed. */
async function untilSettled(
  actions: ReturnType<typeof createStoreActions>,
  first: StoreView,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<StoreView> {
  let told = '';
  return probeUntil(
    async () => {
      const store = (await actions.findStore(first.id)) ?? first;
      if (store.status !== 'pending' && store.status !== 'provisioning') return store;
      const step = store.run?.step;
      const line = step ? `${step.index} of ${step.total}: ${step.title}` : '';
      if (line !== told && line !== '') say(line);
      told = line;
      return undefined;
    },
    { signal: AbortSignal.any([signal, AbortSignal.timeout(STORE_WITHIN_MS)]), firstDelayMs: 50, maxDelayMs: 250 },
  );
}
