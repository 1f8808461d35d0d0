import { useSyncExternalStore } from 'react';
import { useRouteLoaderData } from 'react-router';
import { agoInWords, exactTime, localTime } from '../words/durations.ts';

const neverChanges = () => () => undefined;

/**
 * `3 minutes ago`, with the exact time beneath. The page is drawn with the words that are right by our clock, so that
 * nothing moves once scripts run; from then on the reader's clock counts, and the time beneath is that of their place.
 */
export function TimeAgo({ at }: { readonly at: string }) {
  const isDrawnHere = useSyncExternalStore(
    neverChanges,
    () => true,
    () => false,
  );
  const root = useRouteLoaderData<{ readonly now: number } | undefined>('root');
  const now = isDrawnHere ? Date.now() : root?.now;
  return (
    <time dateTime={at} title={isDrawnHere ? localTime(at) : exactTime(at)}>
      {now === undefined ? exactTime(at) : agoInWords(now - Date.parse(at))}
    </time>
  );
}
