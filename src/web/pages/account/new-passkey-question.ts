import { type ActionFunctionArgs, redirect } from 'react-router';
import { customerOf } from '../request/customer-of.ts';
import { formOf, textOf } from '../request/form.ts';
import { askPasskey } from '../request/passkey.ts';

/** There is nothing to see here. */
export const loader = () => redirect('/account/passkeys', 303);

/** For the form of a new passkey. What is wrong with its name is said before the device makes one. */
export async function action({ request, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  const name = textOf(await formOf(request), 'name');
  return askPasskey(page, page.services.security.askForNewPasskey({ token: page.token, name }));
}
