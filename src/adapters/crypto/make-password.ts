import { randomInt } from 'node:crypto';

/** No 0/O, 1/l/I: people read these aloud. Letters and digits only, so no program can take one for an option. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';

/** A random password from the system's generator, about 5.8 bits a character. */
export function makePassword(length: number): string {
  return Array.from({ length }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
}
