import type { ApiTokenFacts, ApiTokenRepository } from '../adapters/mysql/api-tokens.ts';
import {
  type ApiScope,
  apiTokenOf,
  hintOf,
  isApiToken,
  scopesFor,
  TOKEN_DAYS,
  TOKEN_NAME_LENGTH,
} from '../domain/api-token.ts';
import type { CustomerRole } from '../domain/customer.ts';
import { AppError, InvalidFormError, NotFoundError } from '../domain/errors.ts';
import { momentInWords } from '../domain/moment.ts';
import { originIn, originOfSession } from '../domain/origin.ts';
import { DAY, MINUTE } from '../lib/time.ts';
import type { ApiTokenView, TokenServices } from '../web/services/tokens.ts';
import type { Session, Visitor } from '../web/services.ts';
import { placeInWords } from './change-password.ts';
import { freshSessionOf } from './fresh-session.ts';
import { type RateLimits, takeOrRefuse, tellIfFew } from './limits.ts';
import type { Sessions } from './sessions.ts';

/** Being used is written down this often at most: a program that never rests costs one write. */
const NOTE_EVERY_MS = MINUTE;
/** Control characters, and the marks that turn the direction of text around. */
const UNREADABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

interface FinderDeps {
  readonly repository: Pick<ApiTokenRepository, 'find' | 'noteUsed'>;
  readonly digestOf: (text: string) => string;
  readonly now: () => Date;
}

export interface ApiTokenDeps extends FinderDeps {
  readonly repository: ApiTokenRepository;
  readonly sessions: Pick<Sessions, 'find'>;
  readonly limits: Pick<RateLimits, 'take' | 'giveBack'>;
  readonly randomBytes: () => Uint8Array;
  /** Ends in `/`. */
  readonly publicUrl: string;
}

/** See `TokenServices.find`. The worker looks for itself, by the same. */
export function createTokenFinder({ repository, digestOf, now }: FinderDeps): TokenServices['find'] {
  return async (secret, from) => {
    // Guesses are told by their checksum: they cost no query.
    if (!isApiToken(secret)) return undefined;
    const token = await repository.find(digestOf(secret));
    const at = now();
    if (token === undefined || token.expiresAt <= at || token.deletionAt !== null) return undefined;
    const unlessSince = new Date(at.getTime() - NOTE_EVERY_MS);
    if (token.usedAt === null || token.usedAt < unlessSince) {
      await repository.noteUsed(token.id, from, at, unlessSince);
    }
    const { id, customerId, email, isVerified, role, hasSecondFactor } = token;
    const allowed = scopesFor(role);
    // Who is no operator any more has given away nothing of it.
    const scopes = new Set(token.scopes.filter((scope) => allowed.includes(scope)));
    return { id, customerId, email, isVerified, role, hasSecondFactor, scopes };
  };
}

/** See `TokenServices`: what is there, and the end of one; for owners and for `shopctl`. */
export function createTokenDesk({
  repository,
  now,
}: {
  readonly repository: Pick<ApiTokenRepository, 'listOf' | 'revoke'>;
  readonly now: () => Date;
}): Pick<TokenServices, 'list' | 'revoke'> {
  return {
    list: async (customerId) => (await repository.listOf(customerId)).map((token) => present(token, now())),

    async revoke({ customerId, id, origin }) {
      const isRevoked = await repository.revoke({ ...originIn(origin), customerId, id, now: now() });
      if (!isRevoked) throw new NotFoundError('token', id);
    },
  };
}

/** Tokens for programs. See `TokenServices`. */
export function createApiTokens(deps: ApiTokenDeps): TokenServices {
  const { repository, limits, digestOf, now } = deps;
  const desk = createTokenDesk(deps);
  return {
    find: createTokenFinder(deps),
    list: desk.list,

    async make({ token, name, scopes, days }, visitor) {
      const session = await freshSessionOf(deps, token);
      const { customerId, role } = session;
      // Of whatever is made its owner is told: nobody tells a stranger by having signed up with their address.
      if (!session.isVerified) throw new AppError('email_unverified', `${customerId} has no address of their own yet.`);
      const wish = parseWish({ name, scopes, days }, role);
      await takeOrRefuse(limits, 'tokens-of-customer', customerId, 'tokens');
      const secret = apiTokenOf(deps.randomBytes());
      const at = now();
      const expiresAt = new Date(at.getTime() + wish.days * DAY);
      const made = await tellIfFew(limits, 'token-mails-of-customer', customerId, (isToBeTold) =>
        repository.create({
          customerId,
          sessionId: session.id,
          name: wish.name,
          tokenHash: digestOf(secret),
          hint: hintOf(secret),
          scopes: wish.scopes,
          expiresAt,
          origin: originOfSession(session, visitor),
          mail: isToBeTold ? madeMail(deps, session, { ...wish, expiresAt }, visitor) : undefined,
          now: at,
        }),
      );
      return { secret, view: present(made, at) };
    },

    async revoke(wish) {
      await takeOrRefuse(limits, 'token-revocations-of-customer', wish.customerId, 'revocations of tokens');
      await desk.revoke(wish);
    },

    async stillOpening(secrets) {
      const known = await repository.knownAmong(secrets.map(digestOf), now());
      return new Set(secrets.filter((secret) => known.has(digestOf(secret))));
    },
  };
}

interface Wish {
  readonly name: string;
  readonly scopes: readonly ApiScope[];
  readonly days: number;
}

/** Throws `InvalidFormError` with all that is wrong. */
function parseWish(wish: Omit<Parameters<TokenServices['make']>[0], 'token'>, role: CustomerRole): Wish {
  const problems: Record<string, string> = {};
  const name = wish.name.trim().normalize('NFC');
  if (name === '') problems['name'] = 'Give the token a name that tells what it is for.';
  else if (UNREADABLE.test(name)) problems['name'] = 'A name is one line of ordinary text.';
  else if ([...name].length > TOKEN_NAME_LENGTH) problems['name'] = `At most ${TOKEN_NAME_LENGTH} characters.`;
  const allowed = scopesFor(role);
  const scopes = allowed.filter((scope) => wish.scopes.includes(scope));
  if (wish.scopes.length === 0) problems['scopes'] = 'Choose at least one thing that the token may do.';
  else if (wish.scopes.some((scope) => !allowed.some((known) => known === scope))) {
    problems['scopes'] = 'One of these is nothing that a token of yours may do.';
  }
  const { least, most } = TOKEN_DAYS;
  if (!Number.isInteger(wish.days) || wish.days < least || wish.days > most) {
    problems['days'] = `A token works for ${least} to ${most} days.`;
  }
  if (Object.keys(problems).length > 0) throw new InvalidFormError(problems);
  return { name, scopes, days: wish.days };
}

function present({ createdAt, expiresAt, usedAt, ...token }: ApiTokenFacts, now: Date): ApiTokenView {
  return {
    ...token,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    usedAt: usedAt?.toISOString() ?? null,
    isExpired: expiresAt <= now,
  };
}

/** What the owner reads, whoever made it. */
function madeMail(
  { publicUrl, now }: Pick<ApiTokenDeps, 'publicUrl' | 'now'>,
  { email }: Session,
  { name, scopes, expiresAt }: Omit<Wish, 'days'> & { readonly expiresAt: Date },
  visitor: Visitor,
) {
  const payload = {
    email,
    name,
    scopes: scopes.join(', '),
    until: momentInWords(expiresAt),
    when: momentInWords(now()),
    where: placeInWords(visitor),
    accountUrl: new URL('account/tokens', publicUrl).href,
  };
  return { recipient: email, kind: 'api-token-made', payload };
}
