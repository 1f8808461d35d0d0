import { AppError } from '../domain/errors.ts';
import { MINUTE } from '../lib/time.ts';

/** After a failure nobody's asking begins the long work anew for this long, in ms. */
export const MADE_AGAIN_AFTER_MS = 5 * MINUTE;

export interface ImageOnDemandDeps {
  readonly name: string;
  readonly isPrepared: () => Promise<boolean>;
  readonly make: () => Promise<unknown>;
  /** Told once of each failure to make it. */
  readonly onFailure: (thrown: unknown) => void;
  readonly now: () => Date;
}

/**
 * An image that is made when it is first asked for. What is returned says whether it is ready; while it is not, it is
 * being made, once for all who ask. Throws `image_missing` for a while after that has failed, with what failed as its
 * cause, and whatever the look throws: an engine that is silent is no missing image.
 */
export function createImageOnDemand({ name, isPrepared, make, onFailure, now }: ImageOnDemandDeps) {
  let making: Promise<void> | undefined;
  let failure: { readonly at: Date; readonly cause: unknown } | undefined;
  return async (): Promise<boolean> => {
    if (await isPrepared()) return true;
    if (making !== undefined) return false;
    if (failure !== undefined && now().getTime() - failure.at.getTime() < MADE_AGAIN_AFTER_MS) {
      throw new AppError('image_missing', `The image ${name} could not be made.`, {
        cause: failure.cause,
        retryable: true,
        hint: 'See why: shopctl images prepare',
      });
    }
    making = make()
      .then(() => (failure = undefined))
      .catch((cause: unknown) => {
        failure = { at: now(), cause };
        onFailure(cause);
      })
      .then(() => (making = undefined));
    return false;
  };
}
