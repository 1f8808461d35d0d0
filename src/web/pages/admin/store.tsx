import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router';
import type { MailTrafficView } from '../../services/settings.ts';
import { DeskActions } from '../components/desk-actions.tsx';
import { DeskCard } from '../components/desk-card.tsx';
import { DeskFrame } from '../components/desk-frame.tsx';
import { RunTable } from '../components/desk-tables.tsx';
import { FactGrid } from '../components/fact-grid.tsx';
import { OperatorError } from '../components/operator-error.tsx';
import { StatusBadge } from '../components/status-badge.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import { pageOf } from '../request/page-of.ts';
import { orProblem } from '../request/problem.ts';
import { deskPageTitle } from '../words/desk-tabs.ts';
import { planTitle } from '../words/plans.ts';
import { platformTitle } from '../words/platforms.ts';
import { HEALTH_WORDING, STATUS_WORDING } from '../words/statuses.ts';

export const meta = ({ loaderData }: { readonly loaderData?: { readonly store: { readonly name: string } } }) => [
  { title: deskPageTitle(loaderData?.store.name ?? 'Store') },
];

export async function loader({ params, context }: LoaderFunctionArgs) {
  const page = pageOf(context);
  return orProblem(page, page.services.desk.store(params['storeId'] ?? ''));
}

export default function Store() {
  const { store, email, uid, subnet, images, wishedDomain, mail, runs, acts } = useLoaderData<typeof loader>();
  const made = Object.entries({ ...store.versions, ...images });
  return (
    <DeskFrame tab="stores" title={store.name}>
      <div className="row desk-state">
        <StatusBadge wording={STATUS_WORDING[store.status]} />
        <StatusBadge wording={HEALTH_WORDING[store.health]} quiet={true} />
        <a href={store.url}>{new URL(store.url).host}</a>
      </div>
      {store.healthDetail !== undefined && <p className="soft">{store.healthDetail}</p>}
      <OperatorError error={store.error} />
      <DeskActions storeId={store.id} acts={acts} />
      <div className="desk-grid">
        <DeskCard id="facts" title="Facts">
          <FactGrid
            facts={[
              { key: 'id', label: 'Id', value: <code>{store.id}</code> },
              { key: 'owner', label: 'Owner', value: <Link to={`/admin/customers/${store.customerId}`}>{email}</Link> },
              { key: 'platform', label: 'Platform', value: platformTitle(store.platform) },
              { key: 'plan', label: 'Plan', value: planTitle({ name: store.plan }) },
              { key: 'made', label: 'Made', value: <TimeAgo at={store.createdAt} /> },
              { key: 'mail', label: 'Mail waiting', value: <MailWaiting storeId={store.id} mail={mail} /> },
              ...(wishedDomain === null ? [] : [{ key: 'wished', label: 'Wished domain', value: wishedDomain }]),
            ]}
          />
        </DeskCard>
        <DeskCard id="machine" title="On the machine">
          <FactGrid
            facts={[
              { key: 'port', label: 'Port', value: store.port },
              { key: 'subnet', label: 'Network', value: <code>{subnet}</code> },
              { key: 'uid', label: 'User id', value: uid },
            ]}
          />
          {made.length > 0 && (
            <details className="desk-details">
              <summary className="small">What it is made of</summary>
              <FactGrid
                facts={made.map(([name, value]) => ({ key: name, label: name, value: <code>{value}</code> }))}
              />
            </details>
          )}
        </DeskCard>
      </div>
      <h2 className="desk-subtitle">Runs</h2>
      {runs.length === 0 ? <p className="soft">No run over this store is kept.</p> : <RunTable rows={runs} />}
    </DeskFrame>
  );
}

function MailWaiting({ storeId, mail }: { readonly storeId: string; readonly mail: MailTrafficView }) {
  return (
    <>
      <Link to={`/admin/mail?store=${storeId}&status=queued`}>{mail.waiting}</Link>
      {mail.heldUntil !== null && (
        <span className="small soft">
          {' '}
          its {mail.perHour} of this hour are sent; the next leave <TimeAgo at={mail.heldUntil} />
        </span>
      )}
    </>
  );
}
