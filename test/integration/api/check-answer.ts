import { z } from 'zod';
import type { ApiDocument, ApiOperation, JsonSchema } from '../../../src/web/api/document.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** `undefined` where nothing, or no JSON, was answered. */
  readonly json: unknown;
}

/** Every route and method of a document. */
export function operationsOf({ paths }: ApiDocument): { path: string; method: string; operation: ApiOperation }[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
}

/** Compares answers with what a document promises: the published text alone, none of the code that it was made by. */
export function createAnswerChecker(document: ApiDocument) {
  const known = new Map<string, z.ZodType>();
  const schemaOf = (written: JsonSchema): z.ZodType => {
    const text = JSON.stringify({ ...written, $defs: document.components.schemas });
    const schema =
      known.get(text) ?? z.fromJSONSchema(JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')) as never);
    known.set(text, schema);
    return schema;
  };

  /** What the answer does not keep of the promise, in words; empty when it keeps all. */
  return (operation: ApiOperation, answer: ApiAnswer): string[] => {
    const { operationId: id, responses } = operation;
    const promised = responses[String(answer.status)] ?? (answer.status >= 400 ? responses['default'] : undefined);
    if (promised === undefined) return [`${id} answers ${answer.status}, which the document does not know`];
    const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
    if (promised.content === undefined) return answer.text === '' ? [] : [`${id} should answer nothing`];
    const content = promised.content[type];
    if (content === undefined) return [`${id} answers ${answer.status} as “${type}”`];
    if (!type.endsWith('json')) return [];
    const parsed = schemaOf(content.schema).safeParse(answer.json);
    return parsed.success ? [] : [`${id} ${answer.status}: ${z.prettifyError(parsed.error)}\n${answer.text}`];
  };
}
