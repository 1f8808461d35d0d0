import { InvalidInputError } from './errors.ts';
import { plainLine } from './plain-line.ts';

/** So many an account may have: one for each of somebody's devices, and some to spare. */
export const MOST_PASSKEYS = 10;

const NAME_MAX = 64;

/** A passkey by what an authenticator knows it by. */
export interface KnownPasskey {
  /** base64url */
  readonly credentialId: string;
  readonly transports: readonly string[];
}

/** What a browser hands over once an authenticator has made one; every text in it is base64url. */
export interface NewPasskeyAnswer {
  readonly id: string;
  readonly rawId: string;
  readonly response: { readonly clientDataJSON: string; readonly attestationObject: string };
}

/** The same once an authenticator has used one. */
export interface PasskeyAnswer {
  readonly id: string;
  readonly rawId: string;
  readonly response: {
    readonly clientDataJSON: string;
    readonly authenticatorData: string;
    readonly signature: string;
    readonly userHandle?: string | undefined;
  };
}

/** What its owner calls a passkey. Throws `InvalidInputError` (`name`). */
export function parsePasskeyName(text: string): string {
  const name = plainLine(text);
  if (name === undefined) throw new InvalidInputError('name', 'The name has to be one line of ordinary text.');
  if (name === '') throw new InvalidInputError('name', 'Give the passkey a name, so that you know it again.');
  if ([...name].length > NAME_MAX) {
    throw new InvalidInputError('name', `The name is too long: at most ${NAME_MAX} characters.`);
  }
  return name;
}

/** What is said where an account has as many as it may have. */
export const tooManyPasskeys = (): InvalidInputError =>
  new InvalidInputError('name', `An account has at most ${MOST_PASSKEYS} passkeys. Remove one that you no longer use.`);
