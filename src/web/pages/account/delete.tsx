import { Button, TextInput } from '@mantine/core';
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
import '../components/danger-row.css';
import { AccountPage } from '../components/account-page.tsx';
import { ErrorSummary } from '../components/error-summary.tsx';
import { fieldProps } from '../components/field.ts';
import { customerOf } from '../request/customer-of.ts';
import { flash } from '../request/flash.ts';
import { formOf, refuse, textOf } from '../request/form.ts';
import { orProblem, problemOf } from '../request/problem.ts';
import { requireFresh } from '../request/require-fresh.ts';
import { signedOutHeaders } from '../request/signed-out.ts';
import { exactTime } from '../words/durations.ts';

export const meta = () => [{ title: 'Delete your account · ShopHosting' }];

export async function loader({ url, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  const stores = await orProblem(page, page.services.stores.list(page.session.customerId));
  return { email: page.session.email, stores: stores.map(({ id, name, domain }) => ({ id, name, domain })) };
}

export async function action({ request, url, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  const email = textOf(await formOf(request), 'email');
  try {
    const wish = { token: page.token, email };
    const { deletionAt } = await page.services.accountData.scheduleDeletion(wish, page.visitor);
    const said = `Your account will be deleted on ${exactTime(deletionAt)}. Until then, log in to keep it.`;
    return redirectDocument('/login', { status: 303, headers: [...signedOutHeaders(page), ...flash(page, said)] });
  } catch (thrown) {
    return refuse(problemOf(thrown, page), { values: { email }, fieldNames: { email: 'email' } });
  }
}

export default function DeleteAccount() {
  const { email, stores } = useLoaderData<typeof loader>();
  const refusal = useActionData<typeof action>();
  const busy = useNavigation().state !== 'idle';
  return (
    <AccountPage tab="/account/data">
      <Form method="post" className="card stack danger-card" aria-label="Delete your account">
        <h2>Delete your account</h2>
        <p>In 14 days these go for good:</p>
        <ul className="danger-list">
          <li>the account {email}, with its sessions and settings</li>
          {stores.map(({ id, name, domain }) => (
            <li key={id}>
              the store <strong>{name}</strong> ({domain}), with its pages, products, orders, customers and pictures
            </li>
          ))}
        </ul>
        <p className="soft">
          Your shops close now, and you are signed out everywhere. Until then, log in and press <em>Keep my account</em>{' '}
          to undo this. What was done stays in our ledger, under a number, with the network address it came from and any
          e-mail address that was confirmed or changed.
        </p>
        <ErrorSummary refusal={refusal} />
        <TextInput
          {...fieldProps('email', refusal)}
          label={`Type ${email} to be sure`}
          type="email"
          inputMode="email"
          autoComplete="off"
          required
        />
        <div className="row">
          <Button component={Link} to="/account/data" variant="default">
            Keep it
          </Button>
          <Button type="submit" variant="default" className="danger-button" loading={busy}>
            Delete my account
          </Button>
        </div>
      </Form>
    </AccountPage>
  );
}
