import type { ReactNode } from 'react';
import { ACCOUNT_TABS, type AccountTab } from '../words/account-tabs.ts';
import { Tabs } from './tabs.tsx';
import './account-page.css';

/** What every page about the account has around it. */
export function AccountPage(props: {
  /** The address of the open one. */ readonly tab: AccountTab;
  readonly children: ReactNode;
}) {
  return (
    <section>
      <div className="heading">
        <h1>Your account</h1>
      </div>
      <Tabs label="Your account" tabs={ACCOUNT_TABS} here={props.tab} />
      <div className="account-parts">{props.children}</div>
    </section>
  );
}
