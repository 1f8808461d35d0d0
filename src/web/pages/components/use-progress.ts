import { useEffect, useRef, useState } from 'react';
import { useRevalidator } from 'react-router';
import { SECOND } from '../../../lib/time.ts';

/** Between two looks while nothing can be heard. */
const LOOK_EVERY_MS = 5 * SECOND;
/** The server says something every 15 s: a line that is silent for longer than two of its beats is down, whatever the browser believes. */
const SILENT_AFTER_MS = 35 * SECOND;

export type Line = 'connecting' | 'live' | 'down';

/**
 * Listens to a store's story and loads the page's data anew with each event. The browser connects again by itself and
 * names the last event it heard. While the line is down, or what an event told of could not be loaded, the page is asked
 * every few seconds instead.
 */
export function useProgress(
  storeId: string,
  afterId: number,
  { isFinished, isCurrent }: { readonly isFinished: boolean; readonly isCurrent: boolean },
): Line {
  const [line, setLine] = useState<Line>('connecting');
  const { revalidate } = useRevalidator();
  // The stream begins behind what the page was first rendered with; later events move the browser's own mark.
  const firstId = useRef(afterId);
  const isUpToDate = useRef(isCurrent);
  useEffect(() => {
    isUpToDate.current = isCurrent;
  }, [isCurrent]);
  useEffect(() => {
    if (isFinished) return;
    let heardAt = performance.now();
    let source = listen();
    const timer = setInterval(() => {
      const isSilent = performance.now() - heardAt > SILENT_AFTER_MS;
      if (source.readyState === EventSource.OPEN && !isSilent && isUpToDate.current) return;
      void revalidate();
      // A refusal ends the browser's own attempts.
      if (source.readyState === EventSource.CLOSED || isSilent) dialAgain();
    }, LOOK_EVERY_MS);
    const drop = () => setLine('down');
    window.addEventListener('offline', drop);
    window.addEventListener('online', dialAgain);
    return () => {
      clearInterval(timer);
      window.removeEventListener('offline', drop);
      window.removeEventListener('online', dialAgain);
      source.close();
    };

    function dialAgain(): void {
      source.close();
      setLine('down');
      source = listen();
    }

    function listen(): EventSource {
      const fresh = new EventSource(`/api/stores/${storeId}/events?after=${firstId.current}`);
      const hear = () => (heardAt = performance.now());
      hear();
      fresh.addEventListener('beat', hear);
      fresh.addEventListener('open', () => {
        hear();
        setLine('live');
        void revalidate();
      });
      fresh.addEventListener('message', ({ lastEventId }) => {
        hear();
        firstId.current = Number(lastEventId) || firstId.current;
        void revalidate();
      });
      fresh.addEventListener('end', () => {
        // Nothing more will come: without this the browser would dial again and again.
        fresh.close();
        void revalidate();
      });
      fresh.addEventListener('error', () => {
        setLine('down');
        void revalidate();
      });
      return fresh;
    }
  }, [storeId, isFinished, revalidate]);
  return line;
}
