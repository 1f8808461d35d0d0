import { type OwnNames, parseDomainName, parseStoreName } from '../domain/domain-name.ts';
import { InvalidFormError, InvalidInputError } from '../domain/errors.ts';
import { normalisePassword } from '../domain/password.ts';
import { parseShopStart, SHOP_SETTING_NAMES, type ShopStart } from '../domain/shop-settings.ts';
import type { PlatformName } from '../domain/store.ts';
import { choosePlan, parseEmail, parsePlatform } from '../domain/store-input.ts';
import { stackOf } from '../stacks/index.ts';
import type { Offer, SignUpInput } from '../web/services.ts';
import { acceptNewPassword, type JudgePassword } from './password-strength.ts';

export interface ParsedSignUp {
  readonly email: string;
  readonly password: string;
  readonly storeName: string;
  readonly platform: PlatformName;
  readonly wishedDomain: string | null;
  readonly plan: string;
  readonly start: ShopStart;
}

/** Everything that was typed, in the form we keep. Throws `InvalidFormError` with all that is wrong, by the form's own field names. */
export async function parseSignUp(
  input: SignUpInput,
  offer: Offer,
  deps: {
    readonly own: OwnNames;
    readonly judge: JudgePassword;
    readonly termsUrl: string | null;
    /** Languages that are built into images here. */
    readonly builtLocales: readonly string[];
  },
): Promise<ParsedSignUp> {
  const { own, judge, termsUrl, builtLocales } = deps;
  const problems: Record<string, string> = {};
  const read = async <T>(field: string, parse: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await parse();
    } catch (thrown) {
      if (thrown instanceof InvalidFormError) Object.assign(problems, thrown.fields);
      else if (thrown instanceof InvalidInputError) problems[field] = thrown.message;
      else throw thrown;
      return undefined;
    }
  };
  const email = await read('email', () => parseEmail(input.email));
  const storeName = await read('store_name', () => parseStoreName(input.storeName));
  const password = await read('password', () =>
    input.isCustomer
      ? knownPassword(input.password)
      : acceptNewPassword(judge, input.password, { email: input.email, storeName: input.storeName }),
  );
  const platform = await read('platform', () => offered(parsePlatform(input.platform), offer));
  const stack = platform && stackOf(platform);
  const start = await read('title', () =>
    parseShopStart(input.start, {
      offered: stack?.settings ?? SHOP_SETTING_NAMES,
      locales: stack?.startLocales(builtLocales) ?? builtLocales,
    }),
  );
  const wishedDomain = await read('domain', () => (isEmpty(input.domain) ? null : parseDomainName(input.domain, own)));
  const plan = await read('plan', () => choosePlan(offer.plans, isEmpty(input.plan) ? undefined : input.plan, stack));
  if (termsUrl !== null && !input.isCustomer && !input.agreesToTerms) {
    problems['terms'] = 'Please read the terms and tick the box beside them: without that we cannot make your account.';
  }
  const isWhole =
    problems['terms'] === undefined &&
    email !== undefined &&
    storeName !== undefined &&
    password !== undefined &&
    platform !== undefined &&
    wishedDomain !== undefined &&
    plan !== undefined &&
    start !== undefined;
  if (!isWhole) throw new InvalidFormError(problems);
  return { email, password, storeName, platform, wishedDomain, plan, start };
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
