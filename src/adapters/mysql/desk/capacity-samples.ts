import type { CapacityReading, CapacityResource, CapacitySample } from '../../../domain/capacity.ts';
import type { Database } from '../open-database.ts';

/** How much of what was used on which day. */
export function createCapacitySamples(db: Database) {
  return {
    /** The last word of a day counts. */
    async note(readings: readonly CapacityReading[], day: string): Promise<void> {
      for (const { resource, used, size } of readings) {
        await db.kysely
          .insertInto('capacity_samples')
          .values({ resource, taken_on: day, used, size })
          .onDuplicateKeyUpdate({ used, size })
          .execute();
      }
    },

    /** By resource, oldest first, from that day on. */
    async since(day: string): Promise<Map<CapacityResource, CapacitySample[]>> {
      const rows = await db.kysely
        .selectFrom('capacity_samples')
        .select(['resource', 'used'])
        // As text: a driver makes a moment of a day, in whatever zone it thinks best.
        .select(({ cast }) => cast<string>('taken_on', 'char').as('day'))
        .where('taken_on', '>=', day)
        .orderBy('taken_on')
        .execute();
      const byResource = new Map<CapacityResource, CapacitySample[]>();
      for (const { resource, day: takenOn, used } of rows) {
        byResource.set(resource, [...(byResource.get(resource) ?? []), { day: takenOn, used: Number(used) }]);
      }
      return byResource;
    },

    async removeBefore(day: string): Promise<void> {
      await db.kysely.deleteFrom('capacity_samples').where('taken_on', '<', day).execute();
    },
  };
}
