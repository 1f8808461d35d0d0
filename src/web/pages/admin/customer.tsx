import { Button } from '@mantine/core';
import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router';
import { DeskCard } from '../components/desk-card.tsx';
import { DeskFrame } from '../components/desk-frame.tsx';
import { StoreTable } from '../components/desk-tables.tsx';
import { FactGrid } from '../components/fact-grid.tsx';
import { Notice } from '../components/notice.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import { pageOf } from '../request/page-of.ts';
import { orProblem } from '../request/problem.ts';
import { deskPageTitle } from '../words/desk-tabs.ts';
import { nameInWords } from '../words/runs.ts';

export const meta = ({ loaderData }: { readonly loaderData?: { readonly customer: { readonly email: string } } }) => [
  { title: deskPageTitle(loaderData?.customer.email ?? 'Customer') },
];

export async function loader({ params, context }: LoaderFunctionArgs) {
  const page = pageOf(context);
  return orProblem(page, page.services.desk.customer(params['customerId'] ?? ''));
}

export default function Customer() {
  const { customer, stores } = useLoaderData<typeof loader>();
  return (
    <DeskFrame tab="customers" title={customer.email}>
      {customer.lockedAt !== null && (
        <Notice icon="alert" tone="bad">
          Nobody can sign in to this account since <TimeAgo at={customer.lockedAt} />: {customer.lockReason}
        </Notice>
      )}
      <div className="desk-actions">
        {customer.role === 'customer' && (
          <Button component={Link} to={`/admin/customers/${customer.id}/act-as`} variant="default">
            Act as this customer
          </Button>
        )}
        <Button component={Link} to={`/admin/customers/${customer.id}/lock`} variant="default">
          {customer.lockedAt === null ? 'Lock this account' : 'Unlock this account'}
        </Button>
      </div>
      <div className="desk-grid">
        <DeskCard id="account" title="Account">
          <FactGrid
            facts={[
              { key: 'id', label: 'Id', value: <code>{customer.id}</code> },
              { key: 'role', label: 'Role', value: nameInWords(customer.role) },
              { key: 'address', label: 'Address', value: customer.isVerified ? 'Confirmed' : 'Not confirmed yet' },
              { key: 'factor', label: 'Second factor', value: customer.hasSecondFactor ? 'Set up' : 'None' },
              { key: 'joined', label: 'Joined', value: <TimeAgo at={customer.createdAt} /> },
              {
                key: 'seen',
                label: 'Last seen',
                value: customer.seenAt === null ? 'not signed in' : <TimeAgo at={customer.seenAt} />,
              },
              { key: 'stores', label: 'Stores', value: customer.stores },
            ]}
          />
        </DeskCard>
      </div>
      <h2 className="desk-subtitle">Stores</h2>
      {stores.length === 0 ? <p className="soft">No store at the moment.</p> : <StoreTable rows={stores} />}
    </DeskFrame>
  );
}
