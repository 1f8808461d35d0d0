import type { LogWish } from './services/logs.ts';
import type { WebServices } from './services.ts';

/** What happens to a store, as events of a stream. */
export function followProgress({ progress }: Pick<WebServices, 'progress'>, storeId: string) {
  return async function* (after: string | undefined, signal: AbortSignal) {
    for await (const event of progress.follow(storeId, firstIdOf(after), signal)) {
      yield { id: String(event.id), data: event };
    }
  };
}

/** What its logs say from now on: each event holds the lines that are new. */
export function followLogs({ logs }: Pick<WebServices, 'logs'>, token: string, storeId: string, wish: LogWish) {
  return async function* (after: string | undefined, signal: AbortSignal) {
    for await (const { lines, places } of logs.follow(token, storeId, wish, after, signal)) {
      yield { id: places, data: lines };
    }
  };
}

/** Ids are ours; whatever else arrives is taken for the beginning. */
function firstIdOf(text: string | undefined): number {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : 0;
}
