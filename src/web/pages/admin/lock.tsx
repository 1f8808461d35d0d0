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
import { DeskFrame } from '../components/desk-frame.tsx';
import { ErrorSummary } from '../components/error-summary.tsx';
import { fieldProps } from '../components/field.ts';
import { customerOf } from '../request/customer-of.ts';
import { flash } from '../request/flash.ts';
import { formOf, refuse, textOf } from '../request/form.ts';
import { orProblem, problemOf } from '../request/problem.ts';
import { requireFresh } from '../request/require-fresh.ts';
import { deskPageTitle } from '../words/desk-tabs.ts';

export const meta = () => [{ title: deskPageTitle('Lock an account') }];

export async function loader({ params, url, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  const { customer } = await orProblem(page, page.services.desk.customer(params['customerId'] ?? ''));
  return { id: customer.id, email: customer.email, isLocked: customer.lockedAt !== null };
}

/** What the form says is done, not what would change it: a page that was open for long turns nothing around. */
export async function action({ params, request, url, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  const customerId = params['customerId'] ?? '';
  const form = await formOf(request);
  const reason = textOf(form, 'reason');
  const isToOpen = textOf(form, 'intent') === 'unlock';
  try {
    await page.services.desk[isToOpen ? 'unlock' : 'lock'](page.origin, customerId, reason);
    const headers = flash(page, isToOpen ? 'Its owner may sign in again.' : 'Nobody can sign in to it any more.');
    return redirect(`/admin/customers/${customerId}`, { status: 303, headers });
  } catch (thrown) {
    const problem = problemOf(thrown, page);
    // The sentence of its kind is about shops; operators read what is in the way here.
    const isTold = problem.code === 'not_allowed_now' && thrown instanceof Error;
    const told = isTold ? { ...problem, sentence: thrown.message } : problem;
    return refuse(told, { values: { reason }, fieldNames: { reason: 'reason' } });
  }
}

export default function Lock() {
  const { id, email, isLocked } = useLoaderData<typeof loader>();
  const refusal = useActionData<typeof action>();
  const busy = useNavigation().state !== 'idle';
  const act = isLocked ? `Unlock ${email}` : `Lock ${email}`;
  return (
    <DeskFrame tab="customers" title={act}>
      <Form method="post" className="card stack desk-form" aria-label={act}>
        <ErrorSummary refusal={refusal} />
        <input type="hidden" name="intent" value={isLocked ? 'unlock' : 'lock'} />
        <p>
          {isLocked
            ? 'The owner may sign in again. Tokens that were revoked stay so; their owner makes new ones.'
            : 'Nobody signs in to this account any more: every browser is signed out now and every token revoked. Its stores stay open; suspend them one by one where that is needed.'}
        </p>
        <TextInput
          {...fieldProps('reason', refusal)}
          label="Why"
          description="For the ledger and other operators; the owner can read it, too."
          placeholder={isLocked ? 'The owner has called' : 'Reported as stolen, request 4711'}
          autoComplete="off"
          maxLength={300}
          required
        />
        <div className="row">
          <Button type="submit" loading={busy}>
            {act}
          </Button>
          <Link to={`/admin/customers/${id}`}>Not now</Link>
        </div>
      </Form>
    </DeskFrame>
  );
}
