import { type ChoreTurn, missingChores } from '../../domain/chores.ts';
import { SECOND } from '../../lib/time.ts';
import { type Check, ok, warn } from './check.ts';

/** Is everything that recurs done when it should be? Which chore was expected by when, and has not been seen. */
export const choresCheck = (turns: () => Promise<readonly ChoreTurn[]>, now: () => Date = () => new Date()): Check => ({
  name: 'chores',
  async run() {
    const all = await turns();
    const missing = missingChores(all, now()).map(
      ({ name, everyMs, expectedBy }) =>
        `${name}, every ${everyMs / SECOND} s, was expected by ${expectedBy.toISOString()}`,
    );
    if (missing.length > 0) return warn(`Not seen: ${missing.join('; ')}.`, 'shopctl restart worker');
    const waiting = all.filter(({ ranAt }) => ranAt === undefined).length;
    return ok(`${all.length - waiting} chores had their turns${waiting === 0 ? '' : `, ${waiting} not yet`}.`);
  },
});
