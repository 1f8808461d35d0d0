import { z } from 'zod';
import { LOG_LEVELS } from '../../../domain/log-lines.ts';
import { PASSWORD_HOLDERS } from '../../../domain/secrets.ts';
import { followLogs } from '../../follow.ts';
import { defineRoute, defineStream } from '../define-route.ts';
import { OF_STORE } from '../schemas/common.ts';
import { ADMIN_LINK, CREDENTIALS, LOG_PAGE, STORE } from '../schemas/stores.ts';

const OF_A_STORE = { tag: 'Stores', who: 'customer', params: OF_STORE } as const;
const READ = { ...OF_A_STORE, method: 'get', scope: 'stores:read', whileActing: true } as const;

const LINES_AT_MOST = 500;
const USUAL_LINES = 300;
const LEVEL = z.enum(LOG_LEVELS);
const at = () => z.iso.datetime({ offset: true }).optional();
const WISH = {
  source: z
    .string()
    .regex(/^[a-z][a-z-]{0,30}$/)
    .optional(),
  tail: z.coerce
    .number()
    .int()
    .min(1)
    .max(LINES_AT_MOST)
    .default(USUAL_LINES)
    .meta({ type: 'integer', description: 'How many of the newest lines.' }),
  since: at(),
  until: at(),
  level: z
    .union([LEVEL, z.array(LEVEL).max(LOG_LEVELS.length)])
    .default([])
    .meta({ description: 'Once or more often; without it: all.' }),
  q: z.string().max(200).default('').meta({ description: 'Only lines with this text.' }),
};

/** As the service takes it. */
function wishOf({ level, q, since, until, source, tail }: z.output<z.ZodObject<typeof WISH>>) {
  return {
    ...(source !== undefined && { source }),
    tail,
    // Moments of another offset are moments all the same.
    ...(since !== undefined && { since: new Date(since).toISOString() }),
    ...(until !== undefined && { until: new Date(until).toISOString() }),
    levels: [level].flat(),
    search: q,
  };
}

/** Into a store: what it says, and what opens it. */
export const STORE_ACCESS_ROUTES = [
  defineRoute(
    {
      ...READ,
      path: '/stores/{storeId}/logs',
      id: 'readLogs',
      summary: 'Lines of a store’s logs',
      query: z.strictObject(WISH),
      answer: LOG_PAGE,
    },
    ({ params, query, caller, services }) => services.logs.read(caller.token, params.storeId, wishOf(query)),
  ),
  defineStream(
    {
      ...READ,
      path: '/stores/{storeId}/logs/events',
      id: 'followLogs',
      summary: 'New lines, as they are written',
      description: 'Server-sent events; `Last-Event-ID` or `after` resumes.',
      query: z.strictObject({ ...WISH, after: z.string().max(4000).optional() }),
      media: { type: 'text/event-stream', description: 'Each event holds the lines that are new.' },
    },
    async ({ params, query, caller, services, streams, context }) => {
      await services.stores.view(caller.customerId, params.storeId);
      return streams.serve(context, caller, followLogs(services, caller.token, params.storeId, wishOf(query)));
    },
  ),
  defineRoute(
    {
      ...OF_A_STORE,
      method: 'get',
      path: '/stores/{storeId}/credentials',
      id: 'readCredentials',
      summary: 'What opens the administration and the database',
      description: 'Each look leaves a line in the ledger.',
      scope: 'credentials:read',
      needsProof: true,
      answer: CREDENTIALS,
      holdsSecret: true,
    },
    ({ params, caller, services }) => services.stores.credentials(caller.token, params.storeId, caller.visitor),
  ),
  defineRoute(
    {
      ...OF_A_STORE,
      method: 'post',
      path: '/stores/{storeId}/credentials/rotate',
      id: 'rotateCredentials',
      summary: 'A new password of the administrator or of the database, with the shop open',
      description: 'Made by a run, and told by none: read the credentials when it is done.',
      scope: 'credentials:write',
      needsProof: true,
      body: z.strictObject({ whose: z.enum(PASSWORD_HOLDERS) }),
      status: 202,
      answer: STORE,
    },
    async ({ params, body, caller: { customerId, origin }, services }) => {
      await services.life.rotate(customerId, params.storeId, body.whose, origin);
      return services.stores.view(customerId, params.storeId);
    },
  ),
  defineRoute(
    {
      ...OF_A_STORE,
      method: 'post',
      path: '/stores/{storeId}/admin-link',
      id: 'openAdmin',
      summary: 'Sign in to the administration once, within a minute',
      scope: 'credentials:read',
      needsProof: true,
      status: 201,
      answer: ADMIN_LINK,
      holdsSecret: true,
    },
    ({ params, caller, services }) => services.access.openAdmin(caller.token, params.storeId, caller.visitor),
  ),
  defineRoute(
    {
      ...OF_A_STORE,
      method: 'delete',
      path: '/stores/{storeId}/admin-link',
      id: 'revokeAdminLinks',
      summary: 'No such link opens any more',
      scope: 'credentials:read',
      answer: null,
    },
    ({ params, caller, services }) => services.access.revokeAdminLinks(caller.token, params.storeId, caller.visitor),
  ),
];
