import { z } from 'zod';

const LONGEST_CURSOR = 300;

/** What a page of a list answers. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item),
    next: z.string().nullable().meta({ description: '`cursor` of the next page; `null` when this is the last.' }),
  });

/**
 * Where a page begins: behind something that the caller was shown. Opaque to them; what does not come from us is refused.
 * It opens nothing: whose rows are looked at is asked each time.
 */
export const cursorOf = <Place extends z.ZodType>(place: Place) =>
  z
    .string()
    .max(LONGEST_CURSOR)
    .transform((text, context): z.output<Place> => {
      const written = place.safeParse(readCursor(text));
      if (written.success) return written.data;
      context.addIssue({ code: 'custom', message: 'This is no cursor of ours' });
      return z.NEVER;
    })
    .optional()
    .meta({ type: 'string', description: '`next` of the page before.' });

function readCursor(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** The cursor behind this place. */
export function writeCursor(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** For lists whose rows count up. */
export const NUMBER_CURSOR = cursorOf(z.number().int().positive().max(Number.MAX_SAFE_INTEGER));

/** For lists whose rows are told apart by when they were made, and an id. */
export const ROW_CURSOR = cursorOf(
  z.strictObject({ at: z.iso.datetime({ precision: 3 }), id: z.string().regex(/^[a-z0-9_]{1,64}$/) }),
);
export type RowPlace = { readonly at: string; readonly id: string };

/** How many rows a page has at most. */
export const LIMIT = z.coerce
  .number()
  .int()
  .min(1)
  .max(100)
  .default(50)
  .meta({ type: 'integer', description: 'How many at most.' });

const placeOf = ({ createdAt, id }: { readonly createdAt: string; readonly id: string }): RowPlace => ({
  at: createdAt,
  id,
});

/** A page of a list that is short enough to be had whole: newest first, stable whatever is added. */
export function pageThrough<Row extends { readonly createdAt: string; readonly id: string }>(
  rows: readonly Row[],
  { cursor, limit }: { readonly cursor?: RowPlace | undefined; readonly limit: number },
): { readonly items: readonly Row[]; readonly next: string | null } {
  const inOrder = rows.toSorted((one, other) => compare(placeOf(other), placeOf(one)));
  const rest = cursor === undefined ? inOrder : inOrder.filter((row) => compare(placeOf(row), cursor) < 0);
  return pageWith(rest.slice(0, limit), rest.length > limit);
}

/** A page that was read as one, and whether there are more. */
export function pageWith<Row extends { readonly createdAt: string; readonly id: string }>(
  items: readonly Row[],
  hasMore: boolean,
): { readonly items: readonly Row[]; readonly next: string | null } {
  const last = items.at(-1);
  return { items, next: hasMore && last !== undefined ? writeCursor(placeOf(last)) : null };
}

function compare(one: RowPlace, other: RowPlace): number {
  if (one.at !== other.at) return one.at < other.at ? -1 : 1;
  return one.id === other.id ? 0 : one.id < other.id ? -1 : 1;
}
