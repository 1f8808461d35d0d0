import { z } from 'zod';
import { type ApiScope, isApiToken } from '../domain/api-token.ts';
import { AppError, NotFoundError } from '../domain/errors.ts';
import { type Origin, originOfSession, originOfToken } from '../domain/origin.ts';
import { isProofFresh } from '../domain/proof.ts';
import type { Store } from '../domain/store.ts';
import type { TokenServices } from '../web/services/tokens.ts';
import type { Session } from '../web/services.ts';

/** Whoever asks by way of the web process; the worker has looked for itself. */
export interface Asker {
  /** The store that the question is about, which is the asker's own. */
  readonly store: Store;
  /** The session that asks; `null` where a token for programs does. */
  readonly sessionId: string | null;
  /** For the ledger: who it is by the session, and from where as the web process tells it. */
  readonly origin: Origin;
}

/**
 * Who may ask: `owner` = somebody signed in, about a store of their own; `proven-owner` = the same, whose password was
 * given within the last five minutes; `proven-operator` = an operator whose proof is as fresh, about anybody's store.
 */
export type MayAsk = 'owner' | 'proven-owner' | 'proven-operator';

/** One line of the table of questions. */
export interface Question {
  readonly mayAsk: MayAsk;
  /** What a token for programs needs to ask it, a fresh proof or not; `null`: no token may. */
  readonly scope: ApiScope | null;
  /** Throws `invalid_input` for what the question's schema refuses. What it returns goes back as JSON. */
  answer(input: unknown, asker: Asker): Promise<unknown>;
}

/**
 * A question from the schema of what it is asked with, who may ask it and its answer. The schema sees what the socket
 * carries, an object of strings: a number is `z.coerce.number()`.
 */
export function question<Schema extends z.ZodType>(
  { mayAsk, scope }: Pick<Question, 'mayAsk' | 'scope'>,
  schema: Schema,
  answer: (input: z.output<Schema>, asker: Asker) => Promise<unknown>,
): Question {
  return {
    mayAsk,
    scope,
    async answer(input, asker) {
      const parsed = schema.safeParse(input);
      if (!parsed.success) throw new AppError('invalid_input', z.prettifyError(parsed.error));
      return answer(parsed.data, asker);
    },
  };
}

const ENVELOPE = z.looseObject({
  question: z.string(),
  token: z.string(),
  storeId: z.string(),
  address: z.string().max(45).optional(),
  requestId: z.string().max(64).optional(),
});

/** About which store, and from where as the web process tells it. */
interface From {
  readonly storeId: string;
  readonly address: string | undefined;
  readonly requestId: string | undefined;
}

/**
 * What the worker asks itself before it answers the web process: the token must be that of a living session, the store
 * its customer's, and where the table says so its proof fresh; or a token for programs that has the question's scope. The
 * web process is taken at its word for none of it. Throws `not_signed_in`, `not_found`, `not_while_acting`,
 * `step_up_required`, `scope_missing`, `second_factor_required`, `invalid_input`, and whatever the answer throws.
 */
export function createAnswerer(deps: {
  readonly questions: Readonly<Record<string, Question>>;
  readonly findSession: (token: string) => Promise<Session | undefined>;
  readonly findToken: TokenServices['find'];
  readonly stores: { find(query: { id: string; customerId?: string }): Promise<Store | undefined> };
  readonly now: () => Date;
}) {
  return async (request: Readonly<Record<string, string>>): Promise<unknown> => {
    const envelope = ENVELOPE.safeParse(request);
    if (!envelope.success) throw new AppError('invalid_input', 'A question has a name, a token and a store.');
    const { question: name, token, storeId, address, requestId, ...input } = envelope.data;
    const asked = Object.hasOwn(deps.questions, name) ? deps.questions[name] : undefined;
    if (asked === undefined) throw new AppError('invalid_input', 'There is no such question.');
    const from = { storeId, address, requestId };
    const who = isApiToken(token)
      ? await holderOf(name, asked, token, from)
      : await sessionFor(name, asked, token, from);
    const owner = asked.mayAsk === 'proven-operator' ? {} : { customerId: who.customerId };
    const store = await deps.stores.find({ id: storeId, ...owner });
    if (store === undefined) throw new NotFoundError('store', storeId);
    who.assertProven();
    return asked.answer(input, { store, sessionId: who.sessionId, origin: who.origin });
  };

  async function sessionFor(name: string, { mayAsk }: Question, token: string, { storeId, ...from }: From) {
    const session = await deps.findSession(token);
    if (session === undefined) throw new AppError('not_signed_in', 'The token belongs to no living session.');
    const isOperator = session.role === 'operator' && session.hasSecondFactor;
    if (mayAsk === 'proven-operator' && !isOperator) throw new NotFoundError('store', storeId);
    return {
      customerId: session.customerId,
      sessionId: session.id,
      origin: originOfSession(session, from),
      assertProven() {
        // Keys are the customer's alone, whatever the web process lets through.
        if (mayAsk === 'proven-owner' && session.impersonatorId !== undefined) {
          throw new AppError('not_while_acting', `${name} is the customer's alone.`);
        }
        if (mayAsk !== 'owner' && !isProofFresh(session.provenAt, deps.now())) {
          throw new AppError('step_up_required', 'The password was given too long ago.');
        }
      },
    };
  }

  /** A token was proven when it was made, for what it names. */
  async function holderOf(name: string, { mayAsk, scope }: Question, token: string, { storeId, ...from }: From) {
    const holder = await deps.findToken(token, from.address);
    if (holder === undefined) throw new AppError('not_signed_in', 'This token opens nothing, or no longer.');
    if (holder.role === 'operator' && !holder.hasSecondFactor) {
      throw new AppError('second_factor_required', 'An operator without a second factor asks nothing.');
    }
    if (scope === null || !holder.scopes.has(scope)) {
      throw new AppError('scope_missing', `${holder.id} may not ask for ${name}.`);
    }
    // Before the store is looked for, which is anybody's here.
    if (mayAsk === 'proven-operator' && holder.role !== 'operator') throw new NotFoundError('store', storeId);
    const { customerId } = holder;
    return { customerId, sessionId: null, origin: originOfToken(holder, from), assertProven: () => undefined };
  }
}
