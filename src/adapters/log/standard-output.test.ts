import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const MODULE = fileURLToPath(new URL('standard-output.ts', import.meta.url));

/** What a process of its own does after it has written two lines. */
const afterTwoLines = (then: string): string[] => [
  '--import',
  'tsx',
  '--input-type=module',
  '--eval',
  `const { standardOutput } = await import(${JSON.stringify(MODULE)});
   const output = standardOutput();
   output.write('one\\n');
   output.write('two\\n');
   ${then}`,
];

test('lines are written in their order, by a process that goes on and by one that has nothing more to do', () => {
  expect(execFileSync(process.execPath, afterTwoLines(''), { encoding: 'utf8' })).toBe('one\ntwo\n');
});

test.each([
  ['ends itself at once', 'process.exit(3)', 3],
  ['meets what nobody catches', "throw new Error('unexpected')", 1],
])('a process that %s has written its lines', (_what, then, code) => {
  const { stdout, status } = spawnSync(process.execPath, afterTwoLines(then), { encoding: 'utf8' });

  expect([stdout, status]).toEqual(['one\ntwo\n', code]);
});
