import { randomInt } from 'node:crypto';

/** No 0/O, 1/l/I: people read these aloud. Letters and digits only, so no program can take one for an option. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';

/** What rules about passwords ask for at most, e.g. Magento's; every twentieth random one would lack a digit. */
const NEEDED = [/[A-Z]/, /[a-z]/, /\d/];

/**
 * A random password from the system's generator, about 5.8 bits a character, with a capital, a small letter and a digit
 * in it. `length` is at least 3.
 */
export function makePassword(length: number): string {
  if (length < NEEDED.length) throw new RangeError(`A password of ${length} characters has no room for all kinds`);
  for (;;) {
    const password = Array.from({ length }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
    if (NEEDED.every((kind) => kind.test(password))) return password;
  }
}
