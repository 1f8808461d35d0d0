import { Button } from '@mantine/core';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { StoreLogPage } from '../../../domain/log-lines.ts';
import type { LogWish } from '../../services/logs.ts';
import { newLinesInWords } from '../words/logs.ts';
import { Icon } from './icon.tsx';
import { LogLine } from './log-line.tsx';
import { useLogKeys } from './use-log-keys.ts';
import { useLogLines } from './use-log-lines.ts';
import './log-viewer.css';

/** So near to the end counts as at the end. */
const NEAR_PX = 24;

/** The lines that were asked for; with scripts also those that come, for as long as the reader is at the end of them. */
export function LogViewer(props: {
  readonly storeId: string;
  readonly page: StoreLogPage;
  readonly wish: LogWish;
  /** What the page's address asks for. */
  readonly query: string;
}) {
  const { storeId, page, wish, query } = props;
  const isOfThePast = wish.until !== undefined;
  const [isPaused, setIsPaused] = useState(false);
  const [isAtEnd, setIsAtEnd] = useState(true);
  const [isWrapped, setIsWrapped] = useState(true);
  const [zone, setZone] = useState<'utc' | 'local'>('utc');
  const api = `/api/stores/${storeId}/logs`;
  const { shown, heldCount, isLive, release } = useLogLines(page, {
    url: `${api}/events?${query}`,
    isFollowing: !isOfThePast,
    isHeld: isPaused || !isAtEnd,
  });
  const box = useRef<HTMLDivElement>(null);
  const toEnd = useCallback(() => box.current?.scrollTo({ top: box.current.scrollHeight }), []);
  const goOn = useCallback(() => {
    setIsPaused(false);
    setIsAtEnd(true);
    release();
    // Once more when the lines that were held are there.
    requestAnimationFrame(toEnd);
  }, [release, toEnd]);
  const pauseOrGoOn = useCallback(() => (isPaused ? goOn() : setIsPaused(true)), [isPaused, goOn]);
  useLogKeys({ onPause: pauseOrGoOn, onEnd: goOn });
  useLayoutEffectInBrowser(() => {
    if (shown.length > 0 && isAtEnd && !isPaused) toEnd();
  }, [shown, isAtEnd, isPaused, toEnd]);
  const onScroll = () => {
    const at = box.current;
    if (at === null) return;
    const isNear = at.scrollHeight - at.scrollTop - at.clientHeight < NEAR_PX;
    setIsAtEnd(isNear);
    if (isNear && !isPaused) release();
  };
  return (
    <div className="log-viewer">
      <div className="row log-bar">
        {!isOfThePast && (
          <Button
            variant="default"
            size="xs"
            className="needs-script"
            aria-pressed={isPaused}
            onClick={pauseOrGoOn}
            leftSection={<Icon name={isPaused ? 'arrow' : 'paused'} />}
          >
            {isPaused ? 'Go on' : 'Pause'}
          </Button>
        )}
        <Button
          variant="default"
          size="xs"
          className="needs-script"
          aria-pressed={isWrapped}
          onClick={() => setIsWrapped(!isWrapped)}
        >
          Wrap lines
        </Button>
        <Button
          variant="default"
          size="xs"
          className="needs-script"
          aria-pressed={zone === 'local'}
          onClick={() => setZone(zone === 'utc' ? 'local' : 'utc')}
        >
          My time
        </Button>
        <a className="small" href={`${api}/file?${query}`} download>
          Download
        </a>
        <span className="small soft log-state">
          {isOfThePast ? (
            'Up to the line of the link.'
          ) : isLive ? (
            'Live'
          ) : (
            <span className="needs-script">Not live</span>
          )}
          {page.leftOut > 0 && ` · ${page.leftOut} older lines left out`}
        </span>
      </div>
      {/* New lines are not read aloud as they come: who listens asks for them, and hears how many there are. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <div
        ref={box}
        className="log-box"
        role="log"
        aria-live="off"
        aria-label="Lines"
        tabIndex={0}
        data-wrapped={isWrapped}
        onScroll={onScroll}
      >
        {shown.length === 0 ? (
          <p className="soft log-empty">{emptyWords(wish)}</p>
        ) : (
          <ol>
            {shown.map((line) => (
              <LogLine key={line.number} line={line} zone={zone} search={wish.search} link={linkTo(storeId, line)} />
            ))}
          </ol>
        )}
      </div>
      <p role="status" className="log-held">
        {heldCount > 0 && (
          <Button size="xs" onClick={goOn}>
            {newLinesInWords(heldCount)}
          </Button>
        )}
      </p>
      <p className="small soft needs-script">
        <kbd>/</kbd> search · <kbd>Space</kbd> pause · <kbd>G</kbd> to the end
      </p>
    </div>
  );
}

function emptyWords({ search, levels }: LogWish): string {
  return search === '' && levels.length === 0
    ? 'Nothing was written in this time. New lines appear here by themselves.'
    : 'No line is like that. Take away a filter, or look further back.';
}

/** With the host only once the browser is there: the server does not know by which name it was called. */
function linkTo(
  storeId: string,
  { source, at }: { readonly source: string; readonly at: string | null },
): string | null {
  if (at === null || typeof location === 'undefined') return null;
  const query = new URLSearchParams({ source, since: 'all', until: at });
  return `${location.origin}/stores/${storeId}/logs?${query}`;
}

/** On the server there is nothing to lay out, and React says so. */
const useLayoutEffectInBrowser = typeof document === 'undefined' ? useEffect : useLayoutEffect;
