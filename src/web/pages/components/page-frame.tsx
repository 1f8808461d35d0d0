import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { Link, useLocation } from 'react-router';
import type { ThemeChoice } from '../../page-context.ts';
import { Logo } from './logo.tsx';
import { Palette } from './palette.tsx';
import { ThemeSwitch } from './theme-switch.tsx';
import './page-frame.css';

/** Header, main part and footer of every page. */
export function PageFrame(props: {
  readonly email: string | null;
  readonly isOperator: boolean;
  readonly theme: ThemeChoice;
  readonly children: ReactNode;
}) {
  const main = useFocusOnArrival();
  return (
    <div className="frame">
      <a className="frame-skip" href="#content">
        Skip to the content
      </a>
      <header className="frame-header">
        <Link to={props.email === null ? '/' : '/dashboard'} className="frame-brand">
          <Logo />
          <span>ShopHosting</span>
        </Link>
        <nav aria-label="Main" className="frame-nav">
          {props.email === null ? <ForGuests /> : <ForCustomers email={props.email} isOperator={props.isOperator} />}
        </nav>
      </header>
      <main id="content" ref={main} tabIndex={-1} className="frame-main">
        {props.children}
      </main>
      <footer className="frame-footer">
        <p className="small soft">Your shop, in containers of its own.</p>
        <ThemeSwitch theme={props.theme} />
      </footer>
    </div>
  );
}

function ForGuests() {
  return (
    <>
      <Link to="/login" className="frame-link">
        Log in
      </Link>
      <Button component={Link} to="/signup" size="sm" variant="default">
        Create your store
      </Button>
    </>
  );
}

function ForCustomers({ email, isOperator }: { readonly email: string; readonly isOperator: boolean }) {
  return (
    <>
      {isOperator && (
        <Link to="/admin" className="frame-link">
          Desk
        </Link>
      )}
      <Palette />
      <Link to="/dashboard?all" className="frame-link">
        Your stores
      </Link>
      <Link to="/account" className="frame-link">
        Account
      </Link>
      <form method="post" action="/logout">
        <button type="submit" className="frame-link" title={`Signed in as ${email}`}>
          Log out
        </button>
      </form>
    </>
  );
}

/** After a step from page to page the new page's heading has the focus, as after a fresh load the document has. */
function useFocusOnArrival() {
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    const heading = main.current?.querySelector('h1');
    heading?.setAttribute('tabindex', '-1');
    (heading ?? main.current)?.focus({ preventScroll: true });
  }, [pathname]);
  return main;
}
