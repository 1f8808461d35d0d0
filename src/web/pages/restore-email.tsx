import { Button } from '@mantine/core';
import { type ActionFunctionArgs, Form, type LoaderFunctionArgs, redirect, useLoaderData } from 'react-router';
import { flash } from './request/flash.ts';
import { pageOf } from './request/page-of.ts';
import { orProblem } from './request/problem.ts';

export const meta = () => [{ title: 'Take your address back · ShopHosting' }];

export async function loader({ url, context }: LoaderFunctionArgs) {
  const page = pageOf(context);
  return orProblem(page, page.services.accounts.findRestore(url.searchParams.get('token') ?? ''));
}

export async function action({ url, context }: ActionFunctionArgs) {
  const page = pageOf(context);
  const link = url.searchParams.get('token') ?? '';
  await orProblem(page, page.services.accounts.restoreEmail(link, page.visitor));
  const said = 'Your account has its address back, and everybody was signed out. Choose a new password now.';
  return redirect('/forgot-password', { status: 303, headers: flash(page, said) });
}

export default function RestoreEmail() {
  const { email } = useLoaderData<typeof loader>();
  return (
    <section className="narrow">
      <div className="heading">
        <h1>Take your address back</h1>
        <p className="soft">
          The account gets {email} again, and whoever is signed in to it is signed out. After that you choose a new
          password.
        </p>
      </div>
      <Form method="post">
        <Button type="submit">Take my address back</Button>
      </Form>
    </section>
  );
}
