import pLimit from 'p-limit';
import { MINUTE } from '../../src/lib/time.ts';
import type { TestPlatform } from '../../test/e2e/platform.ts';

const GONE_WITHIN_MS = 10 * MINUTE;
const AT_ONCE = 4;

/** Takes away every store whose name begins so; resolves when nothing of them is left. */
export async function removeStores(platform: TestPlatform, prefix: string): Promise<void> {
  const stores = await platform.adapters.repositories.stores.list();
  const wished = stores.filter(({ name }) => name.startsWith(prefix));
  const limit = pLimit(AT_ONCE);
  await Promise.all(
    wished.map(({ id }) =>
      limit(async () => {
        await platform.ok('store', 'delete', id, '--yes');
        await platform.gone(id, GONE_WITHIN_MS);
      }),
    ),
  );
}
