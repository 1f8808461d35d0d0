import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router';
import { DeskActions } from '../components/desk-actions.tsx';
import { DeskCard } from '../components/desk-card.tsx';
import { DeskFrame } from '../components/desk-frame.tsx';
import { FactGrid } from '../components/fact-grid.tsx';
import { OperatorError } from '../components/operator-error.tsx';
import { RunJournal } from '../components/run-journal.tsx';
import { StatusBadge } from '../components/status-badge.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import { pageOf } from '../request/page-of.ts';
import { orProblem } from '../request/problem.ts';
import { deskPageTitle } from '../words/desk-tabs.ts';
import { nameInWords, RUN_WORDING } from '../words/runs.ts';

export const meta = ({ loaderData }: { readonly loaderData?: { readonly run: { readonly storeName: string } } }) => [
  { title: deskPageTitle(loaderData === undefined ? 'Run' : `Run over ${loaderData.run.storeName}`) },
];

export async function loader({ params, context }: LoaderFunctionArgs) {
  const page = pageOf(context);
  return orProblem(page, page.services.desk.run(params['runId'] ?? ''));
}

export default function Run() {
  const { run, error, steps, events, isLatest, acts } = useLoaderData<typeof loader>();
  return (
    <DeskFrame tab="runs" title={`${nameInWords(run.kind)} of ${run.storeName}`}>
      <div className="row desk-state">
        <StatusBadge wording={RUN_WORDING[run.status]} />
        <Link to={`/admin/stores/${run.storeId}`}>{run.storeName}</Link>
      </div>
      <OperatorError error={error} />
      {isLatest ? (
        <DeskActions storeId={run.storeId} acts={acts} />
      ) : (
        <p className="soft">A newer run has been over this store since; this one can only be read.</p>
      )}
      <div className="desk-grid">
        <DeskCard id="facts" title="Facts">
          <FactGrid
            facts={[
              { key: 'id', label: 'Id', value: <code>{run.id}</code> },
              { key: 'attempt', label: 'Attempt', value: run.attempt },
              { key: 'asked', label: 'Asked for', value: <TimeAgo at={run.createdAt} /> },
              ...(run.startedAt === null
                ? []
                : [{ key: 'begun', label: 'Begun', value: <TimeAgo at={run.startedAt} /> }]),
              ...(run.finishedAt === null
                ? []
                : [{ key: 'ended', label: 'Ended', value: <TimeAgo at={run.finishedAt} /> }]),
            ]}
          />
        </DeskCard>
        <DeskCard id="events" title="Events">
          {events.length === 0 ? (
            <p className="soft">Nothing has happened in it yet.</p>
          ) : (
            <ol className="desk-events small" role="list">
              {events.map(({ id, kind, step, at }) => (
                <li key={id}>
                  <time dateTime={at}>{at.slice(11, 23)}</time> {nameInWords(kind)}
                  {step !== null && <span className="soft"> · {nameInWords(step)}</span>}
                </li>
              ))}
            </ol>
          )}
        </DeskCard>
      </div>
      <h2 className="desk-subtitle">Journal</h2>
      <RunJournal steps={steps} />
    </DeskFrame>
  );
}
