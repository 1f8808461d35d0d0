import type { StoreView } from '../../../src/stores/present-store.ts';
import type { Answer, TestPlatform } from '../platform.ts';
import type { AdminSession } from '../shop-operations.ts';
import type { AdminCredentials } from './administration.ts';

const MOST_LEADS = 5;

/**
 * Signs in to the administration by its form, without a browser; a second factor may still be asked for behind it.
 * `undefined` when the form comes back.
 */
export async function signInToMagento(
  { visit }: TestPlatform,
  { adminUrl }: StoreView,
  { username, password }: Pick<AdminCredentials, 'username' | 'password'>,
): Promise<AdminSession | undefined> {
  const form = await visit(adminUrl);
  const key = /name="form_key"[^>]*value="([^"]+)"/.exec(form.body)?.[1] ?? '';
  const fields = { form_key: key, 'login[username]': username, 'login[password]': password };
  const answer = await visit(adminUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: cookiesOf(form) },
    body: new URLSearchParams(fields).toString(),
  });
  const cookie = cookiesOf(form, answer);
  const isOpen = async (): Promise<boolean> => {
    let page = await visit(adminUrl, { headers: { cookie } });
    // Both lead on: an open session to where its owner begins, an ended one, at its next request, back to the form.
    for (let leads = 0; leads < MOST_LEADS && typeof page.headers['location'] === 'string'; leads += 1) {
      page = await visit(page.headers['location'], { headers: { cookie } });
    }
    return page.status === 200 && !page.body.includes('login[password]');
  };
  return (await isOpen()) ? { isOpen } : undefined;
}

/** What a browser would send after these answers: a later cookie takes the place of an earlier one of its name. */
function cookiesOf(...answers: readonly Answer[]): string {
  const set = answers.flatMap(({ headers }) => [headers['set-cookie'] ?? []].flat());
  const jar = new Map(set.map((cookie) => [cookie.split('=')[0], cookie.split(';')[0]]));
  return [...jar.values()].join('; ');
}
