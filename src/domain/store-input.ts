import { InvalidInputError } from './errors.ts';
import { plainLine } from './plain-line.ts';
import { plansWithMemory, planWithoutWish } from './plans.ts';
import { PLATFORM_NAMES, type Plan, type PlatformName } from './store.ts';

/** Characters of a title. */
export const TITLE_MAX = 120;
const EMAIL_MAX = 254;
/** One @, something on both sides, a dot in the host; no spaces, quotes, brackets or control characters anywhere. */
const EMAIL = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/;

/** A mail address in the one form we keep. A leading dash is refused: it would be an option somewhere. */
export function parseEmail(text: string): string {
  const email = text.trim().toLowerCase();
  if (email.length > EMAIL_MAX) throw new InvalidInputError('email', 'This e-mail address is too long.');
  if (!EMAIL.test(email) || email.startsWith('-')) {
    throw new InvalidInputError('email', 'Enter an e-mail address like name@example.com.');
  }
  return email;
}

/** What a shop calls itself: any text of one line. Invisible marks that turn text around are taken out. */
export function parseTitle(text: string): string {
  const title = plainLine(text);
  if (title === undefined) throw new InvalidInputError('title', 'The title has to be one line of ordinary text.');
  if (title === '') throw new InvalidInputError('title', 'Give your shop a title.');
  if ([...title].length > TITLE_MAX) {
    throw new InvalidInputError('title', `The title is too long: at most ${TITLE_MAX} characters.`);
  }
  return title;
}

/** Throws `InvalidInputError` with the names there are. */
export function parsePlatform(text: string): PlatformName {
  const platform = PLATFORM_NAMES.find((candidate) => candidate === text);
  if (platform !== undefined) return platform;
  throw new InvalidInputError('platform', `Choose one of these platforms: ${PLATFORM_NAMES.join(', ')}.`);
}

/** While nobody has chosen one, every plan is large enough. */
const ANY_PLATFORM = { label: 'A shop', leastMemoryMb: 0 };

/**
 * The name of the wanted plan; of none, the default one, or the next one that is large enough. Throws
 * `InvalidInputError` with the names there are, or for one that is too small for the platform.
 */
export function choosePlan(
  plans: readonly Plan[],
  wanted: string | undefined,
  platform: { readonly label: string; readonly leastMemoryMb: number } = ANY_PLATFORM,
): string {
  const { label, leastMemoryMb } = platform;
  const large = plansWithMemory(plans, leastMemoryMb);
  const plan = wanted === undefined ? planWithoutWish(plans, leastMemoryMb) : plans.find(({ name }) => name === wanted);
  if (plan !== undefined && large.includes(plan)) return plan.name;
  if (large.length === 0) {
    throw new InvalidInputError('plan', `${label} needs ${gigabytes(leastMemoryMb)} of memory; no plan has that much.`);
  }
  const names = large.map(({ name }) => name).join(', ');
  if (plan === undefined) throw new InvalidInputError('plan', `Choose one of these plans: ${names}.`);
  const [has, needs] = [plan.memoryMb, leastMemoryMb].map(gigabytes);
  throw new InvalidInputError(
    'plan',
    `${label} needs ${needs} of memory; the plan ${plan.name} has ${has}. Choose one of these: ${names}.`,
  );
}

const gigabytes = (mb: number): string => `${mb / 1024} GB`;
