import type { StoreView } from '../../src/stores/present-store.ts';
import type { TestPlatform } from './platform.ts';
import type { AdminSession } from './shop-operations.ts';

/** Signs in to wp-admin by its form, without a browser. `undefined` when the form comes back. */
export async function signInToWordPress(
  { visit }: TestPlatform,
  store: Pick<StoreView, 'url'>,
  { username, password }: { readonly username: string; readonly password: string },
): Promise<AdminSession | undefined> {
  const answer = await visit(`${store.url}wp-login.php`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ log: username, pwd: password }).toString(),
  });
  if (answer.status !== 302) return undefined;
  const cookies = [answer.headers['set-cookie'] ?? []].flat().map((cookie) => cookie.split(';')[0]);
  return {
    isOpen: async () =>
      (await visit(`${store.url}wp-admin/`, { headers: { cookie: cookies.join('; ') } })).status === 200,
  };
}
