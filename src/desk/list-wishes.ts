import { z } from 'zod';
import { CUSTOMER_SORTS, RUN_SORTS, type Slice, STORE_SORTS } from '../domain/desk-lists.ts';
import { TRANSITIONS } from '../domain/lifecycle.ts';
import { RUN_KINDS, RUN_STATUSES } from '../domain/run.ts';
import { PLATFORM_NAMES, type StoreStatus } from '../domain/store.ts';
import type { DeskPage, ListWish } from '../web/services/desk.ts';

/** Rows of one page. */
const ROWS = 50;
/** Far beyond any list; a larger number in an address is a mistake or a game. */
const LAST_PAGE = 10_000;
const LONGEST_SEARCH = 254;

/** A value that is none of the known ones counts as not said: an old or mistyped address still shows a list. */
const oneOf = <Known extends string>(known: readonly Known[]) => z.enum(known).optional().catch(undefined);
const search = z
  .string()
  .transform((text) => text.trim().toLowerCase().slice(0, LONGEST_SEARCH))
  .transform((text) => (text === '' ? undefined : text))
  .optional();
const page = z.coerce.number().int().min(1).max(LAST_PAGE).catch(1);

/** `2026-11-26T10:00:00.000Z~sto_…`: the row that the page before ended with. */
const before = z
  .string()
  .regex(/^[0-9TZ:.-]{24}~[a-z0-9_]{1,64}$/)
  .transform((text) => ({ createdAt: new Date(text.slice(0, 24)), id: text.slice(25) }))
  .refine(({ createdAt }) => !Number.isNaN(createdAt.getTime()))
  .optional()
  .catch(undefined);

const STATUSES = Object.keys(TRANSITIONS) as StoreStatus[];

const STORE_WISH = z.object({
  q: search,
  status: oneOf(STATUSES),
  platform: oneOf(PLATFORM_NAMES),
  plan: z
    .string()
    .transform((text) => (text === '' ? undefined : text))
    .optional(),
  sort: z.enum(STORE_SORTS).catch('newest'),
  page,
  before,
});
const CUSTOMER_WISH = z.object({
  q: search,
  role: oneOf(['customer', 'operator'] as const),
  sort: z.enum(CUSTOMER_SORTS).catch('newest'),
  page,
  before,
});
const RUN_WISH = z.object({
  q: search,
  status: oneOf(RUN_STATUSES),
  kind: oneOf(RUN_KINDS),
  sort: z.enum(RUN_SORTS).catch('newest'),
  page,
  before,
});

export const storeWish = (wish: ListWish) => asQuery(STORE_WISH.parse(wish));
export const customerWish = (wish: ListWish) => asQuery(CUSTOMER_WISH.parse(wish));
export const runWish = (wish: ListWish) => asQuery(RUN_WISH.parse(wish));

function asQuery<Wish extends { readonly q?: string | undefined; readonly page: number }>({ q, ...wish }: Wish) {
  return { ...wish, search: q, limit: ROWS, offset: (wish.page - 1) * ROWS };
}

/** The rows of a page in the shape that pages show. */
export function asPage<Row, View>(
  { page: at, limit }: Slice & { readonly page: number },
  { rows, total }: { readonly rows: readonly Row[]; readonly total: number },
  present: (row: Row) => View,
): DeskPage<View> {
  return { rows: rows.map(present), total, page: at, pages: Math.max(1, Math.ceil(total / limit)) };
}
