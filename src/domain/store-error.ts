import type { AppError } from './errors.ts';
import type { StoreError } from './store.ts';

/** What a store, a run or a step remembers of an error: its facts and its sentences, nothing of its cause. */
export function toStoreError(error: AppError, step: string | null, at: Date): StoreError {
  const { code, message, hint = null, retryable } = error;
  return { code, message, hint, step, retryable, at };
}
