import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import { SECOND } from '../../lib/time.ts';
import type { WebServices } from '../services.ts';
import type { RequestFacts } from './request-facts.ts';
import type { SessionWatch } from './session-watch.ts';

/** Shorter than any proxy's patience, and than the page's own; being looked at so often counts as being here. */
const HEARTBEAT_EVERY_MS = 15 * SECOND;
/** How long a browser waits before it dials again after the line dropped. */
const DIAL_AGAIN_MS = SECOND;

/** One event, with the id that resumes behind it. */
export interface StreamedEvent {
  readonly id: string;
  readonly data: unknown;
}

/**
 * Server-sent events, each with the id that resumes behind it: `follow` gets that of the last one the browser has seen
 * (`Last-Event-ID`, or `after` for the first connection). A `beat` says that the line still stands. The last one is
 * called `end`: nothing more will come, do not dial again; a stream whose session has ended stops without one. `onEnd` is called once it is over, however it ends.
 */
export function streamEvents(
  context: Context<RequestFacts>,
  deps: { readonly services: WebServices; readonly sessions: SessionWatch; readonly stopping: AbortSignal },
  follow: (after: string | undefined, signal: AbortSignal) => AsyncIterable<StreamedEvent>,
  onEnd: () => void,
): Response {
  const after = context.req.header('last-event-id') ?? context.req.query('after');
  const token = context.get('token') ?? '';
  context.header('X-Accel-Buffering', 'no');
  context.header('Cache-Control', 'no-store');
  return streamSSE(context, async (stream) => {
    const ended = new AbortController();
    const signal = AbortSignal.any([ended.signal, deps.stopping]);
    stream.onAbort(() => ended.abort());
    const stopWatching = deps.sessions.watch(token, () => ended.abort());
    const heartbeat = setInterval(() => {
      void stream.writeSSE({ event: 'beat', data: '{}' });
      void deps.services.accounts.findSession(token).then(
        (session) => session === undefined && ended.abort(),
        // A database that is away for a moment has ended nobody's session.
        () => undefined,
      );
    }, HEARTBEAT_EVERY_MS);
    try {
      await stream.write(`retry: ${DIAL_AGAIN_MS}\n\n`);
      for await (const { id, data } of follow(after, signal)) {
        await stream.writeSSE({ id, data: JSON.stringify(data) });
      }
      if (!signal.aborted) await stream.writeSSE({ event: 'end', data: '{}' });
    } finally {
      clearInterval(heartbeat);
      stopWatching();
      onEnd();
    }
  });
}
