import { useEffect } from 'react';

/** The field that `/` goes to. */
export const LOG_SEARCH_ID = 'log-search';

/** `/` goes to the search, Space pauses, `G` goes to the end; not while somebody types or is on a button. */
export function useLogKeys({ onPause, onEnd }: { readonly onPause: () => void; readonly onEnd: () => void }): void {
  useEffect(() => {
    const acts: Readonly<Record<string, () => void>> = {
      '/': () => document.getElementById(LOG_SEARCH_ID)?.focus(),
      ' ': onPause,
      G: onEnd,
      g: onEnd,
    };
    const hear = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const isUsed = event.target instanceof Element && event.target.closest('input,select,textarea,button,a,summary');
      const act = acts[event.key];
      if (isUsed || act === undefined) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', hear);
    return () => document.removeEventListener('keydown', hear);
  }, [onPause, onEnd]);
}
