import { type ActionFunctionArgs, redirect } from 'react-router';
import { pageOf } from './request/page-of.ts';
import { askPasskey } from './request/passkey.ts';

/** There is nothing to see here. */
export const loader = () => redirect('/login', 303);

/** For the button of the log-in: any passkey, whosever it is. Which there are is never told. */
export async function action({ context }: ActionFunctionArgs) {
  const page = pageOf(context);
  return askPasskey(page, page.services.security.askForPasskey(page.visitor));
}
