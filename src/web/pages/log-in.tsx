import { Button, PasswordInput, TextInput } from '@mantine/core';
import {
  type ActionFunctionArgs,
  Form,
  Link,
  type LoaderFunctionArgs,
  redirectDocument,
  useActionData,
  useLoaderData,
  useNavigation,
} from 'react-router';
import { ErrorSummary } from './components/error-summary.tsx';
import { fieldProps, SHOW_PASSWORD } from './components/field.ts';
import { PasskeyForm } from './components/passkey-form.tsx';
import { formOf, refuse, textOf } from './request/form.ts';
import { ownPathOr } from './request/next-url.ts';
import { pageOf } from './request/page-of.ts';
import { logInByPasskey, PASSKEY_FIELD } from './request/passkey.ts';
import { problemOf } from './request/problem.ts';
import { signedInHeaders, toSecondStep } from './request/signed-in.ts';

const FIELD_NAMES = { email: 'email', password: 'password' };

export const meta = () => [{ title: 'Log in · ShopHosting' }];

export function loader({ url }: LoaderFunctionArgs) {
  return { next: ownPathOr(url.searchParams.get('next'), '/dashboard') };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const page = pageOf(context);
  const form = await formOf(request);
  const email = textOf(form, 'email');
  const next = ownPathOr(form.get('next'), '/dashboard');
  try {
    if (form.has(PASSKEY_FIELD)) return await logInByPasskey(page, form, next);
    const input = { email, password: textOf(form, 'password'), token: page.token };
    const answer = await page.services.accounts.logIn(input, page.visitor);
    if ('pending' in answer) return toSecondStep(page, answer.pending, next);
    return redirectDocument(next, { status: 303, headers: signedInHeaders(page, answer) });
  } catch (thrown) {
    return refuse(problemOf(thrown, page), { values: { email }, fieldNames: FIELD_NAMES });
  }
}

export default function LogIn() {
  const { next } = useLoaderData<typeof loader>();
  const refusal = useActionData<typeof action>();
  const busy = useNavigation().state !== 'idle';
  return (
    <section className="narrow">
      <div className="heading">
        <h1>Welcome back</h1>
        <p className="soft">
          New here? <Link to="/signup">Create your store</Link>.
        </p>
      </div>
      <Form method="post" className="card stack" aria-label="Log in">
        <ErrorSummary refusal={refusal} />
        <input type="hidden" name="next" value={next} />
        <TextInput
          {...fieldProps('email', refusal)}
          label="E-mail"
          type="email"
          inputMode="email"
          autoComplete="username webauthn"
          required
        />
        <PasswordInput
          {...fieldProps('password', refusal)}
          label="Password"
          autoComplete="current-password"
          visibilityToggleButtonProps={SHOW_PASSWORD}
          required
        />
        <Button type="submit" loading={busy}>
          Log in
        </Button>
        <p className="small">
          <Link to="/forgot-password">Forgot your password?</Link>
        </p>
      </Form>
      <PasskeyForm label="Log in with a passkey" ask="/login/passkey-question" hidden={{ next }} isOffered={true} />
    </section>
  );
}
