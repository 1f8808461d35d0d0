import { Link } from 'react-router';
import type { DeskCustomerView, DeskRunView, DeskStoreView } from '../../services/desk.ts';
import { elapsedInWords } from '../words/durations.ts';
import { planTitle } from '../words/plans.ts';
import { platformTitle } from '../words/platforms.ts';
import { nameInWords, RUN_WORDING } from '../words/runs.ts';
import { HEALTH_WORDING, STATUS_WORDING } from '../words/statuses.ts';
import { type DataColumn, DataTable } from './data-table.tsx';
import { StatusBadge } from './status-badge.tsx';
import { TimeAgo } from './time-ago.tsx';

interface Sorting {
  readonly sort?: string | undefined;
  readonly sortUrl?: (sort: string) => string;
}

const STORE_COLUMNS: readonly DataColumn<DeskStoreView>[] = [
  {
    title: 'Store',
    sorts: ['name', 'name-down'],
    cell: ({ id, name }) => <Link to={`/admin/stores/${id}`}>{name}</Link>,
  },
  {
    title: 'State',
    cell: ({ status, health }) => (
      <span className="desk-badges">
        <StatusBadge wording={STATUS_WORDING[status]} />
        {status === 'active' && health !== 'healthy' && <StatusBadge wording={HEALTH_WORDING[health]} quiet={true} />}
      </span>
    ),
  },
  { title: 'Owner', cell: ({ customerId, email }) => <Link to={`/admin/customers/${customerId}`}>{email}</Link> },
  { title: 'Platform', cell: ({ platform }) => platformTitle(platform) },
  { title: 'Plan', cell: ({ plan }) => planTitle({ name: plan }) },
  { title: 'Port', isNumber: true, cell: ({ port }) => port ?? '–' },
  { title: 'Made', sorts: ['newest', 'oldest'], cell: ({ createdAt }) => <TimeAgo at={createdAt} /> },
];

export function StoreTable({ rows, ...sorting }: { readonly rows: readonly DeskStoreView[] } & Sorting) {
  return <DataTable caption="Stores" columns={STORE_COLUMNS} rows={rows} keyOf={({ id }) => id} {...sorting} />;
}

const CUSTOMER_COLUMNS: readonly DataColumn<DeskCustomerView>[] = [
  {
    title: 'E-mail',
    sorts: ['email', 'email-down'],
    cell: ({ id, email }) => <Link to={`/admin/customers/${id}`}>{email}</Link>,
  },
  { title: 'Role', cell: ({ role, lockedAt }) => nameInWords(role) + (lockedAt === null ? '' : ', locked') },
  { title: 'Stores', isNumber: true, cell: ({ stores }) => stores },
  { title: 'Last seen', cell: ({ seenAt }) => (seenAt === null ? '–' : <TimeAgo at={seenAt} />) },
  { title: 'Joined', sorts: ['newest', 'oldest'], cell: ({ createdAt }) => <TimeAgo at={createdAt} /> },
];

export function CustomerTable({ rows, ...sorting }: { readonly rows: readonly DeskCustomerView[] } & Sorting) {
  return <DataTable caption="Customers" columns={CUSTOMER_COLUMNS} rows={rows} keyOf={({ id }) => id} {...sorting} />;
}

const RUN_COLUMNS: readonly DataColumn<DeskRunView>[] = [
  { title: 'Run', cell: ({ id, kind }) => <Link to={`/admin/runs/${id}`}>{nameInWords(kind)}</Link> },
  { title: 'Store', cell: ({ storeId, storeName }) => <Link to={`/admin/stores/${storeId}`}>{storeName}</Link> },
  { title: 'State', cell: ({ status }) => <StatusBadge wording={RUN_WORDING[status]} /> },
  {
    title: 'What happened',
    cell: ({ step, message }) => (
      <>
        {step === null ? (message === null ? '–' : '') : nameInWords(step)}
        {message !== null && <span className="desk-message small soft">{message}</span>}
      </>
    ),
  },
  { title: 'Attempt', isNumber: true, cell: ({ attempt }) => attempt },
  { title: 'Took', isNumber: true, cell: tookInWords },
  { title: 'Asked for', sorts: ['newest', 'oldest'], cell: ({ createdAt }) => <TimeAgo at={createdAt} /> },
];

export function RunTable({ rows, ...sorting }: { readonly rows: readonly DeskRunView[] } & Sorting) {
  return <DataTable caption="Runs" columns={RUN_COLUMNS} rows={rows} keyOf={({ id }) => id} {...sorting} />;
}

function tookInWords({ startedAt, finishedAt }: DeskRunView): string {
  return startedAt === null || finishedAt === null
    ? '–'
    : elapsedInWords(Date.parse(finishedAt) - Date.parse(startedAt));
}
