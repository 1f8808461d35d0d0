import { describe, expect, it } from 'vitest';
import { judgePassword } from '../adapters/crypto/judge-password.ts';
import { acceptNewPassword, lookAtNewPassword } from './password-strength.ts';

const about = { email: 'annabelle@teehaus.example', storeName: 'my-little-shop' };
const accept = (text: string) => acceptNewPassword(judgePassword, text, about);

describe('a new password', () => {
  it.each(['a password of mine', 'twelve chars', 'forty roses for ANN!', 'Tr0ub4dor&3 and more'])(
    'may be %j',
    async (text) => {
      await expect(accept(text)).resolves.toBe(text);
    },
  );

  it.each([
    ['iloveyou654321', 'common'],
    ['Liverpool12345', 'common'],
    ['ab1!ab1!ab1!ab1!', 'again and again'],
    ['annabelle1', 'too short'],
    ['my-little-shop1', 'name of your shop'],
  ])('may not be %j, and is told why', async (text, why) => {
    const refusal: unknown = await accept(text).catch((thrown: unknown) => thrown);
    expect(refusal).toMatchObject({ code: 'invalid_input', field: 'password', message: expect.stringContaining(why) });
    expect(String(refusal)).not.toContain(text);
  });

  it.each([
    ['four wandering otters sing', true, 'Very hard to guess.'],
    ['iloveyou654321', false, 'common'],
    ['annabelle1', false, 'too short'],
    ['', false, 'Choose a password'],
  ])('that is still typed gets the words that the form would say: %j', async (text, isAccepted, words) => {
    const answer = await lookAtNewPassword(judgePassword, text, about);
    expect(answer).toEqual({ isAccepted, sentence: expect.stringContaining(words) });
    if (text !== '') expect(answer.sentence).not.toContain(text);
  });

  it('is judged soon, however long it is', async () => {
    await expect(accept('ab1!'.repeat(63))).rejects.toMatchObject({ field: 'password' });
  });
});
