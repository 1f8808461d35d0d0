import { AppError, InvalidFormError, InvalidInputError } from './errors.ts';
import type { RunInput } from './run.ts';
import type { Plan, PlatformName } from './store.ts';

/**
 * What one request to a shop may take: its memory and its largest upload in megabytes, its time in seconds, and how many
 * fields its form may have.
 */
export const PHP_LIMIT_NAMES = ['phpMemory', 'phpUpload', 'phpSeconds', 'phpInputVars'] as const;
export type PhpLimitName = (typeof PHP_LIMIT_NAMES)[number];
export type PhpLimits = Readonly<Record<PhpLimitName, number>>;

/** By what the PHP of a shop goes, as it said itself; and how many requests it answers at once. */
export type HeldPhpLimits = PhpLimits & { readonly phpWorkers: number };

/** Only what is to change. */
export type PhpWish = Readonly<Partial<PhpLimits>>;

const WORDPRESS: PhpLimits = { phpMemory: 256, phpUpload: 64, phpSeconds: 120, phpInputVars: 5000 };
const MAGENTO: PhpLimits = { phpMemory: 512, phpUpload: 64, phpSeconds: 80, phpInputVars: 10_000 };

/** What shops come with while nobody has chosen, as their images have it. */
export const USUAL_PHP_LIMITS: Readonly<Record<PlatformName, PhpLimits>> = {
  wordpress: WORDPRESS,
  woocommerce: WORDPRESS,
  magento: MAGENTO,
};

const VALUES: Readonly<Record<PhpLimitName, readonly number[]>> = {
  phpMemory: [128, 192, 256, 384, 512, 640, 768, 1024],
  phpUpload: [16, 32, 64, 128, 256, 512],
  phpSeconds: [30, 60, 80, 120, 180, 300],
  phpInputVars: [1000, 3000, 5000, 10_000, 20_000],
};

/** A shop works with no less; its administration would not. */
const LEAST: Readonly<Record<PlatformName, PhpLimits>> = {
  wordpress: { phpMemory: 128, phpUpload: 16, phpSeconds: 30, phpInputVars: 1000 },
  woocommerce: { phpMemory: 128, phpUpload: 16, phpSeconds: 30, phpInputVars: 1000 },
  magento: { phpMemory: 512, phpUpload: 16, phpSeconds: 60, phpInputVars: 10_000 },
};

type Row = PhpLimits & { readonly planMemoryMb: number };

const WORDPRESS_MOST: readonly Row[] = [
  { planMemoryMb: 4096, phpMemory: 1024, phpUpload: 512, phpSeconds: 300, phpInputVars: 20_000 },
  { planMemoryMb: 2048, phpMemory: 768, phpUpload: 256, phpSeconds: 180, phpInputVars: 20_000 },
  { planMemoryMb: 1024, phpMemory: 384, phpUpload: 128, phpSeconds: 120, phpInputVars: 10_000 },
  { planMemoryMb: 0, ...WORDPRESS },
];

/**
 * What a plan allows at most: the first row that it has the memory for. The more memory a request may have, the fewer are
 * answered at once (`workers_within` in the images); with these, three still are.
 */
const MOST: Readonly<Record<PlatformName, readonly Row[]>> = {
  wordpress: WORDPRESS_MOST,
  woocommerce: WORDPRESS_MOST,
  magento: [
    { planMemoryMb: 4096, phpMemory: 1024, phpUpload: 512, phpSeconds: 300, phpInputVars: 20_000 },
    { planMemoryMb: 2048, phpMemory: 640, phpUpload: 256, phpSeconds: 180, phpInputVars: 20_000 },
    { planMemoryMb: 0, ...MAGENTO },
  ],
};

/** The longest that any request may take, in seconds. */
export const LONGEST_REQUEST_S = Math.max(...VALUES.phpSeconds);

/** Largest uploads that are larger than what every shop may have from the start, in megabytes. */
export const LARGE_UPLOADS_MB = VALUES.phpUpload.filter((mb) => mb > WORDPRESS.phpUpload);

const FORM_AROUND_UPLOAD_MB = 8;

/** What a request may bring in all where that is the largest upload: a form says more than its file. */
export const largestBodyMb = (uploadMb: number = WORDPRESS.phpUpload): number => uploadMb + FORM_AROUND_UPLOAD_MB;

type PlanSize = Pick<Plan, 'name' | 'memoryMb'>;

/** The most that a plan allows. */
export function phpLimitsOfPlan(platform: PlatformName, { memoryMb }: Pick<Plan, 'memoryMb'>): PhpLimits {
  const row = MOST[platform].find(({ planMemoryMb }) => memoryMb >= planMemoryMb);
  return row ?? USUAL_PHP_LIMITS[platform];
}

/** What is more than `most` comes down to it. */
export function withinPhpLimits(limits: PhpLimits, most: PhpLimits): PhpLimits {
  return limitsOf((name) => Math.min(limits[name], most[name]));
}

/** Each limit by its name. */
export function limitsOf(valueOf: (name: PhpLimitName) => number): PhpLimits {
  return {
    phpMemory: valueOf('phpMemory'),
    phpUpload: valueOf('phpUpload'),
    phpSeconds: valueOf('phpSeconds'),
    phpInputVars: valueOf('phpInputVars'),
  };
}

/** One line of a list: a value, and the smallest plan that allows it where the store's own does not. */
export interface PhpChoice {
  readonly value: number;
  readonly plan: string | null;
}
export type PhpChoices = Readonly<Record<PhpLimitName, readonly PhpChoice[]>>;

/** What the lists offer: what some plan allows. */
export function phpChoices(platform: PlatformName, plan: string, plans: readonly PlanSize[]): PhpChoices {
  const most = mostOf(platform, plan, plans);
  const listOf = (name: PhpLimitName): PhpChoice[] =>
    valuesOf(platform, name).flatMap((value): PhpChoice[] => {
      if (value <= most[name]) return [{ value, plan: null }];
      const larger = planWith(platform, name, value, plans);
      return larger === undefined ? [] : [{ value, plan: larger.name }];
    });
  return {
    phpMemory: listOf('phpMemory'),
    phpUpload: listOf('phpUpload'),
    phpSeconds: listOf('phpSeconds'),
    phpInputVars: listOf('phpInputVars'),
  };
}

/** What a form or command said, by name; empty: leave it. */
export type PhpTexts = Readonly<Partial<Record<PhpLimitName, string>>>;

interface PhpFacts {
  readonly platform: PlatformName;
  readonly plan: string;
  readonly plans: readonly PlanSize[];
  /** What holds now; null where the shop can be told nothing of that kind. */
  readonly now: PhpLimits | null;
}

const TOO_OLD =
  'This shop was made before these limits could be set; they stay as they are. Other shops of yours are not concerned.';

/**
 * What is really asked for: what is empty, or as the shop has it already, is not. Throws `InvalidFormError` with a sentence
 * per field; for more than the plan allows, with the plan that would.
 */
export function parsePhpWish(texts: PhpTexts, facts: PhpFacts): PhpWish {
  const wish: Partial<Record<PhpLimitName, number>> = {};
  const problems: Record<string, string> = {};
  for (const name of PHP_LIMIT_NAMES) {
    const text = (texts[name] ?? '').trim();
    if (text === '' || text === String(facts.now?.[name])) continue;
    try {
      wish[name] = parseOne(name, text, facts);
    } catch (thrown) {
      if (!(thrown instanceof InvalidInputError)) throw thrown;
      problems[name] = thrown.message;
    }
  }
  if (Object.keys(problems).length > 0) throw new InvalidFormError(problems);
  return wish;
}

function parseOne(name: PhpLimitName, text: string, { platform, plan, plans, now }: PhpFacts): number {
  if (now === null) throw new InvalidInputError(name, TOO_OLD);
  const values = valuesOf(platform, name);
  const value = values.find((one) => String(one) === text);
  if (value === undefined) throw new InvalidInputError(name, `Choose one of these: ${values.join(', ')}.`);
  const most = mostOf(platform, plan, plans)[name];
  if (value <= most) return value;
  const larger = planWith(platform, name, value, plans);
  const cure =
    larger === undefined ? 'No plan allows more.' : `For ${amountOf(name, value)} choose the plan ${larger.name}.`;
  throw new InvalidInputError(name, `The plan ${plan} allows at most ${phpLimitInWords(name, most)}. ${cure}`);
}

const UNITS: Readonly<Record<PhpLimitName, { readonly unit: string; readonly of: string }>> = {
  phpMemory: { unit: ' MB', of: ' of memory for one request' },
  phpUpload: { unit: ' MB', of: ' for an upload' },
  phpSeconds: { unit: ' seconds', of: ' for one request' },
  phpInputVars: { unit: ' fields', of: ' in one form' },
};

const amountOf = (name: PhpLimitName, value: number): string => `${value}${UNITS[name].unit}`;

/** `384 MB of memory for one request`. */
export const phpLimitInWords = (name: PhpLimitName, value: number): string =>
  `${amountOf(name, value)}${UNITS[name].of}`;

const valuesOf = (platform: PlatformName, name: PhpLimitName): number[] =>
  VALUES[name].filter((value) => value >= LEAST[platform][name]);

/** The smallest plan that allows it. */
function planWith(
  platform: PlatformName,
  name: PhpLimitName,
  value: number,
  plans: readonly PlanSize[],
): PlanSize | undefined {
  return plans
    .toSorted((one, other) => one.memoryMb - other.memoryMb)
    .find((plan) => phpLimitsOfPlan(platform, plan)[name] >= value);
}

function mostOf(platform: PlatformName, plan: string, plans: readonly PlanSize[]): PhpLimits {
  const found = plans.find(({ name }) => name === plan);
  return found === undefined ? USUAL_PHP_LIMITS[platform] : phpLimitsOfPlan(platform, found);
}

/** The wish that a run was asked for. Throws `internal_error` for what is no number. */
export function phpWishIn(input: RunInput): PhpWish {
  const named = PHP_LIMIT_NAMES.flatMap((name) => {
    const text = input[name];
    if (text === undefined) return [];
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value <= 0) throw new AppError('internal_error', `${name} is no number.`);
    return [[name, value]];
  });
  return Object.fromEntries(named);
}
