import type { ReactNode } from 'react';
import './danger-row.css';

/** One act of consequence: its name, what happens then, and the button, whose words are the act's own. */
export function DangerRow(props: { readonly title: string; readonly more: string; readonly children: ReactNode }) {
  return (
    <div className="danger-row">
      <div>
        <h3>{props.title}</h3>
        <p className="soft small">{props.more}</p>
      </div>
      {props.children}
    </div>
  );
}
