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

export const meta = () => [{ title: deskPageTitle('Suspend a store') }];

export async function loader({ params, url, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  const { store } = await orProblem(page, page.services.desk.store(params['storeId'] ?? ''));
  return { id: store.id, name: store.name };
}

export async function action({ params, request, url, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  const storeId = params['storeId'] ?? '';
  const form = await formOf(request);
  const words = { reason: textOf(form, 'reason'), text: textOf(form, 'text') };
  try {
    await page.services.desk.suspend(page.origin, storeId, words);
    return redirect(`/admin/stores/${storeId}`, { status: 303, headers: flash(page, 'The store is being closed.') });
  } catch (thrown) {
    return refuse(problemOf(thrown, page), { values: words, fieldNames: { reason: 'reason', text: 'text' } });
  }
}

export default function Suspend() {
  const { id, name } = useLoaderData<typeof loader>();
  const refusal = useActionData<typeof action>();
  const busy = useNavigation().state !== 'idle';
  return (
    <DeskFrame tab="stores" title={`Suspend ${name}`} about="Visitors see a friendly note; everything in it is kept.">
      <Form method="post" className="card stack desk-form" aria-label="Suspend this store">
        <ErrorSummary refusal={refusal} />
        <TextInput
          {...fieldProps('reason', refusal)}
          label="Why"
          description="For the ledger and other operators."
          placeholder="Invoice 2041 is unpaid"
          autoComplete="off"
          required
        />
        <TextInput
          {...fieldProps('text', refusal)}
          label="What its owner reads (optional)"
          description="In the mail and on the store’s page."
          placeholder="A payment is missing. As soon as it is there, we open your shop again."
          autoComplete="off"
        />
        <div className="row">
          <Link to={`/admin/stores/${id}`}>Keep it open</Link>
          <Button type="submit" loading={busy}>
            Suspend {name}
          </Button>
        </div>
      </Form>
    </DeskFrame>
  );
}
