import { InvalidInputError } from './errors.ts';

const SHORTEST = 12;
const LONGEST = 256;

/** The ones that are tried first everywhere, of those that are long enough for us. */
const COMMON: ReadonlySet<string> = new Set(
  `111111111111 123123123123 123321123321 123412341234 1234567890123 12345678901234 123456789012345
  1234567890123456 12345678900987654321 123456789012 1234567891011 123456789123 123456789abc 123456789qwe
  1q2w3e4r5t6y 1q2w3e4r5t6y7u 1q2w3e4r5t6y7u8i 1qaz2wsx3edc 1qaz2wsx3edc4rfv 987654321000 0987654321098
  abc123abc123 abcd1234abcd abcdefghijkl abcdefghijklm abcdefghijklmnop abcdefghijklmnopqrstuvwxyz
  adminadminadmin admin1234567 admin123456789 administrator administrator1 asdfasdfasdf asdfghjkl123 asdfghjklqwerty
  baseball1234 changemechangeme changeme1234 changeme12345 correcthorsebatterystaple dragondragon football1234
  iloveyou1234 iloveyouforever iloveyouiloveyou letmein12345 letmein123456 letmeinletmein monkey123456
  mypassword123 p@ssw0rd1234 p@ssword1234 passw0rd1234 passw0rd12345 password1234 password12345 password123456
  password1234567 password123! password1234! passwordpassword password12345678 princess1234 q1w2e3r4t5y6
  q1w2e3r4t5y6u7 qazwsxedcrfv qazwsxedc123 qwe123qwe123 qwerasdfzxcv qwerqwerqwer qwerty123456 qwerty1234567
  qwertyqwerty qwertyuiop12 qwertyuiop123 qwertyuiop1234 qwertyuiopasdf qwertyuiopasdfghjkl
  qwertyuiopasdfghjklzxcvbnm shophosting1 shophosting12 shophosting123 sunshine1234 superman1234 trustno1trustno1
  welcome12345 welcome123456 welcomewelcome woocommerce1 woocommerce123 wordpress123 wordpress1234 zaq12wsxcde3
  zxcvbnm12345 zxcvbnmasdfghjkl`.split(/\s+/),
);

/** No keyboard takes more code units to write down the longest password. */
const LONGEST_TYPED = 8 * LONGEST;

/**
 * A typed password in the one spelling that is hashed: what one keyboard composes, another may send in parts.
 * `undefined` for what is nobody's password, since it is empty or too long.
 */
export function normalisePassword(text: string): string | undefined {
  if (text === '' || text.length > LONGEST_TYPED) return undefined;
  const password = text.normalize('NFC');
  return [...password].length > LONGEST ? undefined : password;
}

/**
 * A new password in the spelling that is hashed. Any character is welcome. Throws `InvalidInputError`; never repeats
 * what was typed.
 */
export function parseNewPassword(text: string, about: { readonly email: string; readonly storeName: string }): string {
  if (text === '') throw refusal(`Choose a password of at least ${SHORTEST} characters.`);
  const password = normalisePassword(text);
  if (password === undefined) throw refusal(`This password is too long: at most ${LONGEST} characters.`);
  if ([...password].length < SHORTEST) throw refusal(`This password is too short: at least ${SHORTEST} characters.`);
  const folded = password.trim().toLowerCase();
  const own = [about.email, about.email.split('@')[0] ?? '', about.storeName].map((word) => word.trim().toLowerCase());
  if (own.includes(folded)) {
    throw refusal('Do not use your e-mail address or the name of your shop as the password.');
  }
  if (COMMON.has(folded) || new Set(folded).size < 3) throw refusal('This password is one of the first to be guessed.');
  return password;
}

const refusal = (sentence: string): InvalidInputError => new InvalidInputError('password', sentence);
