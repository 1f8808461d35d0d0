import type { PlatformName } from '../../src/domain/store.ts';
import type { TestPlatform } from '../../test/e2e/platform.ts';

/** Not on any list of known ones. */
export const PASSWORD = 'seven calm herons at the weir';

export interface SignedUp {
  readonly storeId: string;
  /** The session's, as the `Cookie` header has it. */
  readonly cookie: string;
}

/** Posts the form as a browser without scripts does. Throws what the page said when there is no store. */
export async function signUp(platform: TestPlatform, name: string, kind: PlatformName): Promise<SignedUp> {
  const form = { email: `${name}@example.com`, password: PASSWORD, store_name: name, platform: kind };
  const answer = await platform.visit(new URL('signup', platform.config.publicUrl).href, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
  const storeId = /\/stores\/([^/]+)$/.exec(String(answer.headers['location']))?.[1];
  if (storeId === undefined) {
    const sentences = [...answer.body.matchAll(/-error">([^<]+)/g)].map(([, sentence]) => sentence);
    throw new Error(`The form was answered with ${answer.status}: ${sentences.join(' ')}`);
  }
  const cookies = [answer.headers['set-cookie'] ?? []].flat();
  return { storeId, cookie: cookies.map((cookie) => cookie.split(';')[0]).join('; ') };
}
