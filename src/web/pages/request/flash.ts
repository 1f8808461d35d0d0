import type { PageContext } from '../../page-context.ts';

/** A sentence for the page that comes next, as headers of a redirect there; it is said once. Never a secret. */
export function flash(page: Pick<PageContext, 'cookies'>, sentence: string): [string, string][] {
  return [['Set-Cookie', page.cookies.flash(sentence)]];
}
