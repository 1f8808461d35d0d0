import { expect, test } from 'vitest';
import { assertPlanHolds, assertStoresFit } from './plan-change.ts';

const MIB = 1024 * 1024;
const STARTER = { name: 'starter', diskMb: 5120 };

test('a plan holds what fits on its disk, and refuses a byte more with the figures', () => {
  const use = (diskBytes: number | undefined) => () => assertPlanHolds(STARTER, { diskBytes, memory: [] });

  expect(use(5120 * MIB)).not.toThrow();
  expect(use(undefined)).not.toThrow();
  expect(use(5120 * MIB + 1)).toThrow(expect.objectContaining({ code: 'plan_too_small', retryable: false }));
  expect(use(7 * 1024 * MIB)).toThrow('5.0 GB on disk, and the shop uses 7.0 GB');
});

test('a plan whose memory a service nearly fills already is refused, naming the service', () => {
  const use = (bytes: number) => () =>
    assertPlanHolds(STARTER, { diskBytes: 0, memory: [{ service: 'db', bytes: bytes * MIB, limitBytes: 100 * MIB }] });

  expect(use(90)).not.toThrow();
  expect(use(91)).toThrow(/db 100 MB of memory, and it uses 91 MB/);
});

test('the highest plan says how many stores somebody may have, that of the next one included', () => {
  const [small, large] = [{ maxStores: 3 }, { maxStores: 10 }];

  expect(() => assertStoresFit(3, [small])).not.toThrow();
  expect(() => assertStoresFit(4, [small, small])).toThrow(expect.objectContaining({ code: 'too_many_stores' }));
  expect(() => assertStoresFit(4, [small, small, small, large])).not.toThrow();
  expect(() => assertStoresFit(1, [])).toThrow(expect.objectContaining({ code: 'too_many_stores' }));
});
