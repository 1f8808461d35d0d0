import { createStoreActions } from '../../src/app/store-actions.ts';
import { AppError } from '../../src/domain/errors.ts';
import { pause } from '../../src/lib/deadline.ts';
import type { TestPlatform } from '../../test/e2e/platform.ts';
import { signInToWordPress } from '../../test/e2e/sign-in-to-wordpress.ts';
import { ASK_EVERY_MS, PAGE_WITHIN_MS } from './first-page.ts';

/** Resolves when the owner's own credentials open the shop's administration. */
export async function adminOpens(platform: TestPlatform, storeId: string): Promise<void> {
  const { readCredentials, findStore } = createStoreActions(platform.adapters);
  const store = await findStore(storeId);
  if (store === undefined) throw new Error(`There is no ${storeId}.`);
  const signal = AbortSignal.timeout(PAGE_WITHIN_MS);
  for (;;) {
    const credentials = await readCredentials(storeId).catch(notYet);
    if (credentials !== undefined) {
      const session = await signInToWordPress(platform, store, credentials.admin).catch(() => undefined);
      if (session !== undefined && (await session.isOpen())) return;
    }
    await pause(ASK_EVERY_MS, signal);
  }
}

function notYet(error: unknown): undefined {
  if (error instanceof AppError && error.code === 'not_allowed_now') return undefined;
  throw error;
}
