import { expect } from 'vitest';
import type { ApiDocument } from '../../../src/web/api/document.ts';
import type { TestDatabase } from '../../services/for-each-database.ts';
import { giveSecondFactor } from '../../services/second-factor.ts';
import { startWeb } from '../../services/web.ts';
import { type ApiAnswer, createAnswerChecker, operationsOf } from './check-answer.ts';

export interface Person {
  readonly customerId: string;
  readonly email: string;
  readonly storeId: string;
  /** What their browser sends along. */
  readonly cookie: string;
}

export type ApiWorld = Awaited<ReturnType<typeof openApiWorld>>;

interface Ask {
  readonly as?: Person | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The web process with customers Ann and Bob, and an operator; each has a store and a browser that is signed in. */
export async function openApiWorld(database: TestDatabase) {
  const web = await startWeb(database);
  const { kysely } = database.as('admin');
  const document = (await (await fetch(`${web.base}/api/openapi.json`)).json()) as ApiDocument;
  const faultsOf = createAnswerChecker(document);
  const operations = operationsOf(document);

  async function aPerson(name: string): Promise<Person> {
    const { answer, form, storeId } = await web.signUp(name);
    const { email } = form;
    await kysely.updateTable('customers').set({ claimed_email: email }).where('email', '=', email).execute();
    const found = kysely.selectFrom('customers').select('id').where('email', '=', email);
    const { id: customerId } = await found.executeTakeFirstOrThrow();
    const cookie = answer.headers.getSetCookie().map((line) => line.split(';')[0]);
    return { customerId, email, storeId, cookie: cookie.join('; ') };
  }

  const ann = await aPerson('anns-shop');
  const bob = await aPerson('bobs-shop');
  const operator = await aPerson('operators-shop');
  await giveSecondFactor(database, operator.customerId);
  await kysely.updateTable('customers').set({ role: 'operator' }).where('id', '=', operator.customerId).execute();

  /** A route by its method and path in the document, its places filled in. Its answer keeps what the document promises. */
  async function ask(
    route: string,
    places: Readonly<Record<string, string>> = {},
    asked: Ask = {},
  ): Promise<ApiAnswer> {
    const [method = '', path = ''] = route.split(' ');
    const found = operations.find((each) => each.method === method && each.path === path.split('?')[0]);
    if (found === undefined) throw new Error(`The document has no ${route}.`);
    const url = `${web.base}/api/v1${path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(places[name] ?? ''))}`;
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      headers: {
        ...(asked.as && { cookie: asked.as.cookie }),
        ...(asked.body !== undefined && { 'content-type': 'application/json' }),
        ...asked.headers,
      },
      ...(asked.body !== undefined && { body: JSON.stringify(asked.body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    const json = isJson ? (JSON.parse(text) as unknown) : undefined;
    const answer = { status: response.status, headers: response.headers, text, json };
    expect(faultsOf(found.operation, answer)).toEqual([]);
    expect(response.headers.get('cache-control')).toBe('no-store');
    return answer;
  }

  return { web, database, document, operations, ann, bob, operator, ask };
}
