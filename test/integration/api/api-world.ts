import { Redis } from 'ioredis';
import { expect } from 'vitest';
import { SCOPE_NAMES, scopesFor } from '../../../src/domain/api-token.ts';
import { newId } from '../../../src/lib/new-id.ts';
import { DAY } from '../../../src/lib/time.ts';
import type { ApiDocument } from '../../../src/web/api/document.ts';
import type { TestDatabase } from '../../services/for-each-database.ts';
import { giveSecondFactor } from '../../services/second-factor.ts';
import { createTableCopies } from '../../services/table-copies.ts';
import { startWeb } from '../../services/web.ts';
import { type ApiAnswer, createAnswerChecker, operationsOf } from './check-answer.ts';
import { giveToken, serveFakeWorker } from './people.ts';

export interface Person {
  readonly customerId: string;
  readonly email: string;
  readonly storeId: string;
  /** What their browser sends along. */
  readonly cookie: string;
  /** Everything that is theirs, by the name of its place in a route. */
  readonly places: Readonly<Record<string, string>>;
}

export type ApiWorld = Awaited<ReturnType<typeof openApiWorld>>;

/** Who asks: a browser, a program with a token, or nobody. */
export type Asker = { readonly cookie: string } | { readonly secret: string } | undefined;

interface Ask {
  readonly as?: Asker;
  /** As JSON; a text goes as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a mere look changes. */
export const CHANGES_ANYWAY = ['sessions.seen_at', 'api_tokens.used_at', 'api_tokens.used_from', 'scheduled_tasks'];

/** What Ann calls her store and what she has made; to be found in her own answers alone. */
export const ANNS_TITLE = 'Annotated Flowers';
export const hookNameOf = (name: string): string => `${name} hook`;
export const tokenNameOf = (name: string): string => `${name} token`;

/** The state in which a test wants Ann's store. */
export type StoreState = 'active' | 'failed' | 'paused' | 'suspended' | 'going';

/**
 * The web process with customers Ann and Bob, an operator, and one without a second factor; each has an open store with a
 * domain, a mail, and a browser that is signed in. In another one the operator acts as Ann. A worker answers what it is
 * asked.
 */
export async function openApiWorld(database: TestDatabase) {
  const web = await startWeb(database);
  const worker = await serveFakeWorker(database, web.workersFolder);
  const { kysely } = database.as('admin');
  const copies = createTableCopies(database.as('admin'));
  const redis = new Redis(web.redis.connection.port, web.redis.connection.host);
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
    const hostname = `www.${name}.example`;
    const domain = { id: newId('dom'), store_id: storeId, hostname, state: 'valid' as const, token: `proof-${name}` };
    const times = { created_at: new Date(), next_check_at: new Date(), proven_at: new Date(), valid_at: new Date() };
    await kysely
      .insertInto('own_domains')
      .values({ ...domain, ...times, diagnoses_json: '[]' })
      .execute();
    await kysely
      .insertInto('domains')
      .values({ hostname, store_id: storeId, kind: 'custom', created_at: new Date() })
      .execute();
    const token = await giveToken(database, customerId, ['account:read'], { name: tokenNameOf(name) });
    const { id: tokenId } = token;
    const sessionId = newId('ses');
    await kysely
      .insertInto('sessions')
      .values({
        id: sessionId,
        token_hash: sessionId.padEnd(64, '0'),
        customer_id: customerId,
        created_at: new Date(),
        seen_at: new Date(),
        proven_at: new Date(),
        expires_at: new Date(Date.now() + DAY),
        user_agent: name,
        address: '192.0.2.1',
      })
      .execute();
    const mail = kysely.selectFrom('outbox').select('id').where('recipient', '=', email).where('kind', '=', 'welcome');
    const run = kysely.selectFrom('provisioning_jobs').select('id').where('store_id', '=', storeId);
    const { id: mailId } = await mail.executeTakeFirstOrThrow();
    const { id: runId } = await run.executeTakeFirstOrThrow();
    const { webhookEndpoints, webhookDeliveries } = database.repositories;
    const webhook = { customerId, id: newId('whe'), origin: { actor: customerId }, now: new Date() };
    const url = `https://${hostname}/hook`;
    await webhookEndpoints.add({ ...webhook, name: hookNameOf(name), url, events: ['store.active'], sealed: 'sealed' });
    const [webhookId, deliveryId] = [webhook.id, await webhookDeliveries.queueTest(webhook)];
    const places = { storeId, customerId, hostname, mailId, runId, sessionId, tokenId, webhookId, deliveryId, name };
    return { customerId, email, storeId, cookie: cookie.join('; '), places };
  }

  const ann = await aPerson('anns-shop');
  const bob = await aPerson('bobs-shop');
  const operator = await aPerson('operators-shop');
  const bare = await aPerson('bare-operators-shop');
  await giveSecondFactor(database, operator.customerId);
  const operators = [operator.customerId, bare.customerId];
  await kysely.updateTable('customers').set({ role: 'operator' }).where('id', 'in', operators).execute();
  await kysely.updateTable('provisioning_jobs').set({ status: 'done', finished_at: new Date() }).execute();
  await kysely.updateTable('provisioning_steps').set({ status: 'done' }).execute();
  await kysely.updateTable('stores').set({ status: 'active', active_at: new Date() }).execute();
  await kysely.updateTable('stores').set({ title: ANNS_TITLE }).where('id', '=', ann.storeId).execute();
  const acting = await actAs(web.base, operator, ann);

  /** For each scope: a token that has nothing else, and one that has everything else. */
  const tokens = new Map<string, { readonly only: string; readonly others: string }>();
  for (const scope of SCOPE_NAMES) {
    const { customerId, role } = scope.startsWith('desk:')
      ? { customerId: operator.customerId, role: 'operator' as const }
      : { customerId: ann.customerId, role: 'customer' as const };
    const others = scopesFor(role).filter((other) => other !== scope);
    tokens.set(scope, {
      only: (await giveToken(database, customerId, [scope])).secret,
      others: (await giveToken(database, customerId, others)).secret,
    });
  }
  const annsAll = (await giveToken(database, ann.customerId, scopesFor('customer'))).secret;
  const bobsAll = (await giveToken(database, bob.customerId, scopesFor('customer'))).secret;
  const operatorsAll = (await giveToken(database, operator.customerId, scopesFor('operator'))).secret;
  await copies.hold();

  /** A route by its method and path in the document, its places filled in. Its answer keeps what the document promises. */
  async function ask(route: string, places: Readonly<Record<string, string>>, asked: Ask = {}): Promise<ApiAnswer> {
    const [method = '', path = ''] = route.split(' ');
    const found = operations.find((each) => each.method === method && each.path === path.split('?')[0]);
    if (found === undefined) throw new Error(`The document has no ${route}.`);
    const filled = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(places[name] ?? ''));
    const { as: asker, body, headers } = asked;
    const response = await fetch(`${web.base}/api/v1${filled}`, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(30_000),
      headers: {
        ...(asker !== undefined &&
          ('cookie' in asker ? { cookie: asker.cookie } : { authorization: `Bearer ${asker.secret}` })),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const isStream = response.headers.get('content-type') === 'text/event-stream';
    // A stream may go on for ever; that it began is enough.
    if (isStream) await response.body?.cancel();
    const text = isStream ? '' : await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    const answer: ApiAnswer = {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson ? (JSON.parse(text) as unknown) : undefined,
    };
    expect(faultsOf(found.operation, answer)).toEqual([]);
    expect(response.headers.get('cache-control')).toBe('no-store');
    return answer;
  }

  /** Ann's store as a test wants it, everything else as it was; every browser has just proven who it is. */
  async function begin(state: StoreState = 'active'): Promise<void> {
    await copies.putBack();
    await redis.flushall();
    const [proven_at, seen_at] = [new Date(), new Date()];
    const own = kysely.updateTable('sessions').where('impersonator_session', 'is', null);
    await own.set({ proven_at, seen_at }).execute();
    const { storeId } = ann;
    const [run_id, now] = [ann.places['runId'] ?? '', new Date()];
    const status = {
      active: 'active',
      failed: 'failed',
      paused: 'suspended',
      suspended: 'suspended',
      going: 'deletion-scheduled',
    } as const;
    await kysely.updateTable('stores').set({ status: status[state] }).where('id', '=', storeId).execute();
    if (state === 'failed') {
      await kysely.updateTable('provisioning_jobs').set({ status: 'failed' }).where('store_id', '=', storeId).execute();
    } else if (state === 'paused' || state === 'suspended') {
      const suspended_by = state === 'paused' ? ('owner' as const) : ('operator' as const);
      const row = { store_id: storeId, suspended_by, actor: 'test', reason: 'why', customer_text: null, run_id };
      await kysely
        .insertInto('suspensions')
        .values({ ...row, suspended_at: now })
        .execute();
    } else if (state === 'going') {
      const row = { store_id: storeId, previous_status: 'active' as const, actor: ann.customerId, run_id };
      await kysely
        .insertInto('store_deletions')
        .values({ ...row, requested_at: now, due_at: new Date(Date.now() + DAY) })
        .execute();
    }
  }

  /** As if whoever has asked for this had done so that often. Somebody must have. */
  async function useUp(bucket: string, times = 100_000): Promise<void> {
    const keys = await redis.keys(`limit:${bucket}:*`);
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) await redis.incrby(key, times);
  }

  return {
    web,
    database,
    document,
    operations,
    copies,
    ann,
    bob,
    operator,
    /** Of an operator without a second factor. */
    bare,
    /** Of the operator who acts as Ann. */
    acting,
    tokens,
    /** Each may do whatever a token of theirs may. */
    annsAll,
    bobsAll,
    operatorsAll,
    ask,
    begin,
    useUp,
    /** As if nobody had tried anything in the last hours. */
    forgetTries: () => redis.flushall(),
    async stop(): Promise<void> {
      await worker.close();
      redis.disconnect();
      await web.stop();
    },
  };
}

/** What the browser sends along in which the operator acts as somebody. */
async function actAs(base: string, operator: Person, { customerId }: Person): Promise<{ readonly cookie: string }> {
  const answer = await fetch(`${base}/admin/customers/${customerId}/act-as`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: operator.cookie },
    body: new URLSearchParams({ reason: 'a test' }),
  });
  expect(answer.status).toBe(303);
  const cookies = [...operator.cookie.split('; '), ...answer.headers.getSetCookie()];
  const named = cookies.map((line) => /^([^=]+)=([^;]*)/.exec(line)?.slice(1) ?? []);
  const kept = new Map(named.map(([name = '', value = '']) => [name, value]));
  return { cookie: [...kept].map(([name, value]) => `${name}=${value}`).join('; ') };
}
