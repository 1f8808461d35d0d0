import { type LoaderFunctionArgs, useLoaderData } from 'react-router';
import { DeskFrame } from '../components/desk-frame.tsx';
import { FactGrid } from '../components/fact-grid.tsx';
import { StatusBadge } from '../components/status-badge.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import { pageOf } from '../request/page-of.ts';
import { orProblem } from '../request/problem.ts';
import { deskPageTitle } from '../words/desk-tabs.ts';
import { HEALTH_WORDING, STATUS_WORDING } from '../words/statuses.ts';
import './overview.css';

export const meta = () => [{ title: deskPageTitle('Overview') }];

export async function loader({ context }: LoaderFunctionArgs) {
  const page = pageOf(context);
  return orProblem(page, page.services.desk.overview());
}

export default function Overview() {
  const { stores, queue, workers } = useLoaderData<typeof loader>();
  const statuses = Object.keys(STATUS_WORDING) as (keyof typeof STATUS_WORDING)[];
  return (
    <DeskFrame tab="overview" title="Overview">
      <div className="desk-overview">
        <section className="card" aria-labelledby="desk-stores">
          <h2 id="desk-stores">Stores</h2>
          <FactGrid
            facts={statuses
              .filter((status) => stores[status] > 0 || status === 'active')
              .map((status) => ({
                key: status,
                label: <StatusBadge wording={STATUS_WORDING[status]} />,
                value: stores[status],
              }))}
          />
        </section>
        <section className="card" aria-labelledby="desk-queue">
          <h2 id="desk-queue">Queue</h2>
          <FactGrid
            facts={[
              { key: 'waiting', label: 'Waiting', value: queue.waiting },
              { key: 'active', label: 'Under way', value: queue.active },
              { key: 'failed', label: 'Failed', value: queue.failed },
              {
                key: 'oldest',
                label: 'Oldest waiting',
                value: queue.oldestWaitingAt === null ? 'none' : <TimeAgo at={queue.oldestWaitingAt} />,
              },
            ]}
          />
        </section>
        <section className="card" aria-labelledby="desk-workers">
          <h2 id="desk-workers">Workers</h2>
          {workers.length === 0 && <p className="soft">No worker has registered. Nothing that waits will be done.</p>}
          <FactGrid
            facts={workers.map((worker) => ({
              key: worker.id,
              label: `${worker.hostname}, process ${worker.pid}`,
              value: (
                <>
                  <StatusBadge wording={worker.isSilent ? HEALTH_WORDING.down : HEALTH_WORDING.healthy} quiet={true} />{' '}
                  <span className="small soft">
                    seen <TimeAgo at={worker.heartbeatAt} />
                  </span>
                </>
              ),
            }))}
          />
        </section>
      </div>
    </DeskFrame>
  );
}
