import { InvalidInputError } from '../domain/errors.ts';
import { parseNewPassword } from '../domain/password.ts';
import type { PasswordAnswer } from '../web/services.ts';

/** Of zxcvbn's 0 to 4: from here on more than a hundred million guesses are needed. */
const LEAST_SCORE = 3;
const BEST_SCORE = 4;
/** What is behind cannot make a password weaker, and a longer text takes long to look at. */
const LOOKED_AT = 40;

/** How hard a password is to guess. `about`: words that whoever guesses tries first. */
export type JudgePassword = (password: string, about: readonly string[]) => Promise<Judgement>;

export interface Judgement {
  /** 0 (among the first to be guessed) to 4. */
  readonly score: number;
  /** What makes it easy to guess, as the judge names it; `null` when nothing does. */
  readonly weakness: string | null;
}

/** By what is weak about it, a sentence for whoever typed it. */
const SENTENCES: Readonly<Record<string, string>> = {
  simpleRepeat: 'The same letter again and again is among the first to be guessed.',
  extendedRepeat: 'The same word again and again is among the first to be guessed.',
  sequences: 'Letters or digits in their usual order are among the first to be guessed.',
  straightRow: 'Keys that lie side by side are among the first to be guessed.',
  keyPattern: 'Keys that lie side by side are among the first to be guessed.',
  recentYears: 'A year makes it easy to guess.',
  dates: 'A date makes it easy to guess.',
  topTen: 'This is one of the most used passwords in the world.',
  topHundred: 'This is one of the most used passwords in the world.',
  common: 'This is a very common password.',
  similarToCommon: 'This is close to a very common password.',
  userInputs: 'Your e-mail address or the name of your shop makes it easy to guess.',
};
const ADVICE = 'Add a word or two that only you would think of.';

/** What may not be in a password, since it is tried first. */
interface About {
  readonly email: string;
  readonly storeName: string;
}

/**
 * A new password in the spelling that is hashed, long enough and hard enough to guess. Throws `InvalidInputError`
 * (`password`); never repeats what was typed.
 */
export async function acceptNewPassword(judge: JudgePassword, text: string, about: About): Promise<string> {
  return (await judged(judge, text, about)).password;
}

/** What `acceptNewPassword` would say of it, for whoever still types; keeps and repeats nothing of it. */
export async function lookAtNewPassword(judge: JudgePassword, text: string, about: About): Promise<PasswordAnswer> {
  try {
    const { score } = await judged(judge, text, about);
    return { isAccepted: true, sentence: score === BEST_SCORE ? 'Very hard to guess.' : 'Hard to guess.' };
  } catch (thrown) {
    if (!(thrown instanceof InvalidInputError)) throw thrown;
    return { isAccepted: false, sentence: thrown.message };
  }
}

/** Throws as `acceptNewPassword` does. */
async function judged(
  judge: JudgePassword,
  text: string,
  about: About,
): Promise<{ readonly password: string; readonly score: number }> {
  const password = parseNewPassword(text, about);
  const words = [about.email, ...about.email.split(/[@.]/), about.storeName].filter((word) => word.length > 2);
  const { score, weakness } = await judge([...password].slice(0, LOOKED_AT).join(''), words);
  if (score >= LEAST_SCORE) return { password, score };
  const sentence = SENTENCES[weakness ?? ''] ?? 'This password is easy to guess.';
  throw new InvalidInputError('password', `${sentence} ${ADVICE}`);
}
