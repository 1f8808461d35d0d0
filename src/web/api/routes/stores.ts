import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { idOf } from '../schemas/common.ts';
import { STORE } from '../schemas/stores.ts';

const OF_STORE = z.object({ storeId: idOf('sto') });

/** A customer's own stores. */
export const STORE_ROUTES = [
  defineRoute(
    {
      method: 'get',
      path: '/stores/{storeId}',
      id: 'getStore',
      tag: 'Stores',
      summary: 'One of your stores',
      who: 'customer',
      whileActing: true,
      params: OF_STORE,
      answer: STORE,
    },
    ({ params, caller, services }) => services.stores.view(caller.customerId, params.storeId),
  ),
];
