import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import { isApiToken } from '../../domain/api-token.ts';
import { SECOND } from '../../lib/time.ts';
import type { WebServices } from '../services.ts';
import type { RequestFacts } from './request-facts.ts';
import { createSessionWatch } from './session-watch.ts';
import { createStreamLimits } from './stream-limits.ts';

/** Shorter than any proxy's patience, and than the page's own; being looked at so often counts as being here. */
const HEARTBEAT_EVERY_MS = 15 * SECOND;
/** How long a browser waits before it dials again after the line dropped. */
const DIAL_AGAIN_MS = SECOND;

/** One event, with the id that resumes behind it. */
interface StreamedEvent {
  readonly id: string;
  readonly data: unknown;
}

/** Whose stream it is. */
interface Listener {
  readonly customerId: string;
  /** The session's, or the token of a program. */
  readonly token: string;
}

export type EventStreams = ReturnType<typeof createEventStreams>;

/** Every stream of events of one process: how many there may be, and that each ends with its session or token. */
export function createEventStreams(deps: {
  readonly services: Pick<WebServices, 'accounts' | 'tokens'>;
  /** Aborts when the process is to end: open streams then end too. */
  readonly stopping: AbortSignal;
}) {
  const { accounts, tokens } = deps.services;
  const limits = createStreamLimits();
  const watch = createSessionWatch({
    async stillOpening(all) {
      const [programs, browsers] = [all.filter(isApiToken), all.filter((token) => !isApiToken(token))];
      const found = await Promise.all([tokens.stillOpening(programs), accounts.stillOpening(browsers)]);
      return new Set(found.flatMap((those) => [...those]));
    },
  });
  const isOpening = async (token: string): Promise<boolean> =>
    (await (isApiToken(token) ? tokens.find(token) : accounts.findSession(token))) !== undefined;

  return {
    /**
     * Server-sent events, each with the id that resumes behind it: `follow` gets that of the last one the browser has
     * seen (`Last-Event-ID`, or `after` for the first connection). A `beat` says that the line still stands. The last one
     * is called `end`: nothing more will come, do not dial again; a stream whose session has ended stops without one.
     * Throws `too_many_tries` for somebody with too many of them.
     */
    serve(
      context: Context<RequestFacts>,
      { customerId, token }: Listener,
      follow: (after: string | undefined, signal: AbortSignal) => AsyncIterable<StreamedEvent>,
    ): Response {
      // Hono answers HEAD by GET and drops the body: a stream that nobody reads would never end.
      if (context.req.method === 'HEAD') return context.body(null, 200, { 'Content-Type': 'text/event-stream' });
      const giveBack = limits.take(customerId);
      const after = context.req.header('last-event-id') ?? context.req.query('after');
      context.header('X-Accel-Buffering', 'no');
      const answer = streamSSE(context, async (stream) => {
        const ended = new AbortController();
        const signal = AbortSignal.any([ended.signal, deps.stopping]);
        stream.onAbort(() => ended.abort());
        const stopWatching = watch.watch(token, () => ended.abort());
        const heartbeat = setInterval(() => {
          void stream.writeSSE({ event: 'beat', data: '{}' });
          void isOpening(token).then(
            (isOpen) => isOpen || ended.abort(),
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
          giveBack();
        }
      });
      // Set by the helper, too, to something weaker.
      answer.headers.set('Cache-Control', 'no-store');
      return answer;
    },
  };
}
