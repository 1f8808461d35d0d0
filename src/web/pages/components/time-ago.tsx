import { agoInWords } from '../words/durations.ts';
import { RelativeTime } from './relative-time.tsx';

/** `3 minutes ago`, with the exact time beneath. */
export function TimeAgo({ at }: { readonly at: string }) {
  return <RelativeTime at={at} inWords={(ms) => agoInWords(-ms)} />;
}
