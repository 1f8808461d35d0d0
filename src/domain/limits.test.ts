import fc from 'fast-check';
import { expect, test } from 'vitest';
import { limitsOf } from './limits.ts';

test('shares of a plan never add up to more than the plan', () => {
  fc.assert(
    fc.property(fc.integer({ min: 256, max: 65_536 }), fc.integer({ min: 100, max: 64_000 }), (memoryMb, cpuMillis) => {
      const shares = [45, 45, 10].map((share) =>
        limitsOf({ memoryMb, cpuMillis }, { memoryShare: share, cpuShare: share }, 64),
      );
      const memory = shares.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
      const cpu = shares.reduce((sum, { nanoCpus }) => sum + nanoCpus, 0);
      return memory <= memoryMb * 1024 ** 2 && cpu <= cpuMillis * 1_000_000;
    }),
  );
});

test('no service gets less than it can live with', () => {
  expect(limitsOf({ memoryMb: 32, cpuMillis: 10 }, { memoryShare: 1, cpuShare: 1 }, 2)).toEqual({
    memoryBytes: 16 * 1024 ** 2,
    nanoCpus: 10_000_000,
  });
});

test('no service gets more cores than the machine has', () => {
  const plan = { memoryMb: 4096, cpuMillis: 4000 };
  const nanoCpusOn = (cores: number) => limitsOf(plan, { memoryShare: 50, cpuShare: 100 }, cores).nanoCpus;

  expect([1, 2, 4, 8].map(nanoCpusOn)).toEqual([1e9, 2e9, 4e9, 4e9]);
});
