import type { ReactNode } from 'react';
import type { Tone } from '../words/statuses.ts';
import { Icon, type IconName } from './icon.tsx';
import './notice.css';

/** Something to know, set apart from the text around it. */
export function Notice(props: { readonly icon: IconName; readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <div className="notice" data-tone={props.tone}>
      <Icon name={props.icon} />
      <div>{props.children}</div>
    </div>
  );
}
