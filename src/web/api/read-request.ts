import type { Context } from 'hono';
import { AppError, InvalidInputError } from '../../domain/errors.ts';
import type { RouteFacts } from './define-route.ts';

const KEY_HEADER = 'Idempotency-Key';
const KEY = /^[\x21-\x7e]{1,200}$/;

/** What is asked for once is one text, what is asked for again a list. */
export function readQuery(context: Context): Record<string, string | string[]> {
  const all = Object.entries(context.req.queries());
  return Object.fromEntries(all.map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]));
}

/** The body, as it came and as JSON. Throws `media_type_refused`, and `InvalidInputError` for what is no JSON or not asked for. */
export async function readBody(
  context: Context,
  { path, method, body }: Pick<RouteFacts, 'path' | 'method'> & { readonly body?: unknown },
): Promise<{ readonly text: string; readonly body: unknown }> {
  if (method === 'get') return { text: '', body: undefined };
  const text = await context.req.text();
  if (body === undefined) {
    if (text !== '') throw new InvalidInputError('body', 'There is nothing to be sent here.');
    return { text, body: undefined };
  }
  const type = context.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new AppError('media_type_refused', `${path} takes JSON, not ${type}.`);
  try {
    return { text, body: JSON.parse(text, onlyText) as unknown };
  } catch {
    throw new InvalidInputError('body', 'This is not JSON in UTF-8.');
  }
}

/** Half of a pair can be written in JSON (RFC 8259, section 8.2), and kept nowhere. */
function onlyText(_key: string, value: unknown): unknown {
  if (typeof value === 'string' && /\p{Surrogate}/u.test(value)) throw new SyntaxError('A lone surrogate is no text.');
  return value;
}

/** What makes the same wish twice one wish; `undefined` where it was not said. Throws `InvalidInputError`. */
export function idempotencyKeyOf(context: Context): string | undefined {
  const key = context.req.header(KEY_HEADER);
  if (key !== undefined && !KEY.test(key)) {
    throw new InvalidInputError(KEY_HEADER, 'A key is 1 to 200 visible signs of ASCII.');
  }
  return key;
}
