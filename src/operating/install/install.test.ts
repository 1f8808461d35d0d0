import { expect, test } from 'vitest';
import { createInstall, type InstallStep } from './install.ts';

const signal = new AbortController().signal;

/** A machine on which some things are not yet as they should be. */
function bench({ systemd = true, up = false, root = true, missing = ['user', 'unit'] } = {}) {
  const left = new Set(missing);
  const applied: string[] = [];
  const step = (what: string): InstallStep => ({
    what,
    look: async () => (left.has(what) ? [`+ ${what}`] : []),
    apply: async () => {
      left.delete(what);
      applied.push(what);
    },
  });
  const install = createInstall({
    isSystemd: () => systemd,
    ensureRoot: () => {
      if (!root) throw new Error('not root');
    },
    isUpRunning: async () => up,
    steps: async () => [step('user'), step('file'), step('unit')],
  });
  const run = (dryRun = false) => install({ dryRun, signal, onProgress: () => undefined });
  return { run, applied };
}

test('what is missing is put right in order, and the second time nothing is left to do', async () => {
  const { run, applied } = bench();
  expect((await run()).changes.map(({ what }) => what)).toEqual(['user', 'unit']);
  expect((await run()).changes).toEqual([]);
  expect(applied).toEqual(['user', 'unit']);
});

test('a dry run tells all of it and changes nothing', async () => {
  const { run, applied } = bench();
  expect(await run(true)).toEqual({
    dryRun: true,
    changes: [
      { what: 'user', lines: ['+ user'] },
      { what: 'unit', lines: ['+ unit'] },
    ],
  });
  expect(applied).toEqual([]);
});

test.each([
  ['without systemd', { systemd: false }, { code: 'not_allowed_now', hint: expect.stringContaining('shopctl up') }],
  ['while an up keeps it', { up: true }, { code: 'already_running', hint: expect.stringContaining('shopctl down') }],
  ['without root', { root: false }, { message: 'not root' }],
])('%s it is refused and nothing is touched', async (_case, world, expected) => {
  const { run, applied } = bench(world);
  await expect(run()).rejects.toMatchObject(expected);
  expect(applied).toEqual([]);
});
