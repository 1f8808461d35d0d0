import { expect, test } from 'vitest';
import { InvalidFormError } from './errors.ts';
import { limitsOf as containerLimitsOf } from './limits.ts';
import {
  PHP_LIMIT_NAMES,
  type PhpTexts,
  parsePhpWish,
  phpChoices,
  phpLimitsOfPlan,
  phpWishIn,
  USUAL_PHP_LIMITS,
  withinPhpLimits,
} from './php-limits.ts';
import { FIRST_PLANS } from './plans.ts';
import { PLATFORM_NAMES } from './store.ts';

const NOW = USUAL_PHP_LIMITS.woocommerce;
const wish = (texts: PhpTexts, plan = 'starter') =>
  parsePhpWish(texts, { platform: 'woocommerce', plan, plans: FIRST_PLANS, now: NOW });
function problemsOf(act: () => unknown): unknown {
  try {
    return act();
  } catch (thrown) {
    return thrown instanceof InvalidFormError ? thrown.fields : thrown;
  }
}

test('only what differs from what holds is wished, and a run has it as it was wished', () => {
  const wished = wish({ phpMemory: '256', phpUpload: '128', phpSeconds: '', phpInputVars: ' 10000 ' });
  expect(wished).toEqual({ phpUpload: 128, phpInputVars: 10_000 });
  expect(phpWishIn({ phpUpload: '128', title: 'Roses' })).toEqual({ phpUpload: 128 });
});

test('more than the plan allows is refused with what it allows and the smallest plan that would do', () => {
  expect(problemsOf(() => wish({ phpUpload: '256', phpMemory: '1024', phpSeconds: '180' }))).toEqual({
    phpUpload: 'The plan starter allows at most 128 MB for an upload. For 256 MB choose the plan business.',
    phpMemory: 'The plan starter allows at most 384 MB of memory for one request. For 1024 MB choose the plan scale.',
    phpSeconds:
      'The plan starter allows at most 120 seconds for one request. For 180 seconds choose the plan business.',
  });
  expect(wish({ phpUpload: '512' }, 'scale')).toEqual({ phpUpload: 512 });
});

test.each(['0', '-1', '100', '64M', '1e2', '99999999999', '128; rm', '∞'])('%s is on no list', (text) => {
  expect(problemsOf(() => wish({ phpUpload: text }))).toEqual({
    phpUpload: 'Choose one of these: 16, 32, 64, 128, 256, 512.',
  });
});

test('a shop that cannot be told any is refused plainly', () => {
  const facts = { platform: 'woocommerce', plan: 'scale', plans: FIRST_PLANS, now: null } as const;
  expect(problemsOf(() => parsePhpWish({ phpUpload: '128' }, facts))).toEqual({
    phpUpload: expect.stringContaining('made before these limits could be set'),
  });
  expect(parsePhpWish({ phpUpload: '' }, facts)).toEqual({});
});

test('lists offer what some plan allows, and say which', () => {
  const { phpUpload } = phpChoices('woocommerce', 'starter', FIRST_PLANS);
  expect(phpUpload.filter(({ value }) => value >= 128)).toEqual([
    { value: 128, plan: null },
    { value: 256, plan: 'business' },
    { value: 512, plan: 'scale' },
  ]);
  const small = FIRST_PLANS.filter(({ name }) => name !== 'scale');
  expect(phpChoices('woocommerce', 'starter', small).phpUpload.map(({ value }) => value)).not.toContain(512);
});

test('a smaller plan brings down what is more than it allows, and nothing else', () => {
  const [starter] = FIRST_PLANS;
  if (starter === undefined) throw new Error('There is no plan.');
  const most = phpLimitsOfPlan('woocommerce', starter);
  expect(withinPhpLimits({ phpMemory: 1024, phpUpload: 32, phpSeconds: 300, phpInputVars: 5000 }, most)).toEqual({
    phpMemory: 384,
    phpUpload: 32,
    phpSeconds: 120,
    phpInputVars: 5000,
  });
});

/** As `max_children` and `workers_within` of the images (test/php/SizesTest.php). */
const WORKERS = {
  wordpress: { share: 45, keptMb: 96, eachMb: 64 },
  woocommerce: { share: 45, keptMb: 96, eachMb: 64 },
  magento: { share: 39, keptMb: 432, eachMb: 90 },
} as const;

test.each(PLATFORM_NAMES)('%s: every plan allows what shops come with, and leaves three workers', (platform) => {
  const { share, keptMb, eachMb } = WORKERS[platform];
  const usual = USUAL_PHP_LIMITS[platform];
  for (const plan of FIRST_PLANS) {
    const most = phpLimitsOfPlan(platform, plan);
    for (const name of PHP_LIMIT_NAMES) expect(most[name]).toBeGreaterThanOrEqual(usual[name]);
    const { memoryBytes } = containerLimitsOf(plan, { memoryShare: share, cpuShare: 100 }, 2);
    const fit = Math.max(3, Math.floor((memoryBytes / 1024 ** 2 - keptMb) / eachMb));
    expect(Math.floor((fit * usual.phpMemory) / most.phpMemory)).toBeGreaterThanOrEqual(3);
  }
});
