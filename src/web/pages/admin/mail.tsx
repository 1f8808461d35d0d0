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
  useSearchParams,
} from 'react-router';
import { OUTBOX_STATUSES, type OutboxStatus } from '../../../domain/outbox.ts';
import type { MailView } from '../../services/mail.ts';
import { type DataColumn, DataTable } from '../components/data-table.tsx';
import { DeskFrame } from '../components/desk-frame.tsx';
import { ErrorSummary } from '../components/error-summary.tsx';
import { fieldProps } from '../components/field.ts';
import { ListFilter } from '../components/list-filter.tsx';
import { NothingFound } from '../components/nothing-found.tsx';
import { StatusBadge } from '../components/status-badge.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import { customerOf } from '../request/customer-of.ts';
import { flash } from '../request/flash.ts';
import { formOf, refuse, textOf } from '../request/form.ts';
import { listWishOf } from '../request/list-wish.ts';
import { orProblem, problemOf } from '../request/problem.ts';
import { deskPageTitle } from '../words/desk-tabs.ts';
import { MAIL_WORDING } from '../words/mails.ts';
import { nameInWords } from '../words/runs.ts';

const MAILS_SHOWN = 50;

export const meta = () => [{ title: deskPageTitle('Mail') }];

export async function loader({ url, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  const { status, kind, q, store, before } = listWishOf(url);
  const filter = {
    status: OUTBOX_STATUSES.find((known): known is OutboxStatus => known === status),
    kind: kind?.trim() || undefined,
    recipient: q?.trim().toLowerCase() || undefined,
    storeId: store?.trim() || undefined,
  };
  const wish = { ...filter, before: before || undefined, limit: MAILS_SHOWN };
  const found = await orProblem(page, page.services.mail.list(wish));
  return { ...found, own: page.session.email };
}

/** A test mail is queued as every mail is, so its line below tells what became of it. */
export async function action({ request, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  const email = textOf(await formOf(request), 'email');
  try {
    await page.services.mail.sendTest(email, page.origin);
    const headers = flash(page, 'The test mail leaves within seconds; its line below tells what became of it.');
    return redirect('/admin/mail', { status: 303, headers });
  } catch (thrown) {
    return refuse(problemOf(thrown, page), { values: { email }, fieldNames: { email: 'email' } });
  }
}

const COLUMNS: readonly DataColumn<MailView>[] = [
  { title: 'Mail', cell: ({ id, kind }) => <Link to={`/admin/mail/${id}`}>{nameInWords(kind)}</Link> },
  { title: 'To', cell: ({ recipient }) => recipient ?? 'whom the shop names' },
  { title: 'State', cell: ({ status }) => <StatusBadge wording={MAIL_WORDING[status]} /> },
  {
    title: 'What happened',
    cell: ({ error, storeId }) => (
      <>
        {error === null ? '–' : <span className="desk-message small soft">{error.message}</span>}
        {storeId !== null && (
          <Link to={`/admin/stores/${storeId}`} className="small">
            Store
          </Link>
        )}
      </>
    ),
  },
  { title: 'Attempts', isNumber: true, cell: ({ attempts }) => attempts },
  { title: 'Written', cell: ({ createdAt }) => <TimeAgo at={createdAt} /> },
];

export default function Mail() {
  const { items, before, own } = useLoaderData<typeof loader>();
  const [params] = useSearchParams();
  const older = new URLSearchParams(params);
  older.set('before', String(before));
  return (
    <DeskFrame tab="mail" title="Mail" about="What waits to be sent, went, or was given up.">
      <ListFilter
        search={{ label: 'To', placeholder: 'The whole address' }}
        choices={[
          {
            name: 'status',
            label: 'State',
            options: OUTBOX_STATUSES.map((status) => ({ value: status, label: MAIL_WORDING[status].word })),
          },
        ]}
        texts={[
          { name: 'kind', label: 'Kind', placeholder: 'welcome, ready, failed' },
          { name: 'store', label: 'Store', placeholder: 'Its whole id' },
        ]}
        found={items.length === 0 ? '' : 'Newest first.'}
      />
      {items.length === 0 ? (
        <NothingFound yet="No mail has been written yet." />
      ) : (
        <DataTable caption="Mails" columns={COLUMNS} rows={items} keyOf={({ id }) => id} />
      )}
      {before !== null && (
        <p className="ledger-older">
          <Link to={`?${older}`}>Older mails</Link>
        </p>
      )}
      <TestMail own={own} />
    </DeskFrame>
  );
}

function TestMail({ own }: { readonly own: string }) {
  const refusal = useActionData<typeof action>();
  const busy = useNavigation().state !== 'idle';
  return (
    <Form method="post" className="card stack desk-form" aria-label="Send a test mail">
      <ErrorSummary refusal={refusal} />
      <TextInput
        {...fieldProps('email', refusal)}
        label="Send a test mail to"
        description="It goes the way all mail of the platform goes."
        type="email"
        defaultValue={refusal?.values['email'] ?? own}
        autoComplete="off"
        required
      />
      <div>
        <Button type="submit" variant="default" loading={busy}>
          Send test
        </Button>
      </div>
    </Form>
  );
}
