import { TextInput } from '@mantine/core';
import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect, useActionData, useLoaderData } from 'react-router';
import { AccountForm } from '../components/account-form.tsx';
import { AccountPage } from '../components/account-page.tsx';
import { fieldProps } from '../components/field.ts';
import { customerOf } from '../request/customer-of.ts';
import { flash } from '../request/flash.ts';
import { formOf, refuse, textOf } from '../request/form.ts';
import { problemOf } from '../request/problem.ts';
import { requireFresh } from '../request/require-fresh.ts';

export const meta = () => [{ title: 'Change your e-mail address · ShopHosting' }];

export function loader({ url, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  return { email: page.session.email };
}

export async function action({ request, url, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  const typed = textOf(await formOf(request), 'email');
  try {
    const { email } = await page.services.accounts.changeEmail({ token: page.token, email: typed }, page.visitor);
    const said = `A link is on its way to ${email}. Your address changes once you have followed it.`;
    return redirect('/account', { status: 303, headers: flash(page, said) });
  } catch (thrown) {
    return refuse(problemOf(thrown, page), { values: { email: typed }, fieldNames: { email: 'email' } });
  }
}

export default function ChangeEmail() {
  const { email } = useLoaderData<typeof loader>();
  const refusal = useActionData<typeof action>();
  return (
    <AccountPage tab="/account">
      <AccountForm label="Change your e-mail address" button="Mail me the link" refusal={refusal}>
        <p className="soft">
          Now it is {email}. We mail a link to the new one; when you follow it, signed in here, the address changes,
          both are told, and every other browser is signed out.
        </p>
        <TextInput
          {...fieldProps('email', refusal)}
          label="New e-mail address"
          type="email"
          inputMode="email"
          autoComplete="email"
          required
        />
      </AccountForm>
    </AccountPage>
  );
}
