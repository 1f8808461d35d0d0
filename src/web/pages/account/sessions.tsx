import { Button } from '@mantine/core';
import {
  type ActionFunctionArgs,
  Form,
  type LoaderFunctionArgs,
  redirect,
  redirectDocument,
  useLoaderData,
} from 'react-router';
import { AccountPage } from '../components/account-page.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import { customerOf } from '../request/customer-of.ts';
import { flash } from '../request/flash.ts';
import { formOf, textOf } from '../request/form.ts';
import { orProblem } from '../request/problem.ts';
import { signedOutHeaders } from '../request/signed-out.ts';
import './sessions.css';

export const meta = () => [{ title: 'Sessions · ShopHosting' }];

export async function loader({ context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  return { sessions: await orProblem(page, page.services.security.listSessions(page.token)) };
}

/** In place of a session's id. */
const ALL = 'all';

/** One is ended by its id; `all` ends this one too; without either, all but this. */
export async function action({ request, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  const { security, accounts } = page.services;
  const id = textOf(await formOf(request), 'session');
  if (id === ALL) {
    await orProblem(page, security.endOtherSessions(page.token, page.visitor));
    await orProblem(page, accounts.logOut(page.token, page.visitor));
    return redirectDocument('/', { status: 303, headers: signedOutHeaders(page) });
  }
  if (id === '') {
    const ended = await orProblem(page, security.endOtherSessions(page.token, page.visitor));
    const said = ended === 0 ? 'You are signed in nowhere else.' : 'Every other browser is signed out.';
    return redirect('/account/sessions', { status: 303, headers: flash(page, said) });
  }
  await orProblem(page, security.endSession({ token: page.token, id }, page.visitor));
  return redirect('/account/sessions', { status: 303, headers: flash(page, 'That browser is signed out.') });
}

export default function Sessions() {
  const { sessions } = useLoaderData<typeof loader>();
  return (
    <AccountPage tab="/account/sessions">
      <p className="soft">
        Where you are signed in. What a browser says of itself is no proof; sign out whatever you do not know, and
        change your password then.
      </p>
      <ul className="sessions" role="list">
        {sessions.map(({ id, device, address, signedInAt, lastUsedAt, isThis }) => (
          <li key={id} className="card">
            <div>
              <h2>
                {device} {isThis && <span className="soft small">this one</span>}
              </h2>
              <p className="soft small">
                {address !== null && <>from {address} · </>}last used <TimeAgo at={lastUsedAt} /> · signed in{' '}
                <TimeAgo at={signedInAt} />
              </p>
            </div>
            {!isThis && (
              <Form method="post">
                <input type="hidden" name="session" value={id} />
                <Button type="submit" variant="default" size="sm" aria-label={`Sign out ${device}`}>
                  Sign out
                </Button>
              </Form>
            )}
          </li>
        ))}
      </ul>
      <div className="row">
        <Form method="post">
          <Button type="submit" variant="default">
            Sign out everywhere else
          </Button>
        </Form>
        <Form method="post">
          <input type="hidden" name="session" value={ALL} />
          <Button type="submit" variant="subtle" color="red">
            Sign out everywhere, here too
          </Button>
        </Form>
      </div>
    </AccountPage>
  );
}
