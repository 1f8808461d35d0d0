import { Button } from '@mantine/core';
import { type ActionFunctionArgs, redirectDocument } from 'react-router';
import { pageOf } from './request/page-of.ts';
import { orProblem } from './request/problem.ts';

export const meta = () => [{ title: 'Log out · ShopHosting' }];

/** Ends the session here and at the server; nothing happens when there was none. */
export async function action({ context }: ActionFunctionArgs) {
  const page = pageOf(context);
  if (page.token !== undefined) await orProblem(page, page.services.accounts.logOut(page.token, page.visitor));
  const headers = page.cookies.signedOut().map((cookie): [string, string] => ['Set-Cookie', cookie]);
  return redirectDocument('/', { status: 303, headers });
}

export default function LogOut() {
  return (
    <section className="narrow">
      <div className="heading">
        <h1>Log out</h1>
        <p className="soft">Your stores stay open for their visitors. You can log in again at any time.</p>
      </div>
      <form method="post">
        <Button type="submit">Log out</Button>
      </form>
    </section>
  );
}
