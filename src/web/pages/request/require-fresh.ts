import { redirect } from 'react-router';
import { isProofFresh } from '../../../domain/proof.ts';
import type { Session } from '../../services.ts';
import { stepUpUrl } from '../words/step-up.ts';

/**
 * Lets nobody on whose proof is older than five minutes: throws the way to `/step-up`, which leads back to the page.
 * Call it in the loader of a page with a form of consequence, or show `ProofFirst` in the form's place, and again in its
 * action: what was typed is then gone, but nothing was done. `url` is the one that the router gives: the request's own may be that of the page's data. An action
 * without a page of its own names the `page` that holds its form.
 */
export function requireFresh(
  { session }: { readonly session: Session },
  url: URL,
  { page }: { readonly page?: string } = {},
): void {
  if (isProofFresh(session.provenAt, new Date())) return;
  const { pathname, search } = url;
  throw redirect(stepUpUrl(page ?? `${pathname}${search}`), 303);
}
