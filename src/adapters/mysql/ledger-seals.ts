import type { LedgerSeal, RawLine } from '../../domain/ledger.ts';
import { duplicateKeyOf } from './database-errors.ts';
import type { Database } from './open-database.ts';
import { databaseNow, databaseNowPlus } from './transactions.ts';

export type LedgerSealRepository = ReturnType<typeof createLedgerSealRepository>;

/** The chain over the audit log: which line was sealed where, by what. Like the log it only grows. */
export function createLedgerSealRepository(db: Database) {
  return {
    /** The seal of the highest position; `undefined` while nothing is sealed. */
    async head(): Promise<LedgerSeal | undefined> {
      const row = await db.kysely
        .selectFrom('ledger_seals')
        .selectAll()
        .orderBy('position', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row && toSeal(row);
    },

    /**
     * Lines without a seal, lowest id first. With `recentMs` only ids above all that were sealed longer ago than that are
     * looked at: a transaction may commit a low id late, but not that late, and the whole log is long.
     */
    async unsealed({ recentMs, limit }: { recentMs: number | undefined; limit: number }): Promise<RawLine[]> {
      let query = db.kysely
        .selectFrom('audit_log as line')
        .leftJoin('ledger_seals as seal', 'seal.line_id', 'line.id')
        .selectAll('line')
        .where('seal.line_id', 'is', null)
        .orderBy('line.id')
        .limit(limit);
      if (recentMs !== undefined) {
        const old = await db.kysely
          .selectFrom('ledger_seals')
          .select(({ fn }) => fn.max('line_id').as('id'))
          .where('sealed_at', '<', databaseNowPlus(-recentMs))
          .executeTakeFirst();
        query = query.where('line.id', '>', old?.id ?? 0);
      }
      return (await query.execute()).map(toRawLine);
    },

    async countUnsealed(): Promise<number> {
      const row = await db.kysely
        .selectFrom('audit_log as line')
        .leftJoin('ledger_seals as seal', 'seal.line_id', 'line.id')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('seal.line_id', 'is', null)
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },

    /** All or none. False when somebody else has sealed one of these lines, or at one of these positions, meanwhile. */
    async append(seals: readonly LedgerSeal[]): Promise<boolean> {
      try {
        await db.kysely
          .insertInto('ledger_seals')
          .values(
            seals.map(({ position, lineId, seal }) => ({ position, line_id: lineId, seal, sealed_at: databaseNow })),
          )
          .execute();
        return true;
      } catch (thrown) {
        if (duplicateKeyOf(thrown) !== undefined) return false;
        throw thrown;
      }
    },

    /** The seals from `position` on, in their order, each with its line, or `null` where that is gone. */
    async from(position: number, limit: number): Promise<{ seal: LedgerSeal; line: RawLine | null }[]> {
      const rows = await db.kysely
        .selectFrom('ledger_seals')
        .selectAll()
        .where('position', '>=', position)
        .orderBy('position')
        .limit(limit)
        .execute();
      if (rows.length === 0) return [];
      const found = await db.kysely
        .selectFrom('audit_log')
        .selectAll()
        .where(
          'id',
          'in',
          rows.map(({ line_id }) => line_id),
        )
        .execute();
      const lines = new Map(found.map((row) => [row.id, toRawLine(row)]));
      return rows.map((row) => ({ seal: toSeal(row), line: lines.get(row.line_id) ?? null }));
    },
  };
}

function toSeal(row: { position: number; line_id: number; seal: string }): LedgerSeal {
  return { position: row.position, lineId: row.line_id, seal: row.seal };
}

function toRawLine(
  row: Omit<RawLine, 'actingAs' | 'tokenId' | 'storeId' | 'detailsJson' | 'requestId'> & RawColumns,
): RawLine {
  return {
    id: row.id,
    actor: row.actor,
    actingAs: row.acting_as,
    tokenId: row.token_id,
    action: row.action,
    target: row.target,
    storeId: row.store_id,
    result: row.result,
    detailsJson: row.details_json,
    address: row.address,
    requestId: row.request_id,
    at: row.at,
  };
}

interface RawColumns {
  readonly acting_as: string | null;
  readonly token_id: string | null;
  readonly store_id: string | null;
  readonly details_json: string;
  readonly request_id: string | null;
}
