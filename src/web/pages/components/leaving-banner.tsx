import { exactTime } from '../words/durations.ts';
import { Notice } from './notice.tsx';
import './leaving-banner.css';

/** On every page of an account that is to go: when, and the way back while there is one. */
export function LeavingBanner({ deletionAt, isDue }: { readonly deletionAt: string; readonly isDue: boolean }) {
  if (isDue) {
    return (
      <div className="leaving-banner">
        <Notice icon="trash" tone="bad">
          <p>This account and its stores are being deleted. They cannot be kept any more.</p>
        </Notice>
      </div>
    );
  }
  return (
    <div className="leaving-banner">
      <Notice icon="trash" tone="bad">
        <form method="post" action="/account/keep">
          <p>
            This account and its stores will be deleted on <time dateTime={deletionAt}>{exactTime(deletionAt)}</time>.
          </p>
          <button type="submit" className="text-button">
            Keep my account
          </button>
        </form>
      </Notice>
    </div>
  );
}
