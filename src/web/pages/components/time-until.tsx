import { aheadInWords } from '../words/durations.ts';
import { RelativeTime } from './relative-time.tsx';

/** `in 5 minutes`, with the exact time beneath. */
export function TimeUntil({ at }: { readonly at: string }) {
  return <RelativeTime at={at} inWords={aheadInWords} />;
}
