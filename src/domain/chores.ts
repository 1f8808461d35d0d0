import { MINUTE } from '../lib/time.ts';

/** Something that recurs, and when it last had its turn. */
export interface ChoreTurn {
  readonly name: string;
  readonly everyMs: number;
  /** `undefined` before its first turn. */
  readonly ranAt: Date | undefined;
}

export interface MissingChore {
  readonly name: string;
  readonly everyMs: number;
  readonly expectedBy: Date;
}

/** A turn may be late: workers restart, and one that is at a long turn begins no other. */
const LATE_TURNS = 3;

/** Which chores were expected by when, and have not been seen; one that never had a turn is waited for. */
export function missingChores(turns: readonly ChoreTurn[], now: Date): MissingChore[] {
  return turns.flatMap(({ name, everyMs, ranAt }) => {
    if (ranAt === undefined) return [];
    const expectedBy = new Date(ranAt.getTime() + LATE_TURNS * everyMs + MINUTE);
    return expectedBy < now ? [{ name, everyMs, expectedBy }] : [];
  });
}
