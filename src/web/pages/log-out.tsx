import { Button } from '@mantine/core';
import { type ActionFunctionArgs, redirectDocument } from 'react-router';
import { pageOf } from './request/page-of.ts';
import { orProblem } from './request/problem.ts';
import { signedOutHeaders } from './request/signed-out.ts';

export const meta = () => [{ title: 'Log out · ShopHosting' }];

/**
 * Ends the session here and at the server; nothing happens when there was none. Whoever acts as a customer is logged out
 * altogether: of the customer's place and of their own session.
 */
export async function action({ context }: ActionFunctionArgs) {
  const page = pageOf(context);
  const { token, operatorToken, session, origin, visitor } = page;
  const { accounts, acting } = page.services;
  const isActing = session?.impersonatorId !== undefined;
  if (isActing) await orProblem(page, acting.end({ token, operatorToken: undefined, origin }));
  const own = isActing ? operatorToken : token;
  if (own !== undefined) await orProblem(page, accounts.logOut(own, visitor));
  return redirectDocument('/', { status: 303, headers: signedOutHeaders(page) });
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
