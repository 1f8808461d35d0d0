import { z } from 'zod';
import { type Call, defineRoute } from '../define-route.ts';
import { OF_STORE } from '../schemas/common.ts';
import { PLAN_CHOICES, STORE, WHAT_GOES } from '../schemas/stores.ts';

const ACT = {
  method: 'post',
  tag: 'Stores',
  who: 'customer',
  scope: 'stores:write',
  params: OF_STORE,
  status: 202,
  answer: STORE,
} as const;
const READ = { ...ACT, method: 'get', scope: 'stores:read', whileActing: true, status: 200 } as const;

const LONGEST = 300;
const NAMED = z.strictObject({ name: z.string().max(LONGEST).meta({ description: 'The store’s name, to be sure.' }) });

type OfStore = Call<z.output<typeof OF_STORE>>;

const storeOf = ({ params, caller, services }: OfStore) => services.stores.view(caller.customerId, params.storeId);

/** What an owner does with a store. Each is written down at once and done by a worker within seconds. */
export const STORE_LIFE_ROUTES = [
  defineRoute(
    { ...ACT, path: '/stores/{storeId}/retry', id: 'retryStore', summary: 'Go on where it stopped', whileActing: true },
    async (call) => {
      const { params, caller, services } = call;
      await services.stores.retry(caller.customerId, params.storeId, caller.origin);
      return storeOf(call);
    },
  ),
  defineRoute(
    { ...ACT, path: '/stores/{storeId}/pause', id: 'pauseStore', summary: 'Close a store until you open it' },
    async (call) => {
      const { params, caller, services } = call;
      await services.life.pause(caller.customerId, params.storeId, caller.origin);
      return storeOf(call);
    },
  ),
  defineRoute(
    { ...ACT, path: '/stores/{storeId}/resume', id: 'resumeStore', summary: 'Open it again' },
    async (call) => {
      const { params, caller, services } = call;
      await services.life.resume(caller.customerId, params.storeId, caller.origin);
      return storeOf(call);
    },
  ),
  defineRoute(
    {
      ...ACT,
      path: '/stores/{storeId}/restart',
      id: 'restartStore',
      summary: 'Start every part of an open store anew, one after the other',
    },
    async (call) => {
      const { params, caller, services } = call;
      await services.life.restart(caller.customerId, params.storeId, caller.origin);
      return storeOf(call);
    },
  ),
  defineRoute(
    {
      ...READ,
      path: '/stores/{storeId}/plans',
      id: 'listPlanChoices',
      summary: 'The plans that a store could have',
      answer: PLAN_CHOICES,
    },
    ({ params, caller, services }) => services.life.planChoices(caller.customerId, params.storeId),
  ),
  defineRoute(
    {
      ...ACT,
      path: '/stores/{storeId}/plan',
      id: 'changePlan',
      summary: 'Another plan, while the shop is open',
      body: z.strictObject({ plan: z.string().max(LONGEST) }),
    },
    async (call) => {
      const { params, body, caller, services } = call;
      await services.life.resize(caller.customerId, params.storeId, body.plan, caller.origin);
      return storeOf(call);
    },
  ),
  defineRoute(
    {
      ...READ,
      path: '/stores/{storeId}/deletion',
      id: 'getWhatGoes',
      summary: 'Exactly what goes when a store is deleted',
      answer: WHAT_GOES,
    },
    ({ params, caller, services }) => services.life.whatGoes(caller.customerId, params.storeId),
  ),
  defineRoute(
    {
      ...ACT,
      path: '/stores/{storeId}/deletion',
      id: 'deleteStore',
      summary: 'Delete a store: closed now, gone after the days of grace',
      scope: 'stores:delete',
      needsProof: true,
      body: NAMED,
    },
    async (call) => {
      const { params, body, caller, services } = call;
      await services.life.scheduleDelete(caller.customerId, params.storeId, body.name, caller.origin);
      return storeOf(call);
    },
  ),
  defineRoute(
    {
      ...ACT,
      path: '/stores/{storeId}/cancel',
      id: 'cancelStore',
      summary: 'Take down a store that was never open, at once',
      scope: 'stores:delete',
      needsProof: true,
      body: NAMED,
    },
    async (call) => {
      const { params, body, caller, services } = call;
      await services.life.cancel(caller, params.storeId, body.name);
      return storeOf(call);
    },
  ),
  defineRoute(
    {
      ...ACT,
      method: 'delete',
      path: '/stores/{storeId}/deletion',
      id: 'keepStore',
      summary: 'Keep it after all, within the days of grace',
      scope: 'stores:delete',
    },
    async (call) => {
      const { params, caller, services } = call;
      await services.life.undoDelete(caller.customerId, params.storeId, caller.origin);
      return storeOf(call);
    },
  ),
];
