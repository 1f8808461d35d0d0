import type { Context } from 'hono';
import type { z } from 'zod';
import { InvalidFormError, NotFoundError } from '../../domain/errors.ts';
import type { Origin } from '../../domain/origin.ts';
import type { RequestFacts } from '../server/request-facts.ts';
import type { Session, Visitor, WebServices } from '../services.ts';
import { fieldsOf } from './name-faults.ts';

/** Whoever calls a route. */
export interface Caller {
  readonly customerId: string;
  readonly email: string;
  readonly isVerified: boolean;
  readonly role: Session['role'];
  /** Who it is and from where, for the ledger. */
  readonly origin: Origin;
  readonly visitor: Visitor;
  /** What they have shown; only ever handed on to services. */
  readonly token: string;
  /** The session of the browser that calls. */
  readonly session: Session;
}

/** What a route is run with: parsed, and nothing besides. */
export interface Call<Params = unknown, Query = unknown, Body = unknown> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly caller: Caller;
  readonly services: WebServices;
}

/** What a request says, as it came. */
export interface RawCall extends Omit<Call, 'params' | 'query' | 'body'> {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  readonly body: unknown;
}

export type ApiTag = 'Stores';

/** What the document and the door know of a route. */
export interface RouteFacts {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below `/api/v1`, with places in braces: `/stores/{storeId}`. */
  readonly path: `/${string}`;
  /** A name for programs, unique: `listStores`. */
  readonly id: string;
  readonly tag: ApiTag;
  /** A line for people. */
  readonly summary: string;
  readonly description?: string;
  /** Whose route it is. To everybody else an operator's one is not there. */
  readonly who: 'customer' | 'operator';
  /** Also for an operator who acts as the customer. */
  readonly whileActing?: true;
}

interface Asked<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> {
  readonly params?: Params;
  /** Strict: what is not in it is refused. */
  readonly query?: Query;
  /** Strict, too. Without one the route takes no body. */
  readonly body?: Body;
}

/** A row of the route table. */
export interface ApiRoute extends RouteFacts, Asked<z.ZodObject, z.ZodObject, z.ZodObject> {
  readonly status: 200 | 201 | 202 | 204;
  /** What is answered: exactly what this schema lets through. `null`: nothing. */
  readonly answer: z.ZodType | null;
  /** Answers with what `answer` describes. Throws `InvalidFormError` for what a schema refuses, and whatever the service throws. */
  run(call: RawCall, context: Context<RequestFacts>): Promise<unknown>;
}

/** What services tell is nobody's to change; to a schema that is all the same. */
type Frozen<Told> = Told extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : Told extends object
    ? { readonly [Key in keyof Told]: Frozen<Told[Key]> }
    : Told;

/** A row of the route table, from what it is asked with, what it answers, and the service function behind it. */
export function defineRoute<
  Answer extends z.ZodType,
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodObject = z.ZodObject,
>(
  facts: RouteFacts &
    Asked<Params, Query, Body> & { readonly status?: ApiRoute['status']; readonly answer: Answer | null },
  run: (
    call: Call<z.output<Params>, z.output<Query>, z.output<Body>>,
    context: Context<RequestFacts>,
  ) => Promise<Frozen<z.input<Answer>>>,
): ApiRoute {
  const { params, query, body, status = 200 } = facts;
  return {
    ...facts,
    status,
    run: async (raw, context) =>
      run(
        {
          ...raw,
          params: readParams(params, raw.params),
          query: read(query, raw.query),
          body: read(body, raw.body),
        },
        context,
      ),
  };
}

/** An id that cannot be one is as little there as one that is somebody else's. */
function readParams<Schema extends z.ZodType>(schema: Schema | undefined, raw: unknown): z.output<Schema> {
  const parsed = schema?.safeParse(raw);
  if (parsed?.success === false) throw new NotFoundError('resource', 'of that name');
  return parsed?.data as z.output<Schema>;
}

function read<Schema extends z.ZodType>(schema: Schema | undefined, raw: unknown): z.output<Schema> {
  const parsed = schema?.safeParse(raw);
  if (parsed?.success === false) throw new InvalidFormError(fieldsOf(parsed.error));
  return parsed?.data as z.output<Schema>;
}
