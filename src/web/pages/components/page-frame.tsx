import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { Link, useLocation } from 'react-router';
import type { ThemeChoice } from '../../page-context.ts';
import { FrameFooter } from './frame-footer.tsx';
import { Icon } from './icon.tsx';
import { Logo } from './logo.tsx';
import { usePalette } from './use-palette.tsx';
import './page-frame.css';

/** The id of the ways of a customer. */
const MENU = 'main-menu';

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
        {props.email === null ? <ForGuests /> : <ForCustomers email={props.email} isOperator={props.isOperator} />}
      </header>
      <main id="content" ref={main} tabIndex={-1} className="frame-main">
        {props.children}
      </main>
      <FrameFooter theme={props.theme} />
    </div>
  );
}

function ForGuests() {
  return (
    <nav aria-label="Main" className="frame-nav">
      <Link to="/login" className="frame-link">
        Log in
      </Link>
      <Button component={Link} to="/signup" size="sm" variant="default">
        Create your store
      </Button>
    </nav>
  );
}

/** A row where there is room for it; on a phone a drawer, opened by the browser itself, so with or without scripts. */
function ForCustomers({ email, isOperator }: { readonly email: string; readonly isOperator: boolean }) {
  const { way, dialogs } = usePalette();
  const drawer = useDrawer();
  return (
    <>
      <button type="button" className="frame-link frame-menu-way" popoverTarget={MENU}>
        <Icon name="menu" /> Menu
      </button>
      <nav id={MENU} ref={drawer} aria-label="Main" className="frame-nav frame-menu" popover="auto">
        <button type="button" className="frame-link frame-menu-end" popoverTarget={MENU} popoverTargetAction="hide">
          <Icon name="failed" /> Close
        </button>
        {isOperator && (
          <Link to="/admin" className="frame-link">
            Desk
          </Link>
        )}
        {way}
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
      </nav>
      {dialogs}
    </>
  );
}

/** Whoever has gone somewhere by it wants to see that page. */
function useDrawer() {
  const { key } = useLocation();
  const drawer = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each step, also one to the page that is open, has a key of its own.
  useEffect(() => {
    // A browser that knows no popover shows a row instead (page-frame.css), and throws at the question.
    if (drawer.current?.popover !== undefined && drawer.current.matches(':popover-open')) drawer.current.hidePopover();
  }, [key]);
  return drawer;
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
