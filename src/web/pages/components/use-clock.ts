import { useEffect, useState } from 'react';
import { SECOND } from '../../../lib/time.ts';

/** Milliseconds since `at` (this data's birth), counted in the browser; 0 on the server and while nothing runs. */
export function useClock(at: number, runs: boolean): number {
  const [ms, setMs] = useState(0);
  useEffect(() => {
    // The server's clock may be wrong by minutes against ours: only the time since the data came counts.
    const cameAt = performance.now();
    setMs(0);
    if (!runs) return;
    const timer = setInterval(() => setMs(performance.now() - cameAt), SECOND);
    return () => clearInterval(timer);
  }, [at, runs]);
  return ms;
}
