import { Link, type LoaderFunctionArgs, useLoaderData, useSearchParams } from 'react-router';
import { OUTBOX_STATUSES, type OutboxStatus } from '../../../domain/outbox.ts';
import type { MailView } from '../../services/mail.ts';
import { type DataColumn, DataTable } from '../components/data-table.tsx';
import { DeskFrame } from '../components/desk-frame.tsx';
import { ListFilter } from '../components/list-filter.tsx';
import { NothingFound } from '../components/nothing-found.tsx';
import { StatusBadge } from '../components/status-badge.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import { listWishOf } from '../request/list-wish.ts';
import { pageOf } from '../request/page-of.ts';
import { orProblem } from '../request/problem.ts';
import { deskPageTitle } from '../words/desk-tabs.ts';
import { MAIL_WORDING } from '../words/mails.ts';
import { nameInWords } from '../words/runs.ts';

const MAILS_SHOWN = 50;

export const meta = () => [{ title: deskPageTitle('Mail') }];

export async function loader({ url, context }: LoaderFunctionArgs) {
  const page = pageOf(context);
  const { status, kind, q, before } = listWishOf(url);
  const filter = {
    status: OUTBOX_STATUSES.find((known): known is OutboxStatus => known === status),
    kind: kind?.trim() || undefined,
    recipient: q?.trim().toLowerCase() || undefined,
  };
  return orProblem(page, page.services.mail.list({ ...filter, before: before || undefined, limit: MAILS_SHOWN }));
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
  const { items, before } = useLoaderData<typeof loader>();
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
        texts={[{ name: 'kind', label: 'Kind', placeholder: 'welcome, ready, failed' }]}
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
    </DeskFrame>
  );
}
