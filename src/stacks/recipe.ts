import { createHash } from 'node:crypto';
import { DATABASE_HOST, DATABASE_NAME, DATABASE_USER } from '../domain/names.ts';
import type { Stack } from './stack.ts';

/** Under which a store's row records by which recipe a shop like it would have been made ahead. */
export const RECIPE_KEY = 'recipe';

/** Raised when a shop is made as nobody's, or kept to be copied, otherwise than before; `recipe.test.ts` says when. */
export const RECIPE_FORMAT = 1;

/**
 * How a shop is made ahead of what it consists of, and what of it is kept: all that its stack says, and its compose file.
 * What was made by another recipe is handed out to nobody and copied for nobody. In the form of an image's id.
 */
export function recipeOf(stack: Stack, composeFile: Uint8Array): string {
  const told = [RECIPE_FORMAT, stack, DATABASE_HOST, DATABASE_NAME, DATABASE_USER];
  return `sha256:${createHash('sha256').update(JSON.stringify(told)).update(composeFile).digest('hex')}`;
}
