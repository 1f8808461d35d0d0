import { z } from 'zod';
import type { AuditRepository } from '../adapters/mysql/audit.ts';
import { LEDGER_RESULTS, type LedgerFilter, type StoredLine } from '../domain/ledger.ts';
import { DAY } from '../lib/time.ts';
import type { DeskServices, ListWish } from '../web/services/desk.ts';

const LINES_SHOWN = 50;
const LINES_AT_ONCE = 1000;
const LONGEST_SEARCH = 254;
/** The database knows no later day, and nothing was done after it. */
const LAST_DAY = new Date('9999-12-31').getTime();

const text = z
  .string()
  .transform((given) => given.trim().slice(0, LONGEST_SEARCH))
  .transform((given) => (given === '' ? undefined : given))
  .optional();
const day = z.iso
  .date()
  .transform((given) => new Date(given))
  .optional()
  .catch(undefined);
const WISH = z.object({
  q: text,
  actor: text,
  action: text,
  result: z.enum(LEDGER_RESULTS).optional().catch(undefined),
  since: day,
  until: day,
  before: z.coerce.number().int().min(1).optional().catch(undefined),
});

export interface LedgerDeps {
  readonly audit: Pick<AuditRepository, 'page'>;
  readonly csv: { readonly head: string; readonly rowOf: (line: StoredLine) => string };
}

/** See `DeskServices`: the ledger, whole. */
export function createLedgerReader({ audit, csv }: LedgerDeps): Pick<DeskServices, 'ledger' | 'ledgerCsv'> {
  return {
    async ledger(wish) {
      const { before, ...asked } = WISH.parse(wish);
      const page = await audit.page(filterOf(asked), { limit: LINES_SHOWN, before });
      return {
        lines: page.lines.map(({ at, ...line }) => ({ ...line, at: at.toISOString() })),
        before: page.before,
      };
    },

    async *ledgerCsv(wish: ListWish) {
      const { before: _from, ...asked } = WISH.parse(wish);
      const filter = filterOf(asked);
      yield csv.head;
      for (let before: number | undefined; ; ) {
        const page = await audit.page(filter, { limit: LINES_AT_ONCE, before });
        yield page.lines.map(csv.rowOf).join('');
        if (page.before === null) return;
        before = page.before;
      }
    },
  };
}

/** What is searched for is told by how it begins: a store, an account, a token, a request; else what was acted on. */
function filterOf({ q, until, ...asked }: Omit<z.output<typeof WISH>, 'before'>): LedgerFilter {
  const searched =
    q === undefined
      ? {}
      : q.startsWith('sto_')
        ? { storeId: q }
        : q.startsWith('cus_')
          ? { customerId: q }
          : q.startsWith('tok_')
            ? { tokenId: q }
            : q.startsWith('req_')
              ? { requestId: q }
              : { target: q };
  // A day is meant with all of its hours.
  const end = until === undefined || until.getTime() >= LAST_DAY ? undefined : new Date(until.getTime() + DAY);
  return { ...asked, ...searched, until: end };
}
