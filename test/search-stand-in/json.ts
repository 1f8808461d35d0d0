/** What comes over the wire and goes back. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

/** An object, or an empty one: PHP writes an empty object as `[]`. */
export const objectOf = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

/** A list; a single value counts as a list of one, as the engine reads it in many places. */
export function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

export const textOf = (value: Json | undefined): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);

export function numberOf(value: Json | undefined, fallback: number): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : fallback;
}

/** The one member of an object like `{"term":{…}}`. Throws `parsing_exception` where there is none, or more. */
export function onlyMember(value: Json | undefined, what: string): readonly [string, Json] {
  const members = Object.entries(objectOf(value));
  const [name, member] = members[0] ?? [];
  if (name === undefined || member === undefined || members.length > 1) {
    throw new EngineError(400, 'parsing_exception', `[${what}] malformed, expected exactly one member`);
  }
  return [name, member];
}

/** An answer that is an error, in the engine's own form. */
export class EngineError extends Error {
  readonly status: number;
  readonly type: string;

  constructor(status: number, type: string, reason: string) {
    super(reason);
    this.status = status;
    this.type = type;
  }

  body(): JsonObject {
    const cause = { type: this.type, reason: this.message };
    return { error: { root_cause: [cause], ...cause }, status: this.status };
  }
}
