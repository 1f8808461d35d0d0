import { z } from 'zod';
import { AppError, InvalidInputError } from '../../domain/errors.ts';
import type { HeldPhpLimits } from '../../domain/php-limits.ts';
import type { ShopSettings } from '../../domain/shop-settings.ts';
import { parseTitle } from '../../domain/store-input.ts';

const LOCALES_AT_MOST = 300;

const locale = z.string().regex(/^[a-z]{2,3}(_[A-Za-z0-9]{2,8}){0,3}$/);
/** Names and offsets, as shops write them. */
const timezone = z.string().regex(/^[A-Za-z0-9_+:/-]{1,64}$/);
const country = z.string().regex(/^[A-Z]{2}$/);
const currency = z.string().regex(/^[A-Z]{3}$/);

const LARGEST = 1_000_000;
const limit = z.number().int().positive().max(LARGEST);
const PhpAnswer = z.object({
  phpMemory: limit,
  phpUpload: limit,
  phpSeconds: limit,
  phpInputVars: limit,
  phpWorkers: limit,
});

/** What stands in a shop is its owner's to write: whatever has not the shape of such a thing counts as not said. */
const Answer = z.object({
  title: z.string().transform(titleOf),
  timezone: timezone.catch('UTC'),
  locale: locale.catch('en_US'),
  country: country.nullable().catch(null),
  currency: currency.nullable().catch(null),
  maintenance: z.enum(['on', 'off']).nullable().catch(null),
  locales: z
    .array(z.unknown())
    .transform((found) => found.flatMap((one) => locale.safeParse(one).data ?? []).slice(0, LOCALES_AT_MOST)),
  php: PhpAnswer.nullable().catch(null),
});

/** How the shop says that it is set; the title is empty where it is none of one line. Throws `shop_command_failed`. */
export function readShopSettings(answer: unknown): ShopSettings {
  const parsed = Answer.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new AppError('shop_command_failed', 'The shop did not say how it is set.', { retryable: true });
}

/** By what the PHP of the shop goes. Throws `shop_command_failed`. */
export function readPhpLimits(answer: unknown): HeldPhpLimits {
  const parsed = PhpAnswer.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new AppError('shop_command_failed', 'The shop did not say by what limits it goes.', { retryable: true });
}

function titleOf(text: string): string {
  try {
    return parseTitle(text);
  } catch (thrown) {
    if (thrown instanceof InvalidInputError) return '';
    throw thrown;
  }
}
