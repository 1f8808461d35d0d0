import { Button } from '@mantine/core';
import { type ActionFunctionArgs, Form, type LoaderFunctionArgs, redirect, useLoaderData } from 'react-router';
import { flash } from './request/flash.ts';
import { pageOf } from './request/page-of.ts';
import { orProblem } from './request/problem.ts';

export const meta = () => [{ title: 'This was not me · ShopHosting' }];

export async function loader({ url, context }: LoaderFunctionArgs) {
  const page = pageOf(context);
  return orProblem(page, page.services.accounts.findDisowned(url.searchParams.get('token') ?? ''));
}

export async function action({ url, context }: ActionFunctionArgs) {
  const page = pageOf(context);
  const link = url.searchParams.get('token') ?? '';
  await orProblem(page, page.services.accounts.disownFactor(link, page.visitor));
  const said = 'It opens your account no more, and everybody was signed out. Choose a new password now.';
  return redirect('/forgot-password', { status: 303, headers: flash(page, said) });
}

export default function DisownFactor() {
  const { factor, addedAt } = useLoaderData<typeof loader>();
  return (
    <section className="narrow">
      <div className="heading">
        <h1>This was not me</h1>
        <p className="soft">
          On {addedAt} {factor} was added to your account. If that was not you, take it off: recovery codes made with it
          or since open nothing any more, and whoever is signed in to the account is signed out. After that you choose a
          new password.
        </p>
      </div>
      <Form method="post">
        <Button type="submit">Take it off my account</Button>
      </Form>
    </section>
  );
}
