import { expect, it } from 'vitest';
import { shopctl } from '../../../test/fakes/shopctl.ts';
import { EXIT } from '../exit-codes.ts';

const answer = (left: number) => ({
  parts: [{ what: 'authenticator apps', rows: 7, resealed: 5, left }],
  resealed: 5,
  left,
});

it('secrets reseal tells what was sealed anew, and succeeds only when nothing is left', async () => {
  const done = await shopctl(['secrets', 'reseal'], { resealSecrets: async () => answer(0) });
  const open = await shopctl(['secrets', 'reseal'], { resealSecrets: async () => answer(2) });

  expect([done.code, open.code]).toEqual([EXIT.ok, EXIT.needsAttention]);
  expect(done.stdout).toContain('authenticator apps\t7, 5 sealed anew, 0 left');
  expect(open.stderr).toContain('2 are left');
});
