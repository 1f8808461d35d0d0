import { MINUTE, SECOND } from '../../lib/time.ts';
import { type Check, ok, warn } from './check.ts';

export interface ChoreTurn {
  readonly name: string;
  readonly everyMs: number;
  /** `undefined` before its first turn. */
  readonly ranAt: Date | undefined;
}

/** A turn may be late: workers restart, and one that is at a long turn begins no other. */
const LATE_TURNS = 3;

/** Is everything that recurs done when it should be? Which chore was expected by when, and has not been seen. */
export const choresCheck = (turns: () => Promise<readonly ChoreTurn[]>, now: () => Date = () => new Date()): Check => ({
  name: 'chores',
  async run() {
    const all = await turns();
    const missing = all.flatMap(({ name, everyMs, ranAt }) => {
      if (ranAt === undefined) return [];
      const expectedBy = new Date(ranAt.getTime() + LATE_TURNS * everyMs + MINUTE);
      return expectedBy < now()
        ? [`${name}, every ${everyMs / SECOND} s, was expected by ${expectedBy.toISOString()}`]
        : [];
    });
    if (missing.length > 0) return warn(`Not seen: ${missing.join('; ')}.`, 'shopctl restart worker');
    const waiting = all.filter(({ ranAt }) => ranAt === undefined).length;
    return ok(`${all.length - waiting} chores had their turns${waiting === 0 ? '' : `, ${waiting} not yet`}.`);
  },
});
