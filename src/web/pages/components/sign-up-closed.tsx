import { Link } from 'react-router';
import { Notice } from './notice.tsx';

/** Said before anybody has typed a word. */
export function SignUpClosed({ sentence, isCustomer }: { readonly sentence: string; readonly isCustomer: boolean }) {
  return (
    <section className="narrow stack">
      <h1>Not taking new stores right now</h1>
      <Notice icon="clock" tone="waiting">
        <p>{sentence}</p>
      </Notice>
      <p className="soft">
        Stores that are here already are not touched by this:{' '}
        {isCustomer ? <Link to="/dashboard?all">see yours</Link> : <Link to="/login">log in</Link>}.
      </p>
    </section>
  );
}
