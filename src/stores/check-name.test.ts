import { expect, test } from 'vitest';
import { createNameCheck } from './check-name.ts';

const check = createNameCheck({
  hostSuffix: '.shops.test:8443',
  taken: async (names) => names.filter((name) => ['flowers', 'flowers-shop', 'flowers-2'].includes(name)),
});

test('a free name is told as the address bar will show it', async () => {
  expect(await check(' Roses ')).toEqual({
    name: 'roses',
    host: 'roses.shops.test:8443',
    available: true,
    reason: null,
    suggestions: [],
  });
});

test('a taken one comes with names like it that are free', async () => {
  expect(await check('flowers')).toMatchObject({
    available: false,
    reason: 'This name is taken already.',
    suggestions: ['flowers-store', 'flowers-online', 'flowers-market'],
  });
});

test.each(['', '-x', 'www', '$(id)', 'x'.repeat(5000), '<script>alert(1)</script>'])(
  'what is no name (%j) gets a reason, and is not repeated',
  async (text) => {
    const answer = await check(text);
    expect(answer).toMatchObject({ name: '', host: '', available: false, suggestions: [] });
    expect(answer.reason).toMatch(/^[A-Z].*\.$/);
    expect(JSON.stringify(answer)).not.toContain('alert');
  },
);

test('suggestions are never longer than a name may be', async () => {
  const long = 'y'.repeat(38);
  const all = createNameCheck({ hostSuffix: '', taken: async (names) => names.slice(0, 1) });
  expect((await all(long)).suggestions).toEqual([`${long}-2`]);
});
