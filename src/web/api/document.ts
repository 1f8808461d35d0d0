import { z } from 'zod';
import { SCOPE_NAMES } from '../../domain/api-token.ts';
import type { ApiRoute } from './define-route.ts';
import { PROBLEM } from './schemas/common.ts';

/** Where all routes are. */
export const API_BASE = '/api/v1';

/** A schema as JSON Schema (draft 2020-12, which is what OpenAPI 3.1 speaks). */
export type JsonSchema = Readonly<Record<string, unknown>>;

export interface ApiParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: JsonSchema;
  readonly description?: string;
}

interface Content {
  readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>>;
}

export interface ApiOperation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly ApiParameter[];
  readonly requestBody?: Content & { readonly required: true };
  readonly responses: Readonly<Record<string, Partial<Content> & { readonly description: string }>>;
}

/** An OpenAPI 3.1 document, as plain data. */
export interface ApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly securitySchemes: Readonly<Record<string, JsonSchema>>;
  };
}

const ABOUT = 'Everything that customers and operators do on pages, for programs.';

/** The OpenAPI 3.1 document of these routes, from the schemas that they parse and answer with. */
export function documentOf(routes: readonly ApiRoute[], facts: { version: string; publicUrl: string }): ApiDocument {
  const schemas: Record<string, JsonSchema> = {};
  const schemaOf = createSchemaWriter(schemas);
  const paths: Record<string, Record<string, ApiOperation>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route, schemaOf) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'ShopHosting', version: facts.version, description: ABOUT },
    servers: [{ url: new URL(API_BASE, facts.publicUrl).href }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: `A token of yours, made under “API tokens” in your account. Scopes: ${SCOPE_NAMES.join(', ')}.`,
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-session',
          description: 'The session of a browser that is signed in.',
        },
      },
    },
  };
}

type SchemaWriter = (schema: z.ZodType, io: 'input' | 'output') => JsonSchema;

/** Writes schemas down, and those with a name once, beside the others. */
function createSchemaWriter(named: Record<string, JsonSchema>): SchemaWriter {
  return (schema, io) => {
    const text = JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: 'any' }));
    const {
      $schema: _dialect,
      $defs,
      ...own
    } = JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/')) as {
      $schema: string;
      $defs?: Record<string, JsonSchema>;
    };
    for (const [name, { id: _id, ...definition }] of Object.entries($defs ?? {})) named[name] = definition;
    const { id, ...written } = own as { id?: string };
    if (id === undefined) return written;
    named[id] = written;
    return { $ref: `#/components/schemas/${id}` };
  };
}

const IDEMPOTENCY_KEY: ApiParameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  schema: { type: 'string', minLength: 1, maxLength: 200 },
  description: 'The same request under the same key is done once, however often it arrives within a day.',
};

function operationOf(route: ApiRoute, schemaOf: SchemaWriter): ApiOperation {
  const { id, tag, summary, description, scope, method, params, query, body } = route;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    security: [{ session: [] }, ...(scope === null ? [] : [{ token: [scope] }])],
    parameters: [
      ...parametersOf('path', params, schemaOf),
      ...parametersOf('query', query, schemaOf),
      ...(method === 'post' ? [IDEMPOTENCY_KEY] : []),
    ],
    ...(body !== undefined && {
      requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } },
    }),
    responses: {
      ...answerOf(route, schemaOf),
      default: {
        description: 'It was not done, and why.',
        content: { 'application/problem+json': { schema: schemaOf(PROBLEM, 'output') } },
      },
    },
  };
}

function answerOf(route: ApiRoute, schemaOf: SchemaWriter): ApiOperation['responses'] {
  if (route.kind === 'stream') {
    const { type, description } = route.media;
    return { '200': { description, content: { [type]: { schema: { type: 'string' } } } } };
  }
  const { status, answer, summary } = route;
  if (answer === null) return { [status]: { description: 'Done.' } };
  return {
    [status]: { description: summary, content: { 'application/json': { schema: schemaOf(answer, 'output') } } },
  };
}

function parametersOf(
  place: 'path' | 'query',
  schema: z.ZodObject | undefined,
  schemaOf: SchemaWriter,
): ApiParameter[] {
  return Object.entries(schema?.shape ?? {}).map(([name, part]) => {
    const { description, ...written } = schemaOf(part as z.ZodType, 'input') as { description?: string };
    const required = place === 'path' || !(part as z.ZodType).safeParse(undefined).success;
    return { name, in: place, required, schema: written, ...(description !== undefined && { description }) };
  });
}
