import { Link } from 'react-router';
import type { ActivityPage } from '../../services/ledger.ts';
import { activitySentence } from '../words/activity.ts';
import { TimeAgo } from './time-ago.tsx';
import './activity-list.css';

/** What happened, newest first, a page at a time; each line with when, who and where from. */
export function ActivityList(props: {
  readonly activity: ActivityPage;
  /** The address of this list; the next page is the same with `before`. */
  readonly to: string;
  /** Is this a later page than the first? */
  readonly isOlder: boolean;
  readonly whenEmpty: string;
}) {
  const { activity, to, isOlder } = props;
  if (activity.lines.length === 0) {
    return <p className="soft">{isOlder ? 'There is nothing older.' : props.whenEmpty}</p>;
  }
  return (
    <>
      <ol className="activity" reversed>
        {activity.lines.map((line) => (
          <li key={line.id} data-result={line.result}>
            <span className="activity-what">{activitySentence(line)}</span>
            <span className="soft activity-facts">
              <TimeAgo at={line.at} />
              {line.address !== null && <span>from {line.address}</span>}
              {line.reference !== null && <code>{line.reference}</code>}
            </span>
          </li>
        ))}
      </ol>
      {(isOlder || activity.before !== null) && (
        <nav className="row" aria-label="Pages of this list">
          {isOlder && <Link to={to}>Newest</Link>}
          {activity.before !== null && <Link to={`${to}?before=${activity.before}`}>Older</Link>}
        </nav>
      )}
    </>
  );
}
