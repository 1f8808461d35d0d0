import type { PageContext } from '../../page-context.ts';

/** What a browser is to keep after signing in, as headers of an answer. */
export function signedInHeaders(
  page: Pick<PageContext, 'cookies'>,
  kept: { readonly token: string; readonly device?: string },
): [string, string][] {
  return page.cookies.signedIn(kept).map((cookie) => ['Set-Cookie', cookie]);
}
