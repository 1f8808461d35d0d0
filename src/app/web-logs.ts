import { AppError } from '../domain/errors.ts';
import type { StoreLogPage } from '../domain/log-lines.ts';
import { pause } from '../lib/deadline.ts';
import { SECOND } from '../lib/time.ts';
import { followLogs } from '../stores/logs/follow-logs.ts';
import type { LogsService, LogWish } from '../web/services/logs.ts';
import type { WebServicesDeps } from './web-services.ts';

/** How often whoever follows is told what is new. */
const LOOK_EVERY_MS = 2 * SECOND;
/** What ends a follower's stream for good, without being anybody's mistake. */
const ENDINGS: readonly string[] = ['not_signed_in', 'not_found', 'too_many_tries', 'invalid_input'];

/** Logs for the web process, which may read none itself: a worker is asked each time. */
export function createLogs(deps: {
  readonly ask: (request: Readonly<Record<string, string>>) => Promise<unknown>;
  /** Whose session it is. Throws `not_signed_in`. */
  readonly customerOf: (token: string) => Promise<string>;
  readonly count: WebServicesDeps['count'];
}): LogsService {
  // The worker is of the same build, so what it answers has the shape that it was asked for.
  const read = async (token: string, storeId: string, wish: LogWish, after?: string): Promise<StoreLogPage> =>
    (await deps.ask({ question: 'logs', token, storeId, ...requestOf(wish), ...(after && { after }) })) as StoreLogPage;
  const countLook = async (token: string): Promise<void> =>
    deps.count('logs-of-customer', await deps.customerOf(token));
  return {
    async read(token, storeId, wish) {
      await countLook(token);
      return read(token, storeId, wish);
    },
    async *follow(token, storeId, wish, after, signal) {
      let last = after;
      while (!signal.aborted) {
        try {
          await countLook(token);
          const readOn = (from: string | undefined) => read(token, storeId, wish, from);
          for await (const page of followLogs(readOn, { after: last, everyMs: LOOK_EVERY_MS, signal })) {
            last = page.places;
            yield page;
          }
        } catch (thrown) {
          if (!(thrown instanceof AppError)) throw thrown;
          if (ENDINGS.includes(thrown.code)) return;
          if (thrown.code !== 'worker_unavailable') throw thrown;
          await pause(LOOK_EVERY_MS, signal).catch(() => undefined);
        }
      }
    },
  };
}

/** As the socket carries it. */
function requestOf({ source, tail, since, until, levels, search }: LogWish): Readonly<Record<string, string>> {
  return {
    ...(source !== undefined && { source }),
    tail: String(tail),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    levels: levels.join(','),
    search,
  };
}
