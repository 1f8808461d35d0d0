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
import { DeskFrame } from '../components/desk-frame.tsx';
import { ErrorSummary } from '../components/error-summary.tsx';
import { fieldProps } from '../components/field.ts';
import { customerOf } from '../request/customer-of.ts';
import { formOf, refuse, textOf } from '../request/form.ts';
import { orProblem, problemOf } from '../request/problem.ts';
import { requireFresh } from '../request/require-fresh.ts';
import { deskPageTitle } from '../words/desk-tabs.ts';

export const meta = () => [{ title: deskPageTitle('Act as a customer') }];

export async function loader({ params, url, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  const { customer } = await orProblem(page, page.services.desk.customer(params['customerId'] ?? ''));
  return { id: customer.id, email: customer.email };
}

/** Begins a second session, the customer's; the operator's own waits in the browser. */
export async function action({ params, request, url, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  const reason = textOf(await formOf(request), 'reason');
  const wish = { operator: page.session, customerId: params['customerId'] ?? '', reason };
  try {
    const { token } = await page.services.acting.begin(wish, page.visitor);
    const cookies = page.cookies.acting({ token, operatorToken: page.token });
    const headers = cookies.map((cookie): [string, string] => ['Set-Cookie', cookie]);
    return redirectDocument('/dashboard?all', { status: 303, headers });
  } catch (thrown) {
    return refuse(problemOf(thrown, page), { values: { reason }, fieldNames: { reason: 'reason' } });
  }
}

export default function ActAs() {
  const { id, email } = useLoaderData<typeof loader>();
  const refusal = useActionData<typeof action>();
  const busy = useNavigation().state !== 'idle';
  return (
    <DeskFrame tab="customers" title={`Act as ${email}`}>
      <Form method="post" className="card stack desk-form" aria-label="Act as this customer">
        <ErrorSummary refusal={refusal} />
        <p>
          For half an hour you see what this customer sees. Passwords and keys, security, deletion and everything that
          costs money stay closed to you. Each thing you do is written down with both names, and the customer can read
          it.
        </p>
        <TextInput
          {...fieldProps('reason', refusal)}
          label="Why"
          description="The customer can read this, too."
          placeholder="Looking at a checkout that fails, request 4711"
          autoComplete="off"
          maxLength={300}
          required
        />
        <div className="row">
          <Button type="submit" loading={busy}>
            Act as {email}
          </Button>
          <Link to={`/admin/customers/${id}`}>Not now</Link>
        </div>
      </Form>
    </DeskFrame>
  );
}
