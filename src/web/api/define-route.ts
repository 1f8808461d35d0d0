import type { Context } from 'hono';
import { z } from 'zod';
import type { ApiScope } from '../../domain/api-token.ts';
import { InvalidFormError, NotFoundError } from '../../domain/errors.ts';
import type { Origin } from '../../domain/origin.ts';
import type { RequestFacts } from '../server/request-facts.ts';
import type { EventStreams } from '../server/stream-events.ts';
import type { Session, Visitor, WebServices } from '../services.ts';
import { fieldsOf } from './name-faults.ts';

/** What the API stands on. */
export interface V1Deps {
  readonly services: WebServices;
  readonly streams: EventStreams;
}

/** Whoever calls a route. */
export interface Caller {
  /** Of the session or the token; no secret. */
  readonly id: string;
  readonly customerId: string;
  readonly email: string;
  readonly isVerified: boolean;
  readonly role: Session['role'];
  readonly hasSecondFactor: boolean;
  /** What a program's token may do; `null` in a browser, whose session may do what its owner may. */
  readonly scopes: ReadonlySet<ApiScope> | null;
  /** Who it is and from where, for the ledger. */
  readonly origin: Origin;
  readonly visitor: Visitor;
  /** What they have shown; only ever handed on to services. */
  readonly token: string;
  /** The session of the browser that calls. */
  readonly session: Session | undefined;
}

/** What a route is run with: parsed, and nothing besides. */
export interface Call<Params = unknown, Query = unknown, Body = unknown> extends V1Deps {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly caller: Caller;
  /** The `Idempotency-Key`, where one was said. */
  readonly key: string | undefined;
  /** For what streams, or answers with a file. */
  readonly context: Context<RequestFacts>;
}

/** What a request says, as it came. */
export type RawCall = Call<Readonly<Record<string, string>>, Readonly<Record<string, string | readonly string[]>>>;

export const API_TAGS = ['Stores', 'Domains', 'Account', 'Desk', 'Webhooks'] as const;

/** What the document and the door know of a route. */
export interface RouteFacts {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below `/api/v1`, with places in braces: `/stores/{storeId}`. */
  readonly path: `/${string}`;
  /** A name for programs, unique: `listStores`. */
  readonly id: string;
  readonly tag: (typeof API_TAGS)[number];
  /** A line for people. */
  readonly summary: string;
  readonly description?: string;
  /** Whose route it is. To everybody else an operator's one is not there. */
  readonly who: 'customer' | 'operator';
  /** What a program's token needs; `null`: no token opens it, a person does it in the browser. */
  readonly scope: ApiScope | null;
  /** A browser's session must have been proven within the last five minutes. */
  readonly needsProof?: true;
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

/** A route that is asked nothing in its address is asked nothing at all there. */
const NO_QUERY = z.strictObject({});

type AnyAsked = Asked<z.ZodObject, z.ZodObject, z.ZodObject>;

/** A row of the route table that answers with JSON. */
export interface JsonRoute extends RouteFacts, AnyAsked {
  readonly kind: 'json';
  readonly status: 200 | 201 | 202 | 204;
  /** What is answered: exactly what this schema lets through. `null`: nothing. */
  readonly answer: z.ZodType | null;
  /** What it answers holds a secret: told once, kept nowhere. */
  readonly holdsSecret?: true;
  /** Answers with what `answer` describes. Throws `InvalidFormError` for what a schema refuses, and whatever the service throws. */
  run(call: RawCall): Promise<unknown>;
}

/** A row of the route table that answers with a file or a stream. */
export interface StreamRoute extends RouteFacts, AnyAsked {
  readonly kind: 'stream';
  /** The media type of what is answered, and what it holds. */
  readonly media: { readonly type: string; readonly description: string };
  /** Throws as `JsonRoute.run` does, before anything is answered. */
  open(call: RawCall): Promise<Response>;
}

export type ApiRoute = JsonRoute | StreamRoute;

/** What services tell is nobody's to change; to a schema that is all the same. */
type Frozen<Told> = Told extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : Told extends object
    ? { readonly [Key in keyof Told]: Frozen<Told[Key]> }
    : Told;

/** A row of the route table, from what it is asked with, what it answers, and the service function behind it. */
export function defineRoute<
  Answer extends z.ZodType,
  Params extends z.ZodObject = z.ZodObject<Record<never, never>>,
  Query extends z.ZodObject = z.ZodObject<Record<never, never>>,
  Body extends z.ZodObject = z.ZodObject<Record<never, never>>,
>(
  facts: RouteFacts &
    Asked<Params, Query, Body> & {
      readonly status?: JsonRoute['status'];
      readonly answer: Answer | null;
      readonly holdsSecret?: true;
    },
  run: (call: Call<z.output<Params>, z.output<Query>, z.output<Body>>) => Promise<Frozen<z.input<Answer>>>,
): JsonRoute {
  const { status = facts.answer === null ? 204 : 200 } = facts;
  return { ...facts, kind: 'json', status, run: async (raw) => run(parse(facts, raw)) };
}

/** The same for what answers with a file or a stream. */
export function defineStream<
  Params extends z.ZodObject = z.ZodObject<Record<never, never>>,
  Query extends z.ZodObject = z.ZodObject<Record<never, never>>,
>(
  facts: RouteFacts & Omit<Asked<Params, Query, never>, 'body'> & { readonly media: StreamRoute['media'] },
  open: (call: Call<z.output<Params>, z.output<Query>>) => Promise<Response>,
): StreamRoute {
  return { ...facts, kind: 'stream', open: async (raw) => open(parse(facts, raw)) };
}

function parse<Params extends z.ZodObject, Query extends z.ZodObject, Body extends z.ZodObject>(
  { params, query, body }: Asked<Params, Query, Body>,
  raw: RawCall,
): Call<z.output<Params>, z.output<Query>, z.output<Body>> {
  return {
    ...raw,
    params: readParams(params, raw.params),
    query: readPart(query ?? NO_QUERY, raw.query) as z.output<Query>,
    body: readPart(body, raw.body),
  };
}

/** An id that cannot be one is as little there as one that is somebody else's. */
function readParams<Schema extends z.ZodType>(schema: Schema | undefined, raw: unknown): z.output<Schema> {
  const parsed = schema?.safeParse(raw);
  if (parsed?.success === false) throw new NotFoundError('resource', 'of that name');
  return parsed?.data as z.output<Schema>;
}

function readPart<Schema extends z.ZodType>(schema: Schema | undefined, raw: unknown): z.output<Schema> {
  const parsed = schema?.safeParse(raw);
  if (parsed?.success === false) throw new InvalidFormError(fieldsOf(parsed.error));
  return parsed?.data as z.output<Schema>;
}
