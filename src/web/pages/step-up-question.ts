import { type ActionFunctionArgs, redirect } from 'react-router';
import { customerOf } from './request/customer-of.ts';
import { askPasskey } from './request/passkey.ts';

/** There is nothing to see here. */
export const loader = () => redirect('/account', 303);

/** For the button of the step-up: one of the account's own passkeys. */
export async function action({ context }: ActionFunctionArgs) {
  const page = customerOf(context);
  return askPasskey(page, page.services.security.askForProof(page.token));
}
