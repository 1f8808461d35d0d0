import { Button, TextInput } from '@mantine/core';
import {
  type ActionFunctionArgs,
  Form,
  Link,
  type LoaderFunctionArgs,
  redirect,
  useActionData,
  useLoaderData,
  useNavigation,
} from 'react-router';
import { ErrorSummary } from './components/error-summary.tsx';
import { fieldProps } from './components/field.ts';
import { flash } from './request/flash.ts';
import { formOf, refuse, textOf } from './request/form.ts';
import { pageOf } from './request/page-of.ts';
import { problemOf } from './request/problem.ts';

/** The same for every address: nobody learns here who has an account. */
const ASKED = 'If that address has an account here, a mail with a link is on its way. Look into your inbox.';

export const meta = () => [{ title: 'Forgot your password? · ShopHosting' }];

export function loader({ context }: LoaderFunctionArgs) {
  return { email: pageOf(context).session?.email ?? '' };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const page = pageOf(context);
  const email = textOf(await formOf(request), 'email');
  try {
    await page.services.accounts.requestReset(email, page.visitor);
    return redirect('/login', { status: 303, headers: flash(page, ASKED) });
  } catch (thrown) {
    return refuse(problemOf(thrown, page), { values: { email }, fieldNames: { email: 'email' } });
  }
}

export default function ForgotPassword() {
  const { email } = useLoaderData<typeof loader>();
  const refusal = useActionData<typeof action>();
  const busy = useNavigation().state !== 'idle';
  return (
    <section className="narrow">
      <div className="heading">
        <h1>Forgot your password?</h1>
        <p className="soft">
          We mail you a link with which you choose a new one. Or <Link to="/login">log in</Link>.
        </p>
      </div>
      <Form method="post" className="card stack" aria-label="Ask for a new password">
        <ErrorSummary refusal={refusal} />
        <TextInput
          defaultValue={email}
          {...fieldProps('email', refusal)}
          label="E-mail"
          type="email"
          inputMode="email"
          autoComplete="username"
          required
        />
        <Button type="submit" loading={busy}>
          Mail me a link
        </Button>
      </Form>
    </section>
  );
}
