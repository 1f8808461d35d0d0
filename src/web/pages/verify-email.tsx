import { Button } from '@mantine/core';
import { type ActionFunctionArgs, Form, type LoaderFunctionArgs, redirect, useLoaderData } from 'react-router';
import { customerOf } from './request/customer-of.ts';
import { flash } from './request/flash.ts';
import { orProblem } from './request/problem.ts';

export const meta = () => [{ title: 'Confirm your e-mail address · ShopHosting' }];

/** Only looks: programs that follow links in mails use nothing up. */
export async function loader({ url, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  const link = url.searchParams.get('token') ?? '';
  const found = await orProblem(page, page.services.accounts.findVerification(link, page.token));
  return { ...found, signedInAs: page.session.email };
}

export async function action({ url, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  const input = { token: page.token, link: url.searchParams.get('token') ?? '' };
  const { email, isChange } = await orProblem(page, page.services.accounts.verifyEmail(input, page.visitor));
  const said = isChange
    ? `Your account has the address ${email} from now on. Every other browser was signed out.`
    : 'Thank you: your e-mail address is confirmed.';
  return redirect('/account', { status: 303, headers: flash(page, said) });
}

export default function VerifyEmail() {
  const { email, isOwn, signedInAs } = useLoaderData<typeof loader>();
  return (
    <section className="narrow">
      <div className="heading">
        <h1>Confirm your e-mail address</h1>
        {isOwn ? (
          <p className="soft">{email} will be the address of your account, for good.</p>
        ) : (
          <p>
            This link was made for another account than the one you are signed in to ({signedInAs}). Log out, and follow
            it once more.
          </p>
        )}
      </div>
      {isOwn && (
        <Form method="post">
          <Button type="submit">Confirm {email}</Button>
        </Form>
      )}
    </section>
  );
}
