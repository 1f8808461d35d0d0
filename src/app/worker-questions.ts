import { z } from 'zod';
import { createTokenFinder } from '../accounts/api-tokens.ts';
import { createSessions } from '../accounts/sessions.ts';
import { digestOf, makeToken } from '../adapters/crypto/session-tokens.ts';
import { findSystemUser } from '../adapters/filesystem/find-system-user.ts';
import type { ControlServer } from '../adapters/host/control-socket.ts';
import { serveWorkerSocket } from '../adapters/host/worker-sockets.ts';
import { AppError } from '../domain/errors.ts';
import { LOG_LEVELS, type StoreLogQuery } from '../domain/log-lines.ts';
import { PAGE_CACHE_FIELDS } from '../domain/page-cache.ts';
import { STORE_MAIL_FIELDS } from '../domain/store-mail.ts';
import { SECOND } from '../lib/time.ts';
import { type Asker, createAnswerer, type Question, question } from '../worker/answer-questions.ts';
import type { Adapters } from './adapters.ts';
import { adminLinksOf } from './admin-links.ts';
import { credentialsReaderOf } from './credentials-reader.ts';
import type { DatabaseOpenings } from './database-openings.ts';
import { pageCachingOf } from './page-caching.ts';
import { storeLogsOf } from './store-logs.ts';
import { storeMailOf } from './store-mail.ts';
import { WEB_USER, workersFolderOf } from './web-config-of.ts';

/** Sooner than the web process gives up on its question. */
const READ_WITHIN_MS = 8 * SECOND;
/** For the talk with the mail server; the shop takes the rest. */
const TRIAL_WITHIN_MS = 5 * SECOND;
const LINES_AT_MOST = 10_000;

const LOG_QUESTION = z
  .object({
    source: z.string().max(40).optional(),
    tail: z.coerce.number().int().min(1).max(LINES_AT_MOST),
    since: z.coerce.date().optional(),
    until: z.coerce.date().optional(),
    levels: z.string().transform((text) => LOG_LEVELS.filter((level) => text.split(',').includes(level))),
    search: z.string().max(200),
    after: z.string().max(4000).optional(),
  })
  .transform((asked): StoreLogQuery => {
    const { tail, levels, search, ...others } = asked;
    // What was not asked for is absent, not `undefined`.
    return {
      tail,
      levels,
      search,
      ...Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined)),
    };
  });

const STORE_MAIL_QUESTION = z.partialRecord(z.enum(STORE_MAIL_FIELDS), z.string().max(600));
const PAGE_CACHE_QUESTION = z.partialRecord(z.enum(PAGE_CACHE_FIELDS), z.string().max(20));

/** Everything that the web process may ask a worker, by name. */
function questionsOf(adapters: Adapters, databases: DatabaseOpenings): Readonly<Record<string, Question>> {
  const readCredentials = credentialsReaderOf(adapters);
  const readLogs = storeLogsOf(adapters);
  const links = adminLinksOf(adapters);
  const mail = storeMailOf(adapters);
  const pages = pageCachingOf(adapters);
  return {
    logs: question({ mayAsk: 'owner', scope: 'stores:read' }, LOG_QUESTION, (query, { store }) =>
      readLogs(store, query, AbortSignal.timeout(READ_WITHIN_MS)),
    ),
    'open-admin': question(
      { mayAsk: 'proven-owner', scope: 'credentials:read' },
      z.object({}),
      // A session has just proven itself, or the answerer had refused; a token did so when it was made.
      (_input, { store, origin, sessionId }) =>
        links.issue(store, { origin, proven: sessionId !== null }, AbortSignal.timeout(READ_WITHIN_MS)),
    ),
    'revoke-admin-links': question(
      { mayAsk: 'owner', scope: 'credentials:read' },
      z.object({}),
      (_input, { store, origin }) => links.revoke(store, origin, AbortSignal.timeout(READ_WITHIN_MS)),
    ),
    // Bound to the session that asks; a program has none.
    'open-database': question(
      { mayAsk: 'proven-owner', scope: null },
      z.object({}),
      (_input, { store, sessionId, origin }) =>
        databases.open(store, sessionId, origin, AbortSignal.timeout(READ_WITHIN_MS)),
    ),
    'close-database': question({ mayAsk: 'owner', scope: null }, z.object({}), (_input, { store, origin }) =>
      databases.close(store, origin, AbortSignal.timeout(READ_WITHIN_MS)),
    ),
    credentials: question(
      { mayAsk: 'proven-owner', scope: 'credentials:read' },
      z.object({}),
      (_input, { store, origin }) => readCredentials(store.id, origin),
    ),
    'set-store-mail': question(
      { mayAsk: 'proven-owner', scope: 'credentials:write' },
      STORE_MAIL_QUESTION,
      async (texts, { store, origin }) => {
        await mail.change(store, texts, origin);
        return {};
      },
    ),
    'try-store-mail': question(
      { mayAsk: 'owner', scope: 'stores:write' },
      z.object({}),
      (_input, { store, origin }) => {
        if (store.status !== 'active')
          throw new AppError('not_allowed_now', `A store that is ${store.status} sends no mail.`);
        const options = { origin, signal: AbortSignal.timeout(READ_WITHIN_MS), withinMs: TRIAL_WITHIN_MS };
        return mail.tryOut(store, store.customerEmail, options);
      },
    ),
    'set-page-cache': question(
      { mayAsk: 'owner', scope: 'stores:write' },
      PAGE_CACHE_QUESTION,
      async (texts, { store, origin }) => {
        await pages.change(store, texts, { origin, signal: AbortSignal.timeout(READ_WITHIN_MS) });
        return {};
      },
    ),
    'empty-page-cache': question(
      { mayAsk: 'owner', scope: 'stores:write' },
      z.object({}),
      async (_input, { store, origin }) => {
        await pages.empty(store, origin);
        return {};
      },
    ),
    // Only what changes a store's state at once is asked here; the web process may not write that itself.
    delete: question({ mayAsk: 'proven-operator', scope: null }, z.object({}), (_input, asker) => tearDown(asker)),
    cancel: question({ mayAsk: 'proven-owner', scope: 'stores:delete' }, z.object({}), (_input, asker) =>
      tearDown(asker, { whileBeingMade: true }),
    ),
  };

  async function tearDown({ store, origin }: Asker, rule: { readonly whileBeingMade?: boolean } = {}) {
    const request = { id: store.id, ...origin, ...rule, now: new Date() };
    await adapters.doorbell.ring(await adapters.repositories.stores.requestTeardown(request));
    return { storeId: store.id };
  }
}

/** Answers what the web process cannot know itself, on a socket that only it (and root) may open. */
export async function answerWebQuestions(adapters: Adapters, databases: DatabaseOpenings): Promise<ControlServer> {
  const { config, repositories } = adapters;
  const { sessions, audit } = repositories;
  const now = (): Date => new Date();
  const answer = createAnswerer({
    questions: questionsOf(adapters, databases),
    findSession: createSessions({ sessions, tokens: { make: makeToken, digestOf }, audit, now }).find,
    findToken: createTokenFinder({ repository: repositories.apiTokens, digestOf, now }),
    stores: repositories.stores,
    now,
  });
  const { gid } = await findSystemUser(WEB_USER);
  return serveWorkerSocket(workersFolderOf(config), { pid: process.pid, gid }, answer);
}
