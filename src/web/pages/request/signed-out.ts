import type { PageContext } from '../../page-context.ts';

/** What a browser is to forget after signing out, as headers of an answer. */
export function signedOutHeaders(page: Pick<PageContext, 'cookies'>): [string, string][] {
  return page.cookies.signedOut().map((cookie) => ['Set-Cookie', cookie]);
}
