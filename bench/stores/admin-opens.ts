import { createStoreActions } from '../../src/app/store-actions.ts';
import { AppError } from '../../src/domain/errors.ts';
import { pause } from '../../src/lib/deadline.ts';
import type { TestPlatform } from '../../test/e2e/platform.ts';
import { signInToWordPress } from '../../test/e2e/sign-in-to-wordpress.ts';
import { ASK_EVERY_MS, PAGE_WITHIN_MS } from './first-page.ts';

interface Admin {
  readonly username: string;
  readonly password: string;
}

/** Resolves when the owner's own credentials, as the platform shows them, open the shop's administration. */
export async function adminOpens(platform: TestPlatform, storeId: string): Promise<void> {
  const { readCredentials, findStore } = createStoreActions(platform.adapters);
  const store = await findStore(storeId);
  if (store === undefined) throw new Error(`There is no ${storeId}.`);
  await adminOpensTo(platform, store.url, async () => (await readCredentials(storeId).catch(notYet))?.admin);
}

/** Resolves when what is known of its administrator by then opens the administration of the shop at this address. */
export async function adminOpensTo(
  platform: TestPlatform,
  url: string,
  knownAdmin: () => Promise<Admin | undefined>,
): Promise<void> {
  const signal = AbortSignal.timeout(PAGE_WITHIN_MS);
  for (;;) {
    const admin = await knownAdmin();
    const session = admin && (await signInToWordPress(platform, { url }, admin).catch(() => undefined));
    if (session !== undefined && (await session.isOpen())) return;
    await pause(ASK_EVERY_MS, signal);
  }
}

function notYet(error: unknown): undefined {
  if (error instanceof AppError && error.code === 'not_allowed_now') return undefined;
  throw error;
}
