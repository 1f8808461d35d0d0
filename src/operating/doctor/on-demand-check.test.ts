import { expect, test } from 'vitest';
import { type OnDemandFacts, onDemandCheck } from './on-demand-check.ts';

const GIB = 1024 ** 3;
const mapCount = (value: number) => [{ name: 'vm.max_map_count', value, least: 262_144, setting: 'SEARCH_IMAGE' }];
const MISSING = { reason: 'its images are not made yet.', fix: 'Make them: shopctl images prepare magento' };
const check = (facts: Partial<OnDemandFacts> = {}) =>
  onDemandCheck('magento', 'Magento', async () => ({
    isAskedFor: true,
    storeBytes: 2 * GIB,
    freeMemoryBytes: 8 * GIB,
    freeDiskBytes: 50 * GIB,
    kernel: [],
    ...facts,
  })).run(AbortSignal.timeout(1000));

test('a machine that never shall have it is fine without, and says what it would take', async () => {
  const found = await check({ missing: MISSING, isAskedFor: false, freeDiskBytes: GIB });

  expect(found).toMatchObject({ status: 'ok', fix: null });
  expect(found.message).toContain('shopctl images prepare magento');
});

test('where something of it was brought, what is missing is a warning with its cure', async () => {
  expect(await check({ missing: MISSING })).toMatchObject({ status: 'warn', fix: MISSING.fix });
});

test.each([
  [{ missing: MISSING, freeDiskBytes: 5 * GIB }, /5\.0 GiB of disk free, making its image takes about 6\.0 GiB/],
  [{ freeDiskBytes: 0.5 * GIB }, /0\.5 GiB of disk free, another store takes/],
  [{ freeMemoryBytes: GIB }, /1\.0 GiB of memory free, another store may take 2\.0 GiB/],
  [{ kernel: mapCount(65_530) }, /vm\.max_map_count is 65530; the image named by SEARCH_IMAGE may want 262144/],
])('too little of something is a warning: %j', async (facts, message) => {
  const found = await check(facts);

  expect(found.status).toBe('warn');
  expect(found.message).toMatch(message);
});

test('with room for one more it is offered', async () => {
  expect(await check({ kernel: mapCount(262_144) })).toMatchObject({ status: 'ok' });
});
