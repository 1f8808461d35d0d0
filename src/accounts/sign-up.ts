import type { DeviceTokens } from '../adapters/crypto/device-tokens.ts';
import type { PasswordHasher } from '../adapters/crypto/hash-password.ts';
import type { CustomerForLogin, CustomerRepository } from '../adapters/mysql/customers.ts';
import type { NewSignUp, SignUpResult } from '../adapters/mysql/sign-ups.ts';
import type { OwnNames } from '../domain/domain-name.ts';
import { CUSTOMER_TEXT_OF } from '../domain/error-texts.ts';
import { AppError, InvalidFormError } from '../domain/errors.ts';
import type { Offer, SignedIn, SignUpInput, Visitor } from '../web/services.ts';
import { deviceFor, deviceOf } from './devices.ts';
import { type BucketName, type RateLimits, takeOrRefuse } from './limits.ts';
import { matchPassword } from './match-password.ts';
import { networkOf } from './network-of.ts';
import { type ParsedSignUp, parseSignUp } from './parse-sign-up.ts';
import type { Sessions } from './sessions.ts';

export interface SignUpDeps {
  readonly own: OwnNames;
  /** Ends in `/`. */
  readonly publicUrl: string;
  readonly areSignUpsOpen: boolean;
  readonly offer: () => Promise<Offer>;
  readonly customers: Pick<CustomerRepository, 'listForLogin'>;
  /** Account, store and all that begins with them, in one transaction or not at all. */
  readonly accept: (signUp: NewSignUp) => Promise<SignUpResult>;
  readonly sessions: Sessions;
  readonly hasher: Pick<PasswordHasher, 'saltOf' | 'todaysRecipe' | 'recipeOf' | 'hash'>;
  readonly devices: DeviceTokens;
  readonly digestOf: (text: string) => string;
  readonly limits: RateLimits;
  readonly ring: (runId: string) => Promise<unknown>;
  readonly now: () => Date;
}

/** See `WebServices.accounts.signUp`. */
export function createSignUp(deps: SignUpDeps) {
  return async (input: SignUpInput, visitor: Visitor): Promise<SignedIn & { readonly storeId: string }> => {
    const offer = await deps.offer();
    if (!deps.areSignUpsOpen) throw new AppError('sign_ups_closed', 'SIGNUPS is set to closed.');
    if (offer.closed !== null) throw new AppError('sign_ups_closed', offer.closed, { retryable: true });
    const counts = createCounts(deps.limits);
    const address = networkOf(visitor.address);
    await counts.take('sign-up-posts-from-address', address);
    const parsed = parseSignUp(input, offer, deps.own);
    await counts.take('sign-ups-from-address', address);
    try {
      const accounts = await deps.customers.listForLogin(parsed.email);
      const who = personBehind(deps.devices, parsed.email, accounts, visitor);
      await counts.take('sign-up-tries-for-email', who);
      await counts.take('sign-ups-for-email', who);
      const { token, result } = await accept(deps, parsed, accounts, input.idempotencyKey, visitor);
      if (result.kind === 'new') {
        await deps.ring(result.runId);
        await counts.giveBack('sign-up-posts-from-address');
      } else {
        await counts.giveBackAll();
      }
      return { token, device: deviceFor(deps.devices, result.customerId, visitor), storeId: result.storeId };
    } catch (thrown) {
      // Nothing was made. The tries stay counted: what was refused may have been a guess.
      await counts.giveBack('sign-ups-from-address', 'sign-ups-for-email');
      throw thrown;
    }
  };
}

async function accept(
  deps: SignUpDeps,
  { email, password, storeName, platform, wishedDomain, plan }: ParsedSignUp,
  accounts: readonly CustomerForLogin[],
  idempotencyKey: string,
  visitor: Visitor,
): Promise<{ token: string; result: SignUpResult }> {
  const match = await matchPassword(deps.hasher, email, accounts, password);
  const { token, session } = deps.sessions.prepare(match.customer?.role ?? 'customer', visitor);
  try {
    const result = await deps.accept({
      email,
      passwordHash: match.hash,
      customerId: match.customer?.id,
      store: {
        name: storeName,
        title: storeName,
        platform,
        plan,
        wishedDomain,
        domain: `${storeName}.${deps.own.baseDomain}`,
      },
      requestKey: deps.digestOf(idempotencyKey),
      session,
      mailFactsOf: (storeId) => ({
        storeName,
        email,
        progressUrl: new URL(`stores/${storeId}`, deps.publicUrl).href,
        dashboardUrl: new URL('dashboard', deps.publicUrl).href,
      }),
      now: deps.now(),
    });
    return { token, result };
  } catch (thrown) {
    throw toFormError(thrown);
  }
}

/** Strangers share what an address may do in a day; whoever was signed in to one of its accounts before has it alone. */
function personBehind(
  devices: DeviceTokens,
  email: string,
  accounts: readonly CustomerForLogin[],
  visitor: Visitor,
): string {
  const device = deviceOf(devices, accounts, visitor);
  return device === undefined ? email : JSON.stringify([email, device.customerId, device.nonce]);
}

/** What the form can put right is told beside its field. */
function toFormError(thrown: unknown): unknown {
  if (!(thrown instanceof AppError)) return thrown;
  if (thrown.code === 'name_taken') return new InvalidFormError({ store_name: CUSTOMER_TEXT_OF.name_taken });
  if (thrown.code !== 'request_refused') return thrown;
  return new InvalidFormError({
    email: 'This form was sent before, with another e-mail address or password. Load the page anew to begin again.',
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
    giveBack,
    giveBackAll: () => giveBack(...taken.keys()),
  };
}
