import { useLocation } from 'react-router';
import { Notice } from './notice.tsx';
import './verify-banner.css';

/** Until the address is confirmed: on every page, with the way to another link. */
export function VerifyBanner({ email }: { readonly email: string }) {
  const { pathname } = useLocation();
  if (pathname === '/verify-email') return null;
  return (
    <div className="verify-banner">
      <Notice icon="mail" tone="waiting">
        <form method="post" action="/account/verification">
          <p>
            Please confirm <strong>{email}</strong>: follow the link that we have mailed there.
          </p>
          <input type="hidden" name="from" value={pathname} />
          <button type="submit" className="text-button">
            Send it again
          </button>
        </form>
      </Notice>
    </div>
  );
}
