import { Agent } from 'node:https';
import { pause } from '../../src/lib/deadline.ts';
import { MINUTE } from '../../src/lib/time.ts';
import type { TestPlatform } from '../../test/e2e/platform.ts';

/** Between two tries to get the page; the same for all. */
export const ASK_EVERY_MS = 20;
/** A store that takes longer is taken for failed. */
export const PAGE_WITHIN_MS = 5 * MINUTE;

/**
 * Resolves when the address answers 200 through the edge, looked at so often. Throws with what it answered last. All looks come
 * by one connection, as a browser's would: a handshake for each took a tenth of what the machine does meanwhile.
 */
export async function firstPage(platform: TestPlatform, url: string, everyMs = ASK_EVERY_MS): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    await untilShown(platform, url, { everyMs, agent });
  } finally {
    agent.destroy();
  }
}

async function untilShown(
  platform: TestPlatform,
  url: string,
  { everyMs, agent }: { readonly everyMs: number; readonly agent: Agent },
): Promise<void> {
  const until = performance.now() + PAGE_WITHIN_MS;
  for (;;) {
    // As a browser asks that was never there: packed, and without a cookie, so that it shares the page with others.
    const status = await platform.visit(url, { headers: { 'accept-encoding': 'gzip', cookie: '' }, agent }).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 200) return;
    if (performance.now() > until)
      throw new Error(`${url} answers with ${status} after ${PAGE_WITHIN_MS / MINUTE} min.`);
    await pause(everyMs);
  }
}
