import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { NUMBER_CURSOR, pageOf, writeCursor } from '../paging.ts';
import { ACCOUNT, NEW_TOKEN, SECOND_FACTORS, SESSION, TOKEN } from '../schemas/account.ts';
import { idOf, moment } from '../schemas/common.ts';
import { ACTIVITY_LINE } from '../schemas/stores.ts';

const LONGEST = 300;
const READ = { method: 'get', tag: 'Account', who: 'customer', scope: 'account:read' } as const;
/** What keeps an account its owner's is done by a person, never by a token. */
const PERSON = { tag: 'Account', who: 'customer', scope: null } as const;

/** The account itself: who it is, where it is signed in, its tokens, and its end. */
export const ACCOUNT_ROUTES = [
  defineRoute(
    { ...READ, path: '/account', id: 'getAccount', summary: 'Your account', answer: ACCOUNT },
    async ({ caller: { customerId: id, email, isVerified, role, hasSecondFactor, session } }) => ({
      ...{ id, email, isVerified, role, hasSecondFactor },
      deletionAt: session?.deletionAt?.toISOString() ?? null,
    }),
  ),
  defineRoute(
    {
      ...READ,
      path: '/account/activity',
      id: 'listAccountActivity',
      summary: 'What was done to your account, newest first',
      query: z.strictObject({ cursor: NUMBER_CURSOR }),
      answer: pageOf(ACTIVITY_LINE),
    },
    async ({ query, caller, services }) => {
      const found = await services.ledger.accountActivity(caller.customerId, { before: query.cursor });
      return { items: found.lines, next: found.before === null ? null : writeCursor(found.before) };
    },
  ),
  defineRoute(
    {
      ...PERSON,
      method: 'get',
      path: '/account/export',
      id: 'exportAccount',
      summary: 'Everything that is kept about you',
      needsProof: true,
      answer: z.record(z.string(), z.unknown()),
    },
    ({ caller, services }) => services.accountData.exportAccount(caller.token, caller.origin),
  ),
  defineRoute(
    {
      ...PERSON,
      method: 'get',
      path: '/account/second-factors',
      id: 'getSecondFactors',
      summary: 'What your account asks for besides its password',
      answer: SECOND_FACTORS,
    },
    ({ caller, services }) => services.security.secondFactors(caller.token),
  ),
  defineRoute(
    {
      ...PERSON,
      method: 'post',
      path: '/account/verification',
      id: 'sendVerification',
      summary: 'Mail the link that confirms your address once more',
      answer: null,
    },
    ({ caller, services }) => services.accounts.sendVerification(caller.token),
  ),
  defineRoute(
    {
      ...PERSON,
      method: 'post',
      path: '/account/email',
      id: 'changeEmail',
      summary: 'Another address: a link goes there, and until it is followed nothing changes',
      needsProof: true,
      body: z.strictObject({ email: z.string().max(LONGEST) }),
      status: 202,
      answer: z.object({ email: z.string() }),
    },
    ({ body, caller, services }) =>
      services.accounts.changeEmail({ token: caller.token, email: body.email }, caller.visitor),
  ),
  defineRoute(
    {
      ...PERSON,
      method: 'post',
      path: '/account/deletion',
      id: 'deleteAccount',
      summary: 'The account and its stores go in fourteen days',
      description: 'Everybody is signed out, and every token is revoked. Logging in and `DELETE` undo it.',
      needsProof: true,
      body: z.strictObject({ email: z.string().max(LONGEST).meta({ description: 'The account’s own, to be sure.' }) }),
      status: 202,
      answer: z.object({ deletionAt: moment() }),
    },
    ({ body, caller, services }) =>
      services.accountData.scheduleDeletion({ token: caller.token, email: body.email }, caller.visitor),
  ),
  defineRoute(
    {
      ...PERSON,
      method: 'delete',
      path: '/account/deletion',
      id: 'keepAccount',
      summary: 'The account stays after all',
      answer: null,
    },
    ({ caller, services }) => services.accountData.keepAccount(caller.token, caller.visitor),
  ),
  defineRoute(
    {
      ...PERSON,
      method: 'get',
      path: '/sessions',
      id: 'listSessions',
      summary: 'Where you are signed in',
      answer: z.object({ items: z.array(SESSION) }),
    },
    async ({ caller, services }) => ({ items: await services.security.listSessions(caller.token) }),
  ),
  defineRoute(
    {
      ...PERSON,
      method: 'delete',
      path: '/sessions',
      id: 'endOtherSessions',
      summary: 'Sign out everywhere else',
      answer: z.object({ ended: z.number().int() }),
    },
    async ({ caller, services }) => ({
      ended: await services.security.endOtherSessions(caller.token, caller.visitor),
    }),
  ),
  defineRoute(
    {
      ...PERSON,
      method: 'delete',
      path: '/sessions/{sessionId}',
      id: 'endSession',
      summary: 'Sign one browser out',
      params: z.object({ sessionId: idOf('ses') }),
      answer: null,
    },
    ({ params, caller, services }) =>
      services.security.endSession({ token: caller.token, id: params.sessionId }, caller.visitor),
  ),
  defineRoute(
    {
      ...READ,
      path: '/tokens',
      id: 'listTokens',
      summary: 'Your tokens; what opens is never shown again',
      answer: z.object({ items: z.array(TOKEN) }),
    },
    async ({ caller, services }) => ({ items: await services.tokens.list(caller.customerId) }),
  ),
  defineRoute(
    {
      ...PERSON,
      method: 'post',
      path: '/tokens',
      id: 'makeToken',
      summary: 'A new token. No token makes another one',
      needsProof: true,
      body: NEW_TOKEN,
      status: 201,
      answer: z.object({ secret: z.string().meta({ description: 'Told here and never again.' }), token: TOKEN }),
      holdsSecret: true,
    },
    async ({ body, caller, services }) => {
      const { secret, view } = await services.tokens.make({ ...body, token: caller.token }, caller.visitor);
      return { secret, token: view };
    },
  ),
  defineRoute(
    {
      ...PERSON,
      method: 'delete',
      path: '/tokens/{tokenId}',
      id: 'revokeToken',
      summary: 'It opens nothing any more',
      scope: 'tokens:revoke',
      params: z.object({ tokenId: idOf('tok') }),
      answer: null,
    },
    ({ params, caller, services }) => {
      const { customerId, origin } = caller;
      return services.tokens.revoke({ customerId, id: params.tokenId, origin });
    },
  ),
];
