import { expect, test } from 'vitest';
import { randomWord } from './random-word.ts';

test('ten small letters and digits, never the same ones again', () => {
  const words = Array.from({ length: 1000 }, randomWord);

  for (const word of words) expect(word).toMatch(/^[a-z2-9]{10}$/);
  expect(new Set(words).size).toBe(words.length);
});
