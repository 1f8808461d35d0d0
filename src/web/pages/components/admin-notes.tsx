import { Notice } from './notice.tsx';

/** What its owner should know before the first sign-in to the administration; nothing where there is nothing to say. */
export function AdminNotes({ notes }: { readonly notes: readonly string[] }) {
  if (notes.length === 0) return null;
  return (
    <Notice icon="key" tone="waiting">
      <ul className="notice-points" role="list">
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </Notice>
  );
}
