import type { ReactNode } from 'react';
import { Tabs } from './tabs.tsx';
import './account-page.css';

/** Every tab of the account, in the order in which they are shown. */
const TABS = [
  { label: 'Profile', to: '/account' },
  { label: 'Security', to: '/account/security' },
  { label: 'Sessions', to: '/account/sessions' },
  { label: 'API tokens', to: '/account/tokens' },
  { label: 'Activity', to: '/account/activity' },
  { label: 'Webhooks', to: '/account/webhooks' },
  { label: 'Data', to: '/account/data' },
] as const;

type AccountTab = (typeof TABS)[number]['to'];

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
      <Tabs label="Your account" tabs={TABS} here={props.tab} />
      <div className="account-parts">{props.children}</div>
    </section>
  );
}
