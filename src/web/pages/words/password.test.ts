import { expect, it } from 'vitest';
import { passwordInWords } from './password.ts';

it('nothing is said before something is typed', () => {
  expect(passwordInWords('')).toBeUndefined();
});

it.each([
  ['short', 'too short', false],
  ['password1234', 'guessed', false],
  ['wandering otter', 'Long enough.', true],
])('%s: %s', (typed, words, isAccepted) => {
  const verdict = passwordInWords(typed);

  expect(verdict?.sentence).toContain(words);
  expect(verdict?.isAccepted).toBe(isAccepted);
});

it('never repeats what was typed', () => {
  expect(passwordInWords('hunter2')?.sentence).not.toContain('hunter2');
});

it('praises nothing that the judge may refuse', () => {
  expect(passwordInWords('passwordpasswordpassword')?.sentence).not.toMatch(/good|strong/i);
});
