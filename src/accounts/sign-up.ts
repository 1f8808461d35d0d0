import type { CustomerRepository } from '../adapters/mysql/customers.ts';
import type { NewSignUp, SignUpRepository, SignUpResult } from '../adapters/mysql/sign-ups.ts';
import type { OwnNames } from '../domain/domain-name.ts';
import { CUSTOMER_TEXT_OF } from '../domain/error-texts.ts';
import { AppError, InvalidFormError, TooManyTriesError } from '../domain/errors.ts';
import { randomWord } from '../lib/random-word.ts';
import { stackOf } from '../stacks/index.ts';
import type { Offer, SignedIn, SignUpInput, Visitor } from '../web/services.ts';
import { deviceFor } from './devices.ts';
import { type BucketName, type RateLimits, takeOrRefuse } from './limits.ts';
import { networkOf } from './network-of.ts';
import { type ParsedSignUp, parseSignUp } from './parse-sign-up.ts';
import type { JudgePassword } from './password-strength.ts';
import { noteWrongPassword, type PasswordTryDeps, type TriedPassword, tryPassword } from './password-tries.ts';
import type { Sessions } from './sessions.ts';

/** As long as the other of two clicks may take to make the store that this one was refused for. */
const LOOKS_FOR_THE_OTHER = 15;
const LOOK_EVERY_MS = 200;

export interface SignUpDeps extends PasswordTryDeps {
  readonly judge: JudgePassword;
  readonly own: OwnNames;
  /** Ends in `/`. */
  readonly publicUrl: string;
  /** What new accounts agree to; `null` where the operator asks for nothing. */
  readonly termsUrl: string | null;
  /** Languages that are built into images here. */
  readonly builtLocales: readonly string[];
  readonly areSignUpsOpen: boolean;
  readonly offer: () => Promise<Offer>;
  readonly customers: Pick<CustomerRepository, 'listForLogin'>;
  /** Account, store and all that begins with them, in one transaction or not at all. */
  readonly accept: (signUp: NewSignUp) => Promise<SignUpResult>;
  readonly isMade: SignUpRepository['isMade'];
  readonly sessions: Sessions;
  readonly digestOf: (text: string) => string;
  readonly ring: (runId: string) => Promise<unknown>;
}

type Counts = ReturnType<typeof createCounts>;
type SignUpAnswer = SignedIn & { readonly storeId: string };

/** See `WebServices.accounts.signUp`. */
export function createSignUp(deps: SignUpDeps) {
  return async (input: SignUpInput, visitor: Visitor): Promise<SignUpAnswer> => {
    const counts = createCounts(deps.limits);
    await counts.take('sign-up-posts-from-address', networkOf(visitor.address));
    const requestKey = deps.digestOf(input.idempotencyKey);
    const signUp = { input, visitor, requestKey, counts };
    // Whoever has made the key's store gets it, or is refused: nothing new is made, so nothing new is counted.
    if (await deps.isMade(requestKey)) return attempt(deps, { ...signUp, isMade: true });
    try {
      return await attempt(deps, { ...signUp, isMade: false });
    } catch (refusal) {
      if (!(refusal instanceof TooManyTriesError) || !(await isMadeMeanwhile(deps, requestKey))) throw refusal;
      return attempt(deps, { ...signUp, isMade: true });
    }
  };
}

interface Attempt {
  readonly input: SignUpInput;
  readonly visitor: Visitor;
  readonly requestKey: string;
  /** Is there a store from this form? */
  readonly isMade: boolean;
  readonly counts: Counts;
}

async function attempt(
  deps: SignUpDeps,
  { input, visitor, requestKey, isMade, counts }: Attempt,
): Promise<SignUpAnswer> {
  const offer = await deps.offer();
  if (!isMade) refuseWhileClosed(deps, offer);
  const parsed = await parseSignUp(input, isMade ? withEveryPlatform(offer) : offer, deps);
  const { email } = parsed;
  const network = networkOf(visitor.address);
  try {
    if (!isMade) await counts.take('sign-ups-from-address', network);
    const tried = await openAccount(deps, parsed, input, visitor);
    if (!isMade) {
      // Strangers share what an address may do in a day; the account's own browser has its share alone.
      const owner = tried.isTheirs ? [tried.customer?.id] : [];
      await counts.take('sign-ups-for-email-from-address', JSON.stringify([email, network, ...owner]));
    }
    const mayMail = !isMade && (await counts.takeIfAny('welcome-mails-for-email', email));
    const { token, session } = deps.sessions.prepare(tried.customer?.role ?? 'customer', visitor, input.token);
    const provenAt = await proofBehind(deps, tried.customer, input.token);
    const result = await deps.accept({
      ...wishOf(parsed, deps),
      passwordHash: tried.hash,
      agreedTo: input.isCustomer ? null : deps.termsUrl,
      account: tried.customer,
      requestKey,
      session: provenAt === undefined ? session : { ...session, provenAt },
      mailFactsOf: mayMail ? mailFactsOf(parsed, deps) : null,
      now: deps.now(),
    });
    if (result.kind === 'differs') throw otherWish(result.storeName);
    if (tried.customer !== undefined || result.kind === 'again') await tried.succeeded();
    if (result.kind === 'new') {
      await deps.ring(result.runId);
      await counts.giveBack('sign-up-posts-from-address');
    } else {
      await counts.giveBackAll();
    }
    return { token, device: deviceFor(deps.devices, result.customerId, visitor), storeId: result.storeId };
  } catch (thrown) {
    const refusal = toFormError(thrown);
    await counts.giveBack('sign-ups-for-email-from-address', 'welcome-mails-for-email');
    // Nothing was made. What was refused for its content may have been a guess, so that stays counted, as all tries do.
    if (!(refusal instanceof InvalidFormError)) await counts.giveBack('sign-ups-from-address');
    throw refusal;
  }
}

function refuseWhileClosed({ areSignUpsOpen }: SignUpDeps, { closed }: Offer): void {
  if (!areSignUpsOpen) throw new AppError('sign_ups_closed', 'SIGNUPS is set to closed.');
  if (closed !== null) throw new AppError('sign_ups_closed', closed, { retryable: true });
}

/** What is there already was had when it was made. */
function withEveryPlatform(offer: Offer): Offer {
  return { ...offer, platforms: offer.platforms.map((platform) => ({ ...platform, unavailable: null })) };
}

/** The other of two clicks has taken what this one was refused, and may be about to make the store. */
async function isMadeMeanwhile({ isMade, pause }: SignUpDeps, requestKey: string): Promise<boolean> {
  for (let look = 1; look <= LOOKS_FOR_THE_OTHER; look += 1) {
    if (await isMade(requestKey)) return true;
    await pause(LOOK_EVERY_MS);
  }
  return false;
}

/** The account that the store is to belong to; none makes a new one. A customer's form never makes one. */
async function openAccount(
  deps: SignUpDeps,
  { email, password }: ParsedSignUp,
  { isCustomer, token }: SignUpInput,
  visitor: Visitor,
): Promise<TriedPassword> {
  const session = isCustomer && token !== undefined ? await deps.sessions.find(token) : undefined;
  if (session !== undefined && session.email !== email) {
    throw new InvalidFormError({
      password: `You are signed in as ${session.email} by now. Give the password of that account.`,
    });
  }
  const all = await deps.customers.listForLogin(email);
  const accounts = session === undefined ? all : all.filter(({ id }) => id === session.customerId);
  const areAll = session === undefined;
  const tried = await tryPassword(deps, { email, password, accounts, areAll, visitor, at: 'sign-up' });
  if (tried.refusal !== undefined) throw tried.refusal;
  if (isCustomer && tried.customer === undefined) {
    await noteWrongPassword(deps, { email, accounts, visitor });
    throw notThePassword();
  }
  return tried;
}

/**
 * An account with a second factor is not opened by this form, nor is its session's proof fresh after it: the session must
 * be there, and its proof stays as old as it is. `undefined` where the password is all there is to prove.
 */
async function proofBehind(
  { sessions }: SignUpDeps,
  customer: TriedPassword['customer'],
  token: string | undefined,
): Promise<Date | undefined> {
  if (customer === undefined || !customer.hasSecondFactor) return undefined;
  const session = token === undefined ? undefined : await sessions.find(token);
  if (session?.customerId === customer.id) return session.provenAt;
  throw new InvalidFormError({
    email:
      'You have an account with this address, and it asks for a second factor. Log in first, then send this once more.',
  });
}

function wishOf(
  { email, storeName, platform, wishedDomain, plan, start }: ParsedSignUp,
  { own }: SignUpDeps,
): Pick<NewSignUp, 'email' | 'store'> {
  const domain = `${storeName}.${own.baseDomain}`;
  const adminPath = stackOf(platform).newAdminPath(randomWord());
  const title = start.title ?? storeName;
  return { email, store: { name: storeName, title, start, platform, plan, adminPath, wishedDomain, domain } };
}

function mailFactsOf({ email, storeName }: ParsedSignUp, { publicUrl }: SignUpDeps): NewSignUp['mailFactsOf'] {
  return (storeId) => ({
    storeName,
    email,
    progressUrl: new URL(`stores/${storeId}`, publicUrl).href,
    dashboardUrl: new URL('dashboard', publicUrl).href,
  });
}

function notThePassword(): InvalidFormError {
  return new InvalidFormError({ password: 'This is not the password of your account. Please try again.' });
}

function otherWish(storeName: string): InvalidFormError {
  return new InvalidFormError({
    store_name: `Your store “${storeName}” is made already. For another one, choose another name and send the form once more.`,
  });
}

/** What the form can put right is told beside its field. */
function toFormError(thrown: unknown): unknown {
  if (!(thrown instanceof AppError)) return thrown;
  if (thrown.code === 'name_taken') return new InvalidFormError({ store_name: CUSTOMER_TEXT_OF.name_taken });
  if (thrown.code === 'wrong_credentials') return notThePassword();
  if (thrown.code === 'too_many_stores') return new InvalidFormError({ plan: thrown.message });
  if (thrown.code !== 'request_refused') return thrown;
  return new InvalidFormError({
    email: 'This form was sent before, with another e-mail address or password. Send it once more to begin anew.',
  });
}

/** What one request has taken of which bucket, so that it can be given back. */
function createCounts(limits: RateLimits) {
  const taken = new Map<BucketName, string>();
  const giveBack = async (...buckets: BucketName[]): Promise<void> => {
    for (const bucket of buckets) {
      const key = taken.get(bucket);
      if (key === undefined) continue;
      taken.delete(bucket);
      await limits.giveBack(bucket, key);
    }
  };
  return {
    async take(bucket: BucketName, key: string): Promise<void> {
      await takeOrRefuse(limits, bucket, key, bucket.replaceAll('-', ' '));
      taken.set(bucket, key);
    },
    /** False when there is none. */
    async takeIfAny(bucket: BucketName, key: string): Promise<boolean> {
      const { isAllowed } = await limits.take(bucket, key);
      if (isAllowed) taken.set(bucket, key);
      return isAllowed;
    },
    giveBack,
    giveBackAll: () => giveBack(...taken.keys()),
  };
}
