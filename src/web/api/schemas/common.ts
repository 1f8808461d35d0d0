import { z } from 'zod';

/** A moment in UTC with milliseconds. */
export const moment = () => z.string().meta({ format: 'date-time', examples: ['2026-11-26T10:00:00.000Z'] });

const LONGEST_ID = 64;

/** The id of something, with its prefix: `sto_…`. */
export const idOf = (prefix: string) =>
  z
    .string()
    .max(LONGEST_ID)
    .regex(new RegExp(`^${prefix}_[a-z0-9_]+$`));

/** Of whatever is about one store. */
export const OF_STORE = z.object({ storeId: idOf('sto') });

/** An error as every route tells it (RFC 9457). */
export const PROBLEM = z
  .object({
    type: z.literal('about:blank'),
    title: z.string().meta({ description: 'A sentence for people.' }),
    status: z.number().int(),
    code: z.string().meta({ description: 'Stable, for programs.', example: 'not_found' }),
    requestId: z.string().meta({ description: 'What to tell the support.' }),
    fields: z
      .record(z.string(), z.string())
      .optional()
      .meta({ description: 'What is wrong with which field, where that is known.' }),
  })
  .meta({ id: 'Problem' });
