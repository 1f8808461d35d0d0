import { useEffect } from 'react';
import { useRevalidator } from 'react-router';

/** Loads the page's data anew every so often while something is under way. Without scripts the page does it itself. */
export function useFreshLooks(isNeeded: boolean, everyMs: number): void {
  const { revalidate } = useRevalidator();
  useEffect(() => {
    if (!isNeeded) return;
    const timer = setInterval(() => void revalidate(), everyMs);
    return () => clearInterval(timer);
  }, [isNeeded, everyMs, revalidate]);
}
