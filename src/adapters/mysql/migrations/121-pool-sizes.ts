import { type Kysely, sql } from 'kysely';
import { PLATFORM_SETTING_NAMES } from '../../../domain/platform-settings.ts';
import { readJson, writeJson } from '../json-columns.ts';

/** A pool has the size that was said of it for each plan; before, it was said of the default plan alone. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { poolSizes, defaultPlan } = PLATFORM_SETTING_NAMES;
  const settings = await sql<{ name: string; value_json: string }>`
    SELECT name, value_json FROM platform_settings WHERE name IN (${poolSizes}, ${defaultPlan})
  `.execute(db);
  const valueOf = (name: string): unknown => {
    const row = settings.rows.find((each) => each.name === name);
    return row === undefined ? null : readJson(row.value_json);
  };
  const sizes = valueOf(poolSizes);
  if (typeof sizes !== 'object' || sizes === null) return;
  const plans = await sql<{ name: string; is_default: number }>`
    SELECT name, is_default FROM plans ORDER BY is_default DESC, position
  `.execute(db);
  const chosen = plans.rows.find(({ name }) => name === valueOf(defaultPlan)) ?? plans.rows[0];
  if (chosen === undefined) return;
  const byPlan = Object.fromEntries(
    Object.entries(sizes).map(([platform, size]) => [
      platform,
      typeof size === 'number' ? { [chosen.name]: size } : size,
    ]),
  );
  await sql`
    UPDATE platform_settings SET value_json = ${writeJson(byPlan)} WHERE name = ${poolSizes}
  `.execute(db);
}
