import { expect, test, vi } from 'vitest';
import { createSessionWatch } from './session-watch.ts';

test('all streams of a session that has ended are told, by one look for everybody, and no others', async () => {
  const looks: (readonly string[])[] = [];
  let opening = new Set(['ann', 'bob']);
  const { watch } = createSessionWatch({
    lookEveryMs: 1,
    stillOpening: async (tokens) => {
      looks.push(tokens);
      if (looks.length === 2) throw new Error('away for a moment');
      return opening;
    },
  });
  const ended: string[] = [];
  const stops = ['ann', 'ann', 'bob'].map((token) => watch(token, () => ended.push(token)));
  await vi.waitFor(() => expect(looks.length).toBeGreaterThan(3));
  expect([ended, looks[0]]).toEqual([[], ['ann', 'bob']]);

  opening = new Set(['bob']);
  await vi.waitFor(() => expect(ended.length).toBeGreaterThanOrEqual(2));
  expect(new Set(ended)).toEqual(new Set(['ann']));
  for (const stop of stops) stop();
});

test('nobody is looked for once nobody streams, and somebody who comes later is', async () => {
  let looks = 0;
  const { watch } = createSessionWatch({
    lookEveryMs: 1,
    stillOpening: async () => {
      looks += 1;
      return new Set();
    },
  });
  await new Promise<void>((resolve) => {
    const stop = watch('ann', () => {
      stop();
      resolve();
    });
  });
  const first = looks;

  await new Promise<void>((resolve) => {
    const stop = watch('bob', () => {
      stop();
      resolve();
    });
  });

  expect([first, looks]).toEqual([1, 2]);
});
