import { z } from 'zod';
import { type Call, defineRoute } from '../define-route.ts';
import { idOf, OF_STORE } from '../schemas/common.ts';
import { DESK_SETTINGS, DESK_STORE_DETAILS } from '../schemas/desk.ts';

const LONGEST = 2000;
const ACT = { method: 'post', tag: 'Desk', who: 'operator', scope: 'desk:write' } as const;
const ON_STORE = { ...ACT, params: OF_STORE, status: 202, answer: DESK_STORE_DETAILS } as const;

type OnStore = Call<z.output<typeof OF_STORE>>;

const storeOf = ({ params, services }: OnStore) => services.desk.store(params.storeId);

/** What operators do with anybody's store, with mails, and with what everybody feels. */
export const DESK_ACT_ROUTES = [
  defineRoute(
    { ...ON_STORE, path: '/admin/stores/{storeId}/retry', id: 'retryAnyStore', summary: 'Go on where it stopped' },
    async (call) => {
      await call.services.desk.retry(call.caller.origin, call.params.storeId);
      return storeOf(call);
    },
  ),
  defineRoute(
    { ...ON_STORE, path: '/admin/stores/{storeId}/repair', id: 'repairStore', summary: 'Walk over it once more' },
    async (call) => {
      await call.services.desk.repair(call.caller.origin, call.params.storeId);
      return storeOf(call);
    },
  ),
  defineRoute(
    {
      ...ON_STORE,
      path: '/admin/stores/{storeId}/suspend',
      id: 'suspendStore',
      summary: 'Close it until an operator opens it',
      needsProof: true,
      body: z.strictObject({
        reason: z.string().max(LONGEST).meta({ description: 'For operators and the ledger.' }),
        text: z.string().max(LONGEST).default('').meta({ description: 'For its owner.' }),
      }),
    },
    async (call) => {
      await call.services.desk.suspend(call.caller.origin, call.params.storeId, call.body);
      return storeOf(call);
    },
  ),
  defineRoute(
    {
      ...ON_STORE,
      path: '/admin/stores/{storeId}/resume',
      id: 'resumeAnyStore',
      summary: 'Open it, whoever closed it',
    },
    async (call) => {
      await call.services.desk.resume(call.caller.origin, call.params.storeId);
      return storeOf(call);
    },
  ),
  defineRoute(
    {
      ...ON_STORE,
      path: '/admin/stores/{storeId}/plan',
      id: 'changeAnyPlan',
      summary: 'Another plan, while the shop is open',
      needsProof: true,
      body: z.strictObject({ plan: z.string().max(LONGEST) }),
    },
    async (call) => {
      await call.services.desk.resize(call.caller.origin, call.params.storeId, call.body.plan);
      return storeOf(call);
    },
  ),
  defineRoute(
    {
      ...ON_STORE,
      path: '/admin/stores/{storeId}/delete',
      id: 'deleteStoreAtOnce',
      summary: 'Take all of it away, at once and for good',
      scope: null,
      needsProof: true,
      body: z.strictObject({ name: z.string().max(LONGEST).meta({ description: 'The store’s name, to be sure.' }) }),
      answer: null,
      status: 204,
    },
    ({ params, body, caller, services }) =>
      services.desk.deleteStore(caller.visitor, { token: caller.token, storeId: params.storeId, name: body.name }),
  ),
  defineRoute(
    {
      ...ACT,
      path: '/admin/mail/{mailId}/resend',
      id: 'resendMail',
      summary: 'It is due at once, with all its attempts',
      params: z.object({ mailId: idOf('msg') }),
      answer: null,
    },
    ({ params, caller, services }) => services.mail.resend(params.mailId, caller.origin),
  ),
  defineRoute(
    {
      ...ACT,
      path: '/admin/mail',
      id: 'sendTestMail',
      summary: 'Send a mail that says only that mail arrives',
      body: z.strictObject({ email: z.string().max(LONGEST) }),
      answer: null,
    },
    ({ body, caller, services }) => services.mail.sendTest(body.email, caller.origin),
  ),
  defineRoute(
    {
      ...ACT,
      method: 'patch',
      path: '/admin/settings',
      id: 'changeSettings',
      summary: 'Only what is named changes',
      body: z.strictObject({
        signUpsOpen: z.boolean().optional(),
        signUpsSentence: z.string().max(LONGEST).optional(),
        banner: z.string().max(LONGEST).optional(),
        defaultPlan: z.string().max(LONGEST).optional(),
      }),
      answer: DESK_SETTINGS,
    },
    async ({ body, caller, services }) => {
      const named = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
      await services.desk.changeSettings(caller.origin, named);
      return services.desk.settings();
    },
  ),
];
