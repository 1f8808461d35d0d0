import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect, useActionData, useLoaderData } from 'react-router';
import { AccountForm } from '../components/account-form.tsx';
import { AccountPage } from '../components/account-page.tsx';
import { NewPasswordField } from '../components/new-password-field.tsx';
import { customerOf } from '../request/customer-of.ts';
import { flash } from '../request/flash.ts';
import { formOf, refuse, textOf } from '../request/form.ts';
import { problemOf } from '../request/problem.ts';
import { requireFresh } from '../request/require-fresh.ts';
import { signedInHeaders } from '../request/signed-in.ts';

export const meta = () => [{ title: 'Change your password · ShopHosting' }];

export function loader({ url, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  return { email: page.session.email };
}

export async function action({ request, url, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  const form = await formOf(request);
  try {
    const input = { token: page.token, password: textOf(form, 'password') };
    const kept = await page.services.security.changePassword(input, page.visitor);
    return redirect('/account/security', {
      status: 303,
      headers: [
        ...signedInHeaders(page, kept),
        ...flash(page, 'Your password is changed. Every other browser was signed out.'),
      ],
    });
  } catch (thrown) {
    return refuse(problemOf(thrown, page), { values: {}, fieldNames: { password: 'password' } });
  }
}

export default function ChangePassword() {
  const { email } = useLoaderData<typeof loader>();
  const refusal = useActionData<typeof action>();
  return (
    <AccountPage tab="/account/security">
      <AccountForm label="Change your password" button="Change the password" refusal={refusal}>
        <p className="soft">You stay signed in here. Every other browser is signed out, and we tell you by mail.</p>
        {/* Tells password managers whose password is meant. */}
        <input type="text" autoComplete="username" value={email} readOnly={true} hidden={true} />
        <NewPasswordField label="New password" email={email} refusal={refusal} />
      </AccountForm>
    </AccountPage>
  );
}
