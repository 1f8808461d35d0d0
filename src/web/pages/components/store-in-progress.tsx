import { Link } from 'react-router';
import type { StoreStatus } from '../../../domain/store.ts';
import type { StoreDetails } from '../../services.ts';
import { platformTitle } from '../words/platforms.ts';
import { progressSentence, remainingInWords, stepsDone } from '../words/progress.ts';
import { STATUS_WORDING } from '../words/statuses.ts';
import { cancelUrl } from '../words/store-tabs.ts';
import { FailureCard } from './failure-card.tsx';
import { Icon } from './icon.tsx';
import { Notice } from './notice.tsx';
import { StatusBadge } from './status-badge.tsx';
import { StepList } from './step-list.tsx';
import { useClock } from './use-clock.ts';
import { useProgress } from './use-progress.ts';
import './store-in-progress.css';

/** Without scripts the page loads itself anew. */
const REFRESH_SECONDS = 5;

/** What the first step that is not done looks like. */
const NEXT_MARK: Partial<Record<StoreStatus, string>> = { provisioning: 'running', failed: 'failed' };

interface InProgress {
  readonly details: StoreDetails;
  readonly email: string;
  readonly at: number;
  readonly isCurrent: boolean;
}

/** A store in the making, step by step, until it is open or has failed. */
export function StoreInProgress({ details, email, at, isCurrent }: InProgress) {
  const { store, failure } = details;
  const isMoving = store.status !== 'failed';
  const line = useProgress(store.id, details.lastEventId, { isFinished: !isMoving, isCurrent });
  const sinceMs = useClock(at, isMoving && isCurrent);
  const remainingMs = details.remainingMs === null ? null : Math.max(0, details.remainingMs - sinceMs);
  return (
    <>
      {isMoving && (
        <noscript>
          <meta httpEquiv="refresh" content={String(REFRESH_SECONDS)} />
        </noscript>
      )}
      <div className="progress-head">
        <StatusBadge wording={STATUS_WORDING[store.status]} />
        <h1>{headline(details)}</h1>
        <p className="soft">
          {platformTitle(store.platform)} at <strong className="progress-host">{new URL(store.url).host}</strong>
        </p>
      </div>
      <div role="status">{isMoving && (line === 'down' || !isCurrent) && <Reconnecting />}</div>
      {failure !== null && store.status === 'failed' && <FailureCard storeId={store.id} failure={failure} />}
      <div className="progress">
        <section className="card" aria-labelledby="steps-title">
          <h2 id="steps-title" className="unseen">
            Steps
          </h2>
          {store.run !== null && (
            <StepList run={store.run} logs={details.logs} usualMs={details.usualMs} sinceMs={sinceMs} />
          )}
        </section>
        <aside className="card progress-side" aria-label="How far it is">
          {store.run !== null && (
            <Tally done={stepsDone(store.run)} total={store.run.steps.length} next={NEXT_MARK[store.status]} />
          )}
          <p className="progress-sentence" role="status" aria-live="polite">
            {progressSentence(details)}
          </p>
          {isMoving && store.status === 'provisioning' && (
            <p className="soft progress-remaining">{remainingInWords(remainingMs)}</p>
          )}
          {isMoving && (
            <p className="progress-mail small soft">
              <Icon name="mail" />
              <span>You can close this page. We write to {email} when your store is ready.</span>
            </p>
          )}
          <p className="small progress-cancel">
            <Link to={cancelUrl(store.id)}>Cancel this store</Link>
          </p>
        </aside>
      </div>
    </>
  );
}

function Reconnecting() {
  return (
    <Notice icon="lineDown" tone="waiting">
      <p>
        <strong>Reconnecting.</strong> The line dropped; your store is being made all the same.
      </p>
    </Notice>
  );
}

function headline({ store }: StoreDetails): string {
  if (store.status === 'failed') return `${store.name} is not finished yet`;
  return store.status === 'pending' ? `${store.name} is about to begin` : `Making ${store.name}`;
}

/** As many marks as there are steps; a step counts when it is done, however long it takes. */
function Tally(props: { readonly done: number; readonly total: number; readonly next: string | undefined }) {
  const { done, total, next = 'waiting' } = props;
  return (
    <div>
      <p className="tally-words">
        <strong>{done}</strong> of {total} steps done
      </p>
      <div className="tally" aria-hidden="true">
        {Array.from({ length: total }, (_, at) => (
          <span key={at} data-state={at < done ? 'done' : at === done ? next : 'waiting'} />
        ))}
      </div>
    </div>
  );
}
