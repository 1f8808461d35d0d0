import { useCallback, useEffect, useRef, useState } from 'react';
import type { StoreLogLine, StoreLogPage } from '../../../domain/log-lines.ts';

/** A page that is left open holds no more lines than these: the newest. */
const KEPT = 2000;

/** A line, with a number of its own for as long as the page lives. */
export interface NumberedLine extends StoreLogLine {
  readonly number: number;
}

interface Lines {
  readonly shown: readonly NumberedLine[];
  /** Come in while the reader held the page; not shown yet. */
  readonly held: readonly NumberedLine[];
  /** How many came in meanwhile, also those that are dropped already. */
  readonly heldCount: number;
}

/**
 * The lines of a page, and with `isFollowing` those that come behind them. While `isHeld`, what comes in is kept back
 * and counted; `release` shows it.
 */
export function useLogLines(
  page: StoreLogPage,
  options: { readonly url: string; readonly isFollowing: boolean; readonly isHeld: boolean },
) {
  const next = useRef(page.lines.length);
  const places = useRef(page.places);
  const [isLive, setIsLive] = useState(false);
  const [lines, setLines] = useState<Lines>({
    shown: page.lines.map((line, number) => ({ ...line, number })),
    held: [],
    heldCount: 0,
  });
  const isHeld = useRef(options.isHeld);
  isHeld.current = options.isHeld;
  const release = useCallback(
    () => setLines(({ shown, held }) => ({ shown: [...shown, ...held].slice(-KEPT), held: [], heldCount: 0 })),
    [],
  );
  useEffect(() => {
    if (!options.isFollowing) return;
    const separator = options.url.includes('?') ? '&' : '?';
    const source = new EventSource(`${options.url}${separator}after=${places.current}`);
    source.addEventListener('open', () => setIsLive(true));
    source.addEventListener('error', () => setIsLive(false));
    source.addEventListener('end', () => {
      source.close();
      setIsLive(false);
    });
    source.addEventListener('message', ({ data, lastEventId }: MessageEvent<string>) => {
      places.current = lastEventId;
      const fresh = (JSON.parse(data) as StoreLogLine[]).map((line) => {
        next.current += 1;
        return { ...line, number: next.current };
      });
      setLines((before) =>
        isHeld.current
          ? {
              shown: before.shown,
              held: [...before.held, ...fresh].slice(-KEPT),
              heldCount: before.heldCount + fresh.length,
            }
          : { shown: [...before.shown, ...before.held, ...fresh].slice(-KEPT), held: [], heldCount: 0 },
      );
    });
    return () => {
      source.close();
      setIsLive(false);
    };
  }, [options.url, options.isFollowing]);
  return { ...lines, isLive, release };
}
