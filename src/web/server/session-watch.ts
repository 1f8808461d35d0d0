import { pause } from '../../lib/deadline.ts';
import { SECOND } from '../../lib/time.ts';

/** With the look itself, somebody who is signed out elsewhere sees nothing more after two seconds. */
const LOOK_EVERY_MS = SECOND;

export type SessionWatch = ReturnType<typeof createSessionWatch>;

/** Tells open streams that their session has ended. One look for all of them, and only while there are any. */
export function createSessionWatch(deps: {
  /** Those of the tokens that open a session still. */
  readonly stillOpening: (tokens: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly lookEveryMs?: number;
}) {
  const { stillOpening, lookEveryMs = LOOK_EVERY_MS } = deps;
  const watched = new Map<string, Set<() => void>>();
  let looking = false;

  async function look(): Promise<void> {
    looking = true;
    while (watched.size > 0) {
      await pause(lookEveryMs);
      const tokens = [...watched.keys()];
      // A database that is away for a moment has ended nobody's session.
      const found = await stillOpening(tokens).catch(() => undefined);
      if (found === undefined) continue;
      for (const token of tokens) if (!found.has(token)) for (const onEnd of watched.get(token) ?? []) onEnd();
    }
    looking = false;
  }

  return {
    /** Calls `onEnd` once the session of that token has ended, until the function that it returns is called. */
    watch(token: string, onEnd: () => void): () => void {
      const those = watched.get(token) ?? new Set();
      those.add(onEnd);
      watched.set(token, those);
      if (!looking) void look();
      return () => {
        those.delete(onEnd);
        if (those.size === 0 && watched.get(token) === those) watched.delete(token);
      };
    },
  };
}
