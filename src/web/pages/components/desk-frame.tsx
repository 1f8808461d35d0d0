import type { ReactNode } from 'react';
import { DESK_TABS, type DeskTabName } from '../words/desk-tabs.ts';
import { Tabs } from './tabs.tsx';
import './desk-frame.css';

/** Around every page of the desk: its tabs, its name, what it shows. */
export function DeskFrame(props: {
  readonly tab: DeskTabName;
  readonly title: ReactNode;
  /** One sentence below it. */
  readonly about?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <>
      <Tabs label="Desk" tabs={Object.values(DESK_TABS)} here={DESK_TABS[props.tab].to} />
      <div className="heading desk-heading">
        <h1>{props.title}</h1>
        {props.about !== undefined && <p className="soft">{props.about}</p>}
      </div>
      {props.children}
    </>
  );
}
