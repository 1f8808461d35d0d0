import { randomInt } from 'node:crypto';

/** Nothing that people mix up when they read it aloud. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';
const LENGTH = 10;

/** Ten small letters and digits by the system's generator: nobody guesses them (50 bits). */
export function randomWord(): string {
  return Array.from({ length: LENGTH }, () => LETTERS.charAt(randomInt(LETTERS.length))).join('');
}
