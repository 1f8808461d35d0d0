import { Button } from '@mantine/core';
import {
  type ActionFunctionArgs,
  Form,
  type LoaderFunctionArgs,
  redirect,
  useActionData,
  useLoaderData,
  useNavigation,
} from 'react-router';
import type { AccountChoice } from '../services/accounts.ts';
import { ErrorSummary } from './components/error-summary.tsx';
import { NewPasswordField } from './components/new-password-field.tsx';
import { flash } from './request/flash.ts';
import { formOf, refuse, textOf } from './request/form.ts';
import { pageOf } from './request/page-of.ts';
import { orProblem, problemOf } from './request/problem.ts';
import { exactTime } from './words/durations.ts';

export const meta = () => [{ title: 'Choose a new password · ShopHosting' }];

/** Only looks: programs that follow links in mails use nothing up. */
export async function loader({ url, context }: LoaderFunctionArgs) {
  const page = pageOf(context);
  return orProblem(page, page.services.accounts.findReset(url.searchParams.get('token') ?? ''));
}

export async function action({ request, url, context }: ActionFunctionArgs) {
  const page = pageOf(context);
  const form = await formOf(request);
  const link = url.searchParams.get('token') ?? '';
  try {
    const input = { link, customerId: textOf(form, 'account'), password: textOf(form, 'password') };
    await page.services.accounts.resetPassword(input, page.visitor);
    const said = 'Your new password is set, and everybody was signed out. Log in with it now.';
    return redirect('/login', { status: 303, headers: flash(page, said) });
  } catch (thrown) {
    return refuse(problemOf(thrown, page), { values: {}, fieldNames: { password: 'password' } });
  }
}

export default function ResetPassword() {
  const { email, accounts } = useLoaderData<typeof loader>();
  const refusal = useActionData<typeof action>();
  const busy = useNavigation().state !== 'idle';
  return (
    <section className="narrow">
      <div className="heading">
        <h1>Choose a new password</h1>
        <p className="soft">For {email}. Every browser that is signed in is signed out then.</p>
      </div>
      <Form method="post" className="card stack" aria-label="Choose a new password">
        <ErrorSummary refusal={refusal} />
        {accounts.length > 1 && <Choice accounts={accounts} />}
        {/* Tells password managers whose password is meant. */}
        <input type="text" autoComplete="username" value={email} readOnly={true} hidden={true} />
        <NewPasswordField label="New password" email={email} refusal={refusal} />
        <Button type="submit" loading={busy}>
          Set the password
        </Button>
      </Form>
    </section>
  );
}

function Choice({ accounts }: { readonly accounts: readonly AccountChoice[] }) {
  return (
    <fieldset className="stack plain-fieldset">
      <legend>Several accounts carry this address. Which one is yours?</legend>
      {accounts.map(({ id, createdAt, stores }, at) => (
        <label key={id} className="row">
          <input type="radio" name="account" value={id} defaultChecked={at === 0} />
          <span>
            {stores.length === 0 ? 'No store' : stores.join(', ')}{' '}
            <span className="soft small">made {exactTime(createdAt)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
