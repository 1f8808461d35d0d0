import { readJson, writeJson } from './json-columns.ts';
import type { Database } from './open-database.ts';
import type { Queries } from './transactions.ts';

export type AuditRepository = ReturnType<typeof createAuditRepository>;

/** Who did what to whom. Kept for good: no foreign key, and no user of ours may change or delete a line. */
export interface AuditLine {
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  /** Facts only, never a secret. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

export interface StoredAuditLine extends AuditLine {
  readonly id: number;
}

const MANY = 1000;

export function createAuditRepository(db: Database) {
  return {
    append: (line: AuditLine): Promise<void> => appendAudit(db.kysely, line),

    /** Newest first. */
    async list({ target, limit = MANY }: { target?: string; limit?: number } = {}): Promise<StoredAuditLine[]> {
      const query = db.kysely.selectFrom('audit_log').selectAll().orderBy('id', 'desc').limit(limit);
      const rows = await (target === undefined ? query : query.where('target', '=', target)).execute();
      return rows.map(({ id, actor, action, target: about, details_json, at }) => ({
        id,
        actor,
        action,
        target: about,
        details: { ...(readJson(details_json) as Record<string, unknown>) },
        at,
      }));
    },
  };
}

/** A line of the audit log, as part of whatever transaction it tells about. */
export async function appendAudit(queries: Queries, { actor, action, target, details, at }: AuditLine): Promise<void> {
  await queries
    .insertInto('audit_log')
    .values({ actor, action, target, details_json: writeJson(details), at })
    .execute();
}
