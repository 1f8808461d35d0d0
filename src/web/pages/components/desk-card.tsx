import type { ReactNode } from 'react';

/** A card of the desk with its heading. */
export function DeskCard(props: { readonly id: string; readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="card desk-card" aria-labelledby={`${props.id}-title`}>
      <h2 id={`${props.id}-title`}>{props.title}</h2>
      {props.children}
    </section>
  );
}
