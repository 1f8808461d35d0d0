import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/setup/longest-first.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Three sizes: pure and faked in milliseconds; real MySQL, Redis, nginx, engine in seconds; a whole platform in minutes. */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'src/**/*.test.ts',
            'bin/**/*.test.ts',
            'bench/**/*.test.ts',
            'test/*.test.ts',
            'test/{unit,fakes}/**/*.test.ts',
          ],
          environment: 'node',
          // A fresh process and all modules anew for each of 200 files took longer than their tests. None keeps anything
          // in a module that another would see.
          isolate: false,
          testTimeout: 10 * SECOND,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          environment: 'node',
          // Two at a time: each file may start a database or a container of its own, and machines have few cores.
          maxWorkers: 2,
          testTimeout: 2 * MINUTE,
          hookTimeout: 10 * MINUTE,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/*.test.ts'],
          environment: 'node',
          // Two at a time: each file has a platform of its own, and waits more than it works.
          maxWorkers: 2,
          testTimeout: 10 * MINUTE,
          hookTimeout: 20 * MINUTE,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          // What every platform on the machine would notice.
          name: 'e2e-alone',
          include: ['test/e2e/alone/*.test.ts'],
          environment: 'node',
          fileParallelism: false,
          testTimeout: 10 * MINUTE,
          hookTimeout: 20 * MINUTE,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
