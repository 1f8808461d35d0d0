import type { StoreLogPage } from '../../domain/log-lines.ts';
import { pause } from '../../lib/deadline.ts';

/**
 * What `read` finds behind `after`, asked for again and again until the signal aborts: only pages with lines in them.
 * What `read` throws goes to the reader, unless the signal aborted meanwhile.
 */
export async function* followLogs(
  read: (after: string | undefined) => Promise<StoreLogPage>,
  options: { readonly after: string | undefined; readonly everyMs: number; readonly signal: AbortSignal },
): AsyncGenerator<StoreLogPage> {
  const { everyMs, signal } = options;
  let { after } = options;
  while (!signal.aborted) {
    try {
      const page = await read(after);
      after = page.places;
      if (page.lines.length > 0) yield page;
      await pause(everyMs, signal);
    } catch (thrown) {
      if (signal.aborted) return;
      throw thrown;
    }
  }
}
