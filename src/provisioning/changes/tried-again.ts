import { AppError, toAppError } from '../../domain/errors.ts';

/** What must end well sooner or later is tried until it does, whatever it met. */
export function triedAgain(thrown: unknown): AppError {
  const { code, message, hint, logTail } = toAppError(thrown);
  return new AppError(code, message, {
    cause: thrown,
    retryable: true,
    ...(hint === undefined ? {} : { hint }),
    ...(logTail === undefined ? {} : { logTail }),
  });
}
