import { useState } from 'react';
import { useLocation } from 'react-router';
import { Notice } from './notice.tsx';
import './flash.css';

/** What the page before has left to be said: here, once, and not on the pages after. */
export function Flash({ sentence }: { readonly sentence: string }) {
  const { pathname } = useLocation();
  const [shownAt] = useState(pathname);
  if (pathname !== shownAt) return null;
  return (
    <div className="flash" role="status">
      <Notice icon="done" tone="good">
        <p>{sentence}</p>
      </Notice>
    </div>
  );
}
