import { type Check, fail, ok, quoted } from './check.ts';

/** A database of before an order takes a shop that somebody has for one that waits: it is set aside, and somebody has to decide. */
export const takenShopsCheck = (
  setAside: () => Promise<readonly { readonly id: string; readonly mark: string }[]>,
): Check => ({
  name: 'taken-shops',
  async run() {
    const found = await setAside();
    if (found.length === 0) return ok('No shop that somebody has is taken for one that waits for an owner.');
    return fail(
      `The database is older than the orders of ${found.map(({ id }) => id).join(', ')}: somebody has what it takes for waiting. Nothing of it is removed or given out; visitors do not get there.`,
      `Load a newer backup, see docs/operating/lost-database.md. Only where nobody needs it any more, it goes after: rm ${found.map(({ mark }) => quoted(mark)).join(' ')}`,
    );
  },
});
