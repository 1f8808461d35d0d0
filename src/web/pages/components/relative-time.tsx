import { useSyncExternalStore } from 'react';
import { useRouteLoaderData } from 'react-router';
import { exactTime, localTime } from '../words/durations.ts';

const neverChanges = () => () => undefined;

/**
 * A moment as so long ago or ahead, with the exact time beneath. The page is drawn with the words that are right by our
 * clock, so that nothing moves once scripts run; from then on the reader's clock counts, and the time beneath is that of
 * their place. `inWords` is given the milliseconds from now to the moment: less than 0 for what has been.
 */
export function RelativeTime({ at, inWords }: { readonly at: string; readonly inWords: (ms: number) => string }) {
  const isDrawnHere = useSyncExternalStore(
    neverChanges,
    () => true,
    () => false,
  );
  const root = useRouteLoaderData<{ readonly now: number } | undefined>('root');
  const now = isDrawnHere ? Date.now() : root?.now;
  return (
    <time dateTime={at} title={isDrawnHere ? localTime(at) : exactTime(at)}>
      {now === undefined ? exactTime(at) : inWords(Date.parse(at) - now)}
    </time>
  );
}
