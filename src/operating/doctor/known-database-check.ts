import { type DatabaseLook, strangeDatabaseText } from '../../domain/known-database.ts';
import { type Check, fail, ok } from './check.ts';

/** A database that was emptied or exchanged under stores that are still here: whatever is missing in it is not gone. */
export const knownDatabaseCheck = (look: () => Promise<DatabaseLook>): Check => ({
  name: 'known-database',
  async run() {
    const found = await look();
    if (found.kind !== 'strange') return ok('The database is the one that belongs to the stores on this machine.');
    return fail(
      `${strangeDatabaseText(found)} Workers do nothing on it and remove nothing.`,
      'Bring it back from a backup, see docs/operating/lost-database.md. Only where it is lost for good: shopctl database accept',
    );
  },
});
