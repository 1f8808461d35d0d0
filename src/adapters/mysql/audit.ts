import type { LedgerFilter, LedgerLine, LedgerPage, LedgerPageRequest, StoredLine } from '../../domain/ledger.ts';
import { readJson, writeJson } from './json-columns.ts';
import type { Database } from './open-database.ts';
import type { Queries } from './transactions.ts';

export type AuditRepository = ReturnType<typeof createAuditRepository>;

/** Who did what to whom. Kept for good: no foreign key, and no user of ours may change or delete a line. */
export type AuditLine = LedgerLine;
export type StoredAuditLine = StoredLine;

const MANY = 1000;

export function createAuditRepository(db: Database) {
  /** Newest first. */
  async function page(filter: LedgerFilter, { before, limit }: LedgerPageRequest): Promise<LedgerPage> {
    let query = db.kysely
      .selectFrom('audit_log')
      .selectAll()
      .select((eb) =>
        eb.selectFrom('api_tokens').select('name').whereRef('api_tokens.id', '=', 'token_id').as('token_name'),
      )
      .orderBy('id', 'desc')
      .limit(limit + 1);
    for (const [column, value] of equalities(filter)) query = query.where(column, '=', value);
    const { action, customerId, since, until } = filter;
    if (action !== undefined) {
      const group = `${action.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}.%`;
      query = query.where((eb) => eb.or([eb('action', '=', action), eb('action', 'like', group)]));
    }
    if (customerId !== undefined) {
      query = query.where((eb) =>
        eb.or([eb('target', '=', customerId), eb('actor', '=', customerId), eb('acting_as', '=', customerId)]),
      );
    }
    if (since !== undefined) query = query.where('at', '>=', since);
    if (until !== undefined) query = query.where('at', '<', until);
    if (before !== undefined) query = query.where('id', '<', before);
    const rows = await query.execute();
    const lines = rows.slice(0, limit).map(toLine);
    return { lines, before: rows.length > limit ? (lines.at(-1)?.id ?? null) : null };
  }

  return {
    append: (line: AuditLine): Promise<void> => appendAudit(db.kysely, line),

    /** Several at once, all or none. */
    appendAll: (lines: readonly AuditLine[]): Promise<void> => appendLines(db.kysely, lines),

    page,

    /** Newest first, the last of them at most. */
    async list({
      target,
      limit = MANY,
    }: {
      target?: string;
      limit?: number;
    } = {}): Promise<readonly StoredAuditLine[]> {
      return (await page({ target }, { limit })).lines;
    },
  };
}

/** A line of the audit log, as part of whatever transaction it tells about. */
export const appendAudit = (queries: Queries, line: AuditLine): Promise<void> => appendLines(queries, [line]);

async function appendLines(queries: Queries, lines: readonly AuditLine[]): Promise<void> {
  if (lines.length === 0) return;
  await queries
    .insertInto('audit_log')
    .values(
      lines.map((line) => ({
        actor: line.actor,
        acting_as: line.as ?? null,
        token_id: line.tokenId ?? null,
        action: line.action,
        target: line.target,
        store_id: line.storeId ?? null,
        result: line.result ?? 'ok',
        details_json: writeJson(line.details),
        address: line.address || null,
        request_id: line.requestId ?? null,
        at: line.at,
      })),
    )
    .execute();
}

function equalities({ actor, target, storeId, tokenId, requestId, result }: LedgerFilter) {
  const wanted = [
    ['actor', actor],
    ['target', target],
    ['store_id', storeId],
    ['token_id', tokenId],
    ['request_id', requestId],
    ['result', result],
  ] as const;
  return wanted.flatMap(([column, value]) => (value === undefined ? [] : [[column, value] as const]));
}

/** A row of the table as a line. */
function toLine(row: {
  readonly id: number;
  readonly actor: string;
  readonly acting_as: string | null;
  readonly token_id: string | null;
  readonly token_name: string | null;
  readonly action: string;
  readonly target: string;
  readonly store_id: string | null;
  readonly result: StoredLine['result'];
  readonly details_json: string;
  readonly address: string | null;
  readonly request_id: string | null;
  readonly at: Date;
}): StoredLine {
  return {
    id: row.id,
    actor: row.actor,
    as: row.acting_as,
    tokenId: row.token_id,
    tokenName: row.token_name,
    action: row.action,
    target: row.target,
    storeId: row.store_id,
    result: row.result,
    details: { ...(readJson(row.details_json) as Record<string, unknown>) },
    address: row.address,
    requestId: row.request_id,
    at: row.at,
  };
}
