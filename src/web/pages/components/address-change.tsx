import type { AddressChangeView } from '../../services/domains.ts';
import { STEP_WORDING } from '../words/statuses.ts';
import { Notice } from './notice.tsx';
import { Reference } from './reference.tsx';
import { StatusBadge } from './status-badge.tsx';
import './address-change.css';

/** A store on its way to another address, step by step; or why it is still where it was. */
export function AddressChange({ change, primary }: { readonly change: AddressChangeView; readonly primary: string }) {
  if (change.status === 'failed') {
    return (
      <Notice icon="alert" tone="bad">
        <p>
          Your store could not be moved to {change.to}, and is at {primary} as before: everything was put back. You can
          try again.
        </p>
        <Reference id={change.reference} />
      </Notice>
    );
  }
  return (
    <section className="card stack" aria-labelledby="moving-title">
      <h2 id="moving-title">Your store moves to {change.to}</h2>
      <p className="soft" role="status">
        Visitors see a friendly note for that moment. A copy of its database is kept until it answers at the new
        address.
      </p>
      <ol role="list" className="moving">
        {change.steps.map(({ name, title, status }) => (
          <li key={name}>
            <StatusBadge wording={STEP_WORDING[status]} />
            <span>{title}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
