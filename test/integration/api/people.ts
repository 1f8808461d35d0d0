import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { createTokenFinder } from '../../../src/accounts/api-tokens.ts';
import { createSessions } from '../../../src/accounts/sessions.ts';
import { digestOf, makeToken } from '../../../src/adapters/crypto/session-tokens.ts';
import { serveWorkerSocket } from '../../../src/adapters/host/worker-sockets.ts';
import { type ApiScope, apiTokenOf, hintOf } from '../../../src/domain/api-token.ts';
import { PAGE_CACHE_FIELDS, parsePageCache } from '../../../src/domain/page-cache.ts';
import { parseStoreMail, STORE_MAIL_FIELDS } from '../../../src/domain/store-mail.ts';
import { DAY } from '../../../src/lib/time.ts';
import { createAnswerer, question } from '../../../src/worker/answer-questions.ts';
import type { TestDatabase } from '../../services/for-each-database.ts';

/** What a fake worker answers of a store; nothing of it may ever be told to anybody but the owner. */
export const adminPasswordOf = (storeName: string): string => `annotated-${storeName}-password`;

/** A worker that looks at who asks as the real one does, and answers something of the right shape. */
export function serveFakeWorker({ repositories }: TestDatabase, folder: string) {
  const { sessions, audit, stores, apiTokens, storeMail, pageCaching } = repositories;
  const now = (): Date => new Date();
  const nothing = z.looseObject({});
  const answer = createAnswerer({
    questions: {
      logs: question({ mayAsk: 'owner', scope: 'stores:read' }, nothing, async () => ({
        sources: [{ name: 'web', title: 'Web server' }],
        lines: [{ source: 'web', at: null, level: 'info', text: 'ready' }],
        leftOut: 0,
        places: '',
      })),
      credentials: question(
        { mayAsk: 'proven-owner', scope: 'credentials:read' },
        nothing,
        async (_input, { store }) => ({
          database: { host: 'db', name: 'shop', username: 'shop', password: adminPasswordOf(store.name) },
          admin: {
            url: `https://${store.domain}/`,
            username: 'admin',
            password: adminPasswordOf(store.name),
            email: 'a@example.com',
          },
        }),
      ),
      'open-admin': question(
        { mayAsk: 'proven-owner', scope: 'credentials:read' },
        nothing,
        async (_input, { store }) => ({
          url: `https://${store.domain}/`,
          field: 'link',
          token: makeToken(),
          seconds: 60,
        }),
      ),
      'revoke-admin-links': question({ mayAsk: 'owner', scope: 'credentials:read' }, nothing, async () => null),
      'set-store-mail': question(
        { mayAsk: 'proven-owner', scope: 'credentials:write' },
        z.partialRecord(z.enum(STORE_MAIL_FIELDS), z.string()),
        async (texts, { store, origin }) => {
          const known = await storeMail.find(store.id);
          const { settings } = parseStoreMail(texts, known, { hasPassword: false, mayBePrivate: false });
          await storeMail.save({ storeId: store.id, settings, password: 'none', ...origin, now: now() });
          return {};
        },
      ),
      'try-store-mail': question({ mayAsk: 'owner', scope: 'stores:write' }, nothing, async (_input, { store }) => ({
        ...{ outcome: 'accepted', to: store.customerEmail, from: 'a@example.com', way: 'platform', answer: '250 ok' },
      })),
      delete: question({ mayAsk: 'proven-operator', scope: null }, nothing, async () => null),
      'set-page-cache': question(
        { mayAsk: 'owner', scope: 'stores:write' },
        z.partialRecord(z.enum(PAGE_CACHE_FIELDS), z.string()),
        async (texts, { store, origin }) => {
          const choice = parsePageCache(texts, await pageCaching.find(store.id));
          await pageCaching.choose({ storeId: store.id, choice, ...origin, now: now() });
          return {};
        },
      ),
      'empty-page-cache': question({ mayAsk: 'owner', scope: 'stores:write' }, nothing, async () => null),
      undo: question({ mayAsk: 'proven-operator', scope: null }, nothing, async () => null),
      cancel: question({ mayAsk: 'proven-owner', scope: 'stores:delete' }, nothing, async () => null),
    },
    findSession: createSessions({ sessions, tokens: { make: makeToken, digestOf }, audit, now }).find,
    findToken: createTokenFinder({ repository: apiTokens, digestOf, now }),
    stores,
    now,
  });
  return serveWorkerSocket(folder, { pid: process.pid, gid: 0 }, answer);
}

/** A token of the account, as if it had been made on its page. */
export async function giveToken(
  { repositories, as }: TestDatabase,
  customerId: string,
  scopes: readonly ApiScope[],
  {
    name = scopes.join(' ').slice(0, 60),
    expiresAt = new Date(Date.now() + DAY),
  }: { readonly name?: string; readonly expiresAt?: Date } = {},
): Promise<{ readonly id: string; readonly secret: string }> {
  const secret = apiTokenOf(randomBytes(32));
  const query = as('admin').kysely.selectFrom('sessions').select('id').where('customer_id', '=', customerId);
  const { id: sessionId } = await query.limit(1).executeTakeFirstOrThrow();
  const { id } = await repositories.apiTokens.create({
    customerId,
    sessionId,
    name,
    tokenHash: digestOf(secret),
    hint: hintOf(secret),
    scopes,
    expiresAt,
    origin: { actor: customerId },
    mail: { recipient: 'nobody@example.com', kind: 'api-token-made', payload: {} },
    now: new Date(),
  });
  return { id, secret };
}
