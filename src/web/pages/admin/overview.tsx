import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router';
import { SECOND } from '../../../lib/time.ts';
import type { DeskOverview } from '../../services/desk.ts';
import { CapacityBars } from '../components/capacity-bars.tsx';
import { DeskCard } from '../components/desk-card.tsx';
import { DeskFrame } from '../components/desk-frame.tsx';
import { RunTable } from '../components/desk-tables.tsx';
import { FactGrid } from '../components/fact-grid.tsx';
import { Icon } from '../components/icon.tsx';
import { Notice } from '../components/notice.tsx';
import { StatusBadge } from '../components/status-badge.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import { pageOf } from '../request/page-of.ts';
import { orProblem } from '../request/problem.ts';
import { deskPageTitle } from '../words/desk-tabs.ts';
import { countInWords, nameInWords } from '../words/runs.ts';
import { HEALTH_WORDING, STATUS_WORDING } from '../words/statuses.ts';

export const meta = () => [{ title: deskPageTitle('Overview') }];

export async function loader({ context }: LoaderFunctionArgs) {
  const page = pageOf(context);
  return orProblem(page, page.services.desk.overview());
}

/** Those that are written in a way of their own. */
const SERVICE_NAMES: Readonly<Record<string, string>> = { mysql: 'MySQL', web: 'Web pages', worker: 'Workers' };
const STATE_WORDING = { up: HEALTH_WORDING.healthy, degraded: HEALTH_WORDING.degraded, down: HEALTH_WORDING.down };

export default function Overview() {
  const overview = useLoaderData<typeof loader>();
  const { capacity, failures, machine } = overview;
  return (
    <DeskFrame tab="overview" title="Overview" about={aboutOf(overview)}>
      {machine?.isOld === true && (
        <Notice icon="alert" tone="bad">
          No worker has looked at this machine since <TimeAgo at={machine.at} />. What follows may no longer be so. Look
          at the worker: <code>shopctl logs worker</code>
        </Notice>
      )}
      <MissingChores missingChores={overview.missingChores} />
      <div className="desk-columns">
        <Stores stores={overview.stores} />
        <Queue queue={overview.queue} mail={overview.mail} webhooks={overview.webhooks} />
        <Workers workers={overview.workers} />
        <DeskCard id="capacity" title="Capacity">
          {capacity.length === 0 ? <p className="soft">Known as soon as a worker has looked.</p> : null}
          <CapacityBars capacity={capacity} />
        </DeskCard>
        <Services machine={machine} />
      </div>
      <h2 className="desk-subtitle">Last failures</h2>
      {failures.length === 0 ? (
        <p className="soft row">
          <Icon name="done" /> No run has failed.
        </p>
      ) : (
        <RunTable rows={failures} />
      )}
    </DeskFrame>
  );
}

function MissingChores({ missingChores }: Pick<DeskOverview, 'missingChores'>) {
  if (missingChores.length === 0) return null;
  return (
    <Notice icon="alert" tone="bad">
      Not seen:
      <ul>
        {missingChores.map(({ name, everyMs, expectedBy }) => (
          <li key={name}>
            <code>{name}</code>, every {everyMs / SECOND} s, was expected by <TimeAgo at={expectedBy} />
          </li>
        ))}
      </ul>
      Look at the worker: <code>shopctl logs worker</code>
    </Notice>
  );
}

function aboutOf({ customers, stores, machine }: DeskOverview): string {
  const all = Object.values(stores).reduce((sum, count) => sum + count, 0);
  const version = machine === null ? '' : ` · version ${machine.version}`;
  return `${countInWords(customers, 'account')} · ${countInWords(all, 'store')}${version}`;
}

function Stores({ stores }: Pick<DeskOverview, 'stores'>) {
  const statuses = Object.keys(STATUS_WORDING) as (keyof typeof STATUS_WORDING)[];
  return (
    <DeskCard id="stores" title="Stores">
      <FactGrid
        facts={statuses
          .filter((status) => stores[status] > 0 || status === 'active' || status === 'failed')
          .map((status) => ({
            key: status,
            label: <StatusBadge wording={STATUS_WORDING[status]} />,
            value: <Link to={`/admin/stores?status=${status}`}>{stores[status]}</Link>,
          }))}
      />
    </DeskCard>
  );
}

function Queue({ queue, mail, webhooks }: Pick<DeskOverview, 'queue' | 'mail' | 'webhooks'>) {
  const count = (status: string, value: number) => <Link to={`/admin/runs?status=${status}`}>{value}</Link>;
  return (
    <DeskCard id="queue" title="Queue">
      <FactGrid
        facts={[
          { key: 'waiting', label: 'Waiting', value: count('queued', queue.waiting) },
          { key: 'active', label: 'Under way', value: count('running', queue.active) },
          { key: 'failed', label: 'Failed', value: count('failed', queue.failed) },
          {
            key: 'oldest',
            label: 'Oldest due',
            value: queue.oldestWaitingAt === null ? 'nothing waits' : <TimeAgo at={queue.oldestWaitingAt} />,
          },
          {
            key: 'sweep',
            label: 'Last sweep',
            value: queue.sweptAt === null ? 'never' : <TimeAgo at={queue.sweptAt} />,
          },
          {
            key: 'mails',
            label: 'Mails waiting',
            value: (
              <>
                <Link to="/admin/mail?status=queued">{mail.waiting}</Link>
                {mail.oldestWaitingAt !== null && (
                  <span className="small soft">
                    {' '}
                    since <TimeAgo at={mail.oldestWaitingAt} />
                  </span>
                )}
              </>
            ),
          },
          {
            key: 'failed-mails',
            label: 'Mails given up',
            value: <Link to="/admin/mail?status=failed">{mail.failed}</Link>,
          },
          { key: 'webhooks', label: 'Webhook messages waiting', value: webhooks.waiting },
          { key: 'dead-webhooks', label: 'Webhook messages given up in 30 days', value: webhooks.dead },
        ]}
      />
    </DeskCard>
  );
}

function Workers({ workers }: Pick<DeskOverview, 'workers'>) {
  return (
    <DeskCard id="workers" title="Workers">
      {workers.length === 0 && <p className="soft">No worker has registered: nothing that waits is being done.</p>}
      <FactGrid
        facts={workers.map((worker) => ({
          key: worker.id,
          label: `${worker.hostname}, process ${worker.pid}`,
          value: (
            <span className="row">
              <StatusBadge wording={worker.isSilent ? HEALTH_WORDING.down : HEALTH_WORDING.healthy} quiet={true} />
              <span className="small soft">
                seen <TimeAgo at={worker.heartbeatAt} />
              </span>
            </span>
          ),
        }))}
      />
    </DeskCard>
  );
}

function Services({ machine }: Pick<DeskOverview, 'machine'>) {
  return (
    <DeskCard id="services" title="Services">
      {machine === null ? (
        <p className="soft">Known as soon as a worker has looked.</p>
      ) : (
        <>
          <FactGrid
            facts={Object.entries(machine.services).map(([name, { state, detail }]) => ({
              key: name,
              label: (
                <>
                  {SERVICE_NAMES[name] ?? nameInWords(name)} <span className="small">{detail}</span>
                </>
              ),
              value: <StatusBadge wording={STATE_WORDING[state]} quiet={true} />,
            }))}
          />
          <p className="small soft">
            Looked at <TimeAgo at={machine.at} />
          </p>
        </>
      )}
    </DeskCard>
  );
}
