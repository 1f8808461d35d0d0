import { redirect } from 'react-router';
import type { PageContext } from '../../page-context.ts';

/** What a browser is to keep after signing in, as headers of an answer. */
export function signedInHeaders(
  page: Pick<PageContext, 'cookies'>,
  kept: { readonly token: string; readonly device?: string },
): [string, string][] {
  return page.cookies.signedIn(kept).map((cookie) => ['Set-Cookie', cookie]);
}

/** The password was right: on to the second step of the log-in, and to `next` after it. */
export function toSecondStep(page: Pick<PageContext, 'cookies'>, pending: string, next: string): Response {
  const headers: [string, string][] = [['Set-Cookie', page.cookies.pending(pending)]];
  return redirect(secondStepUrl(next), { status: 303, headers });
}

/** Where the second step of a log-in is. */
export const secondStepUrl = (next: string): string => `/login/second-step?next=${encodeURIComponent(next)}`;
