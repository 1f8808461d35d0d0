import { useEffect } from 'react';

/** Fields in which every key is a letter. */
const TYPED_IN = 'input, textarea, select, [contenteditable="true"]';

/** Keys that work on every page: Ctrl or ⌘ and K, and `?` where nobody is typing. */
export function useShortcuts({ onFind, onHelp }: { readonly onFind: () => void; readonly onHelp: () => void }): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const isTyping = event.target instanceof Element && event.target.matches(TYPED_IN);
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        onFind();
      } else if (event.key === '?' && !isTyping && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        onHelp();
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });
}
