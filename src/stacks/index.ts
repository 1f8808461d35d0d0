import { AppError } from '../domain/errors.ts';
import type { PlatformName } from '../domain/store.ts';
import type { Stack } from './stack.ts';
import { woocommerce } from './woocommerce.ts';
import { wordpress } from './wordpress.ts';

/** Every platform that can be hosted. A new one is a file here, a folder in `stacks/` and its line. */
export const STACKS: Partial<Readonly<Record<PlatformName, Stack>>> = { woocommerce, wordpress };

/** Throws `platform_unavailable` for one that this version does not have yet. */
export function stackOf(platform: PlatformName): Stack {
  const stack = STACKS[platform];
  if (stack !== undefined) return stack;
  throw new AppError('platform_unavailable', `${platform} is not part of this version yet.`, {
    hint: `Choose one of: ${Object.keys(STACKS).join(', ')}`,
  });
}
