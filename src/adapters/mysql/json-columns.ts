import type { ErrorCode } from '../../domain/errors.ts';
import type { StoreError } from '../../domain/store.ts';

/** What goes into a `*_json` column. `undefined` is stored as JSON's null. */
export function writeJson(value: unknown): string {
  return JSON.stringify(value ?? null);
}

export function readJson(text: string): unknown {
  return JSON.parse(text);
}

/** A flat object of texts; anything else in the column reads as its texts only. */
export function readTexts(text: string): Record<string, string> {
  const value = readJson(text);
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Written by `writeJson` of a `StoreError`, so its shape is known; only the date needs to be made one again. */
export function readStoreError(text: string | null): StoreError | null {
  if (text === null) return null;
  const value = JSON.parse(text) as Omit<StoreError, 'at' | 'code'> & { at: string; code: ErrorCode };
  return { ...value, at: new Date(value.at) };
}
