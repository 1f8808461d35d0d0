import { z } from 'zod';
import { followProgress } from '../../follow.ts';
import { defineRoute, defineStream } from '../define-route.ts';
import { LIMIT, NUMBER_CURSOR, pageOf, pageThrough, ROW_CURSOR, writeCursor } from '../paging.ts';
import { OF_STORE } from '../schemas/common.ts';
import { ACTIVITY_LINE, NAME_ANSWER, OFFER, PLATFORM, PROGRESS, STORE } from '../schemas/stores.ts';

const READ = { method: 'get', tag: 'Stores', who: 'customer', scope: 'stores:read', whileActing: true } as const;

const LONGEST = 300;
const START = {
  title: z.string().max(LONGEST).optional().meta({ description: 'What the shop calls itself; its name, if left out.' }),
  country: z.string().max(LONGEST).optional().meta({ description: 'ISO 3166, two letters; of shops alone.' }),
  currency: z.string().max(LONGEST).optional().meta({ description: 'ISO 4217, three letters; of shops alone.' }),
  timezone: z.string().max(LONGEST).optional().meta({ description: 'Like `Europe/Berlin`.' }),
  locale: z.string().max(LONGEST).optional().meta({ description: 'Like `de_DE`, where the platform can begin in it.' }),
};
const NEW_STORE = z.strictObject({
  name: z.string().max(LONGEST).meta({ description: 'The label before the platform’s domain.' }),
  ...START,
  platform: PLATFORM,
  plan: z.string().max(LONGEST).optional(),
  domain: z.string().max(LONGEST).optional().meta({ description: 'A domain of yours, to be connected later.' }),
});

/** A customer's own stores: which there are, and how far each has come. */
export const STORE_ROUTES = [
  defineRoute(
    {
      ...READ,
      path: '/stores',
      id: 'listStores',
      summary: 'Your stores, newest first',
      query: z.strictObject({ cursor: ROW_CURSOR, limit: LIMIT }),
      answer: pageOf(STORE),
    },
    async ({ query, caller, services }) => pageThrough(await services.stores.list(caller.customerId), query),
  ),
  defineRoute(
    {
      method: 'post',
      path: '/stores',
      id: 'createStore',
      tag: 'Stores',
      who: 'customer',
      scope: 'stores:write',
      needsProof: true,
      summary: 'A new store',
      description: 'It is accepted, and made within minutes: follow its events, or look at it until it is active.',
      body: NEW_STORE,
      status: 202,
      answer: STORE,
    },
    async ({ body, caller, services, key }) => {
      const { customerId, origin } = caller;
      const { title, country, currency, timezone, locale, ...wish } = body;
      const start = { title, country, currency, timezone, locale };
      const storeId = await services.stores.order({ ...wish, start, customerId, origin, key });
      return services.stores.view(customerId, storeId);
    },
  ),
  defineRoute(
    {
      ...READ,
      path: '/stores/{storeId}',
      id: 'getStore',
      summary: 'One of your stores',
      params: OF_STORE,
      answer: STORE,
    },
    ({ params, caller, services }) => services.stores.view(caller.customerId, params.storeId),
  ),
  defineRoute(
    {
      ...READ,
      path: '/stores/{storeId}/progress',
      id: 'getStoreProgress',
      summary: 'How far the run over a store has come, and what stopped it',
      params: OF_STORE,
      answer: PROGRESS,
    },
    ({ params, caller, services }) => services.stores.get(caller.customerId, params.storeId),
  ),
  defineStream(
    {
      ...READ,
      path: '/stores/{storeId}/events',
      id: 'followStore',
      summary: 'What happens to a store, as it happens',
      description: 'Server-sent events; `Last-Event-ID` or `after` resumes. The last one is called `end`.',
      params: OF_STORE,
      query: z.strictObject({ after: z.string().max(LONGEST).optional() }),
      media: { type: 'text/event-stream', description: 'One event per step.' },
    },
    async ({ params, caller, services, streams, context }) => {
      await services.stores.view(caller.customerId, params.storeId);
      return streams.serve(context, caller, followProgress(services, params.storeId));
    },
  ),
  defineRoute(
    {
      ...READ,
      path: '/stores/{storeId}/activity',
      id: 'listStoreActivity',
      summary: 'Everything that was done to a store, newest first',
      params: OF_STORE,
      query: z.strictObject({ cursor: NUMBER_CURSOR }),
      answer: pageOf(ACTIVITY_LINE),
    },
    async ({ params, query, caller, services }) => {
      const request = { before: query.cursor };
      const { lines, before } = await services.ledger.storeActivity(caller.customerId, params.storeId, request);
      return { items: lines, next: before === null ? null : writeCursor(before) };
    },
  ),
  defineRoute(
    { ...READ, path: '/offer', id: 'getOffer', summary: 'Platforms and plans that can be had', answer: OFFER },
    ({ services }) => services.offer(),
  ),
  defineRoute(
    {
      ...READ,
      path: '/names/{name}',
      id: 'checkName',
      summary: 'Can a store have this name?',
      params: z.object({ name: z.string().min(1).max(LONGEST) }),
      answer: NAME_ANSWER,
    },
    ({ params, caller, services }) => services.checkName(params.name, caller.visitor),
  ),
];
