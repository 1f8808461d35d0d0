import type { RouterContextProvider } from 'react-router';
import type { PageContext } from '../../page-context.ts';
import type { DeskOrigin } from '../../services/desk.ts';
import type { Session } from '../../services.ts';
import { customerOf } from './customer-of.ts';

/** The page's context with the operator in it. Only for pages under `access/operators.tsx`, which let nobody else in. */
export function operatorOf(
  context: Readonly<RouterContextProvider>,
): PageContext & { readonly session: Session; readonly token: string; readonly origin: DeskOrigin } {
  const page = customerOf(context);
  const { session, visitor, requestId } = page;
  return { ...page, origin: { actor: session.customerId, address: visitor.address, requestId } };
}
