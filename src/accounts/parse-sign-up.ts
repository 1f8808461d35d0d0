import { type OwnNames, parseDomainName, parseStoreName } from '../domain/domain-name.ts';
import { InvalidFormError, InvalidInputError } from '../domain/errors.ts';
import { normalisePassword, parseNewPassword } from '../domain/password.ts';
import type { PlatformName } from '../domain/store.ts';
import { choosePlan, parseEmail, parsePlatform } from '../domain/store-input.ts';
import { stackOf } from '../stacks/index.ts';
import type { Offer, SignUpInput } from '../web/services.ts';

export interface ParsedSignUp {
  readonly email: string;
  readonly password: string;
  readonly storeName: string;
  readonly platform: PlatformName;
  readonly wishedDomain: string | null;
  readonly plan: string;
}

/** Everything that was typed, in the form we keep. Throws `InvalidFormError` with all that is wrong, by the form's own field names. */
export function parseSignUp(input: SignUpInput, offer: Offer, own: OwnNames): ParsedSignUp {
  const problems: Record<string, string> = {};
  const read = <T>(field: string, parse: () => T): T | undefined => {
    try {
      return parse();
    } catch (thrown) {
      if (!(thrown instanceof InvalidInputError)) throw thrown;
      problems[field] = thrown.message;
      return undefined;
    }
  };
  const email = read('email', () => parseEmail(input.email));
  const storeName = read('store_name', () => parseStoreName(input.storeName));
  const password = read('password', () =>
    input.isCustomer
      ? knownPassword(input.password)
      : parseNewPassword(input.password, { email: input.email, storeName: input.storeName }),
  );
  const platform = read('platform', () => offered(parsePlatform(input.platform), offer));
  const wishedDomain = read('domain', () => (isEmpty(input.domain) ? null : parseDomainName(input.domain, own)));
  const plan = read('plan', () =>
    choosePlan(offer.plans, isEmpty(input.plan) ? undefined : input.plan, platform && stackOf(platform)),
  );
  const isWhole =
    email !== undefined &&
    storeName !== undefined &&
    password !== undefined &&
    platform !== undefined &&
    wishedDomain !== undefined &&
    plan !== undefined;
  if (!isWhole) throw new InvalidFormError(problems);
  return { email, password, storeName, platform, wishedDomain, plan };
}

/** One that an account has may be older than today's rules. */
function knownPassword(text: string): string {
  const password = normalisePassword(text);
  if (password === undefined) throw new InvalidInputError('password', 'Please give the password of your account.');
  return password;
}

/** What a browser sends for a field that was left alone. */
function isEmpty(text: string | undefined): text is undefined | '' {
  return text === undefined || text.trim() === '';
}

function offered(platform: PlatformName, { platforms }: Offer): PlatformName {
  const offer = platforms.find(({ name }) => name === platform);
  if (offer === undefined) throw new InvalidInputError('platform', 'This kind of shop is not offered here.');
  if (offer.unavailable !== null) throw new InvalidInputError('platform', offer.unavailable);
  return platform;
}
