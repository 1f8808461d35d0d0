import type { z } from 'zod';
import { InvalidFormError } from '../../../domain/errors.ts';
import type { StoreMailTexts } from '../../../domain/store-mail.ts';
import { defineRoute } from '../define-route.ts';
import { OF_STORE } from '../schemas/common.ts';
import {
  MAIL_TRAFFIC,
  MAIL_TRIAL,
  NEW_STORE_MAIL,
  SHOP_CHANGE,
  SHOP_SETTINGS,
  STORE_MAIL,
} from '../schemas/settings.ts';
import { STORE } from '../schemas/stores.ts';

const OF_A_STORE = { tag: 'Stores', who: 'customer', params: OF_STORE } as const;
const READ = { ...OF_A_STORE, method: 'get', scope: 'stores:read', whileActing: true } as const;

/** What an owner sets in a shop from here, and how its mail leaves. */
export const STORE_SETTING_ROUTES = [
  defineRoute(
    {
      ...READ,
      path: '/stores/{storeId}/settings',
      id: 'getShopSettings',
      summary:
        'How a shop is set: title, time zone, language, country, currency, maintenance, what one request may take',
      answer: SHOP_SETTINGS,
    },
    ({ params, caller, services }) => services.settings.shop(caller.customerId, params.storeId),
  ),
  defineRoute(
    {
      ...OF_A_STORE,
      method: 'patch',
      path: '/stores/{storeId}/settings',
      id: 'changeShopSettings',
      summary: 'Set what is named otherwise, while the shop is open',
      description: 'By a run. With nothing named, or nothing that differs, there is none.',
      scope: 'stores:write',
      body: SHOP_CHANGE,
      status: 202,
      answer: STORE,
    },
    async ({ params, body, caller: { customerId, origin }, services }) => {
      const named = Object.fromEntries(
        Object.entries(body).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
      );
      await services.settings.setShop(customerId, params.storeId, named, origin);
      return services.stores.view(customerId, params.storeId);
    },
  ),
  defineRoute(
    {
      ...READ,
      path: '/stores/{storeId}/mail',
      id: 'getStoreMail',
      summary: 'How a shop’s mail leaves; never its password',
      answer: STORE_MAIL,
    },
    ({ params, caller, services }) => services.settings.mail(caller.customerId, params.storeId),
  ),
  defineRoute(
    {
      ...OF_A_STORE,
      method: 'put',
      path: '/stores/{storeId}/mail',
      id: 'setStoreMail',
      summary: 'Have a shop’s mail leave this way, all of it as it is sent here',
      scope: 'credentials:write',
      needsProof: true,
      body: NEW_STORE_MAIL,
      answer: STORE_MAIL,
    },
    async ({ params, body, caller, services }) => {
      try {
        await services.settings.setMail(caller.token, params.storeId, textsOf(body), caller.visitor);
      } catch (thrown) {
        if (thrown instanceof InvalidFormError) throw new InvalidFormError(namedAsSent(thrown.fields));
        throw thrown;
      }
      return services.settings.mail(caller.customerId, params.storeId);
    },
  ),
  defineRoute(
    {
      ...READ,
      path: '/stores/{storeId}/mail/traffic',
      id: 'getStoreMailTraffic',
      summary: 'How much of a shop’s mail waits, and how much may leave in an hour',
      answer: MAIL_TRAFFIC,
    },
    ({ params, caller, services }) => services.settings.mailTraffic(caller.customerId, params.storeId),
  ),
  defineRoute(
    {
      ...OF_A_STORE,
      method: 'post',
      path: '/stores/{storeId}/mail/test',
      id: 'testStoreMail',
      summary: 'One mail through the shop, to your own address',
      description: 'What went wrong on its way is an answer, too.',
      scope: 'stores:write',
      answer: MAIL_TRIAL,
    },
    ({ params, caller, services }) => services.settings.tryMail(caller.token, params.storeId, caller.visitor),
  ),
];

/** As the service takes it: by the names of a form's fields. */
function textsOf({ senderName, replyTo, server }: z.output<typeof NEW_STORE_MAIL>): StoreMailTexts {
  const sender = { senderName: senderName ?? '', replyTo: replyTo ?? '' };
  if (server === null) return { ...sender, way: 'platform' };
  const { host, port, tls, user, from, password = '' } = server;
  return { ...sender, way: 'own', host, port: String(port), tls, user: user ?? '', from, password };
}

const OF_SENDER = ['senderName', 'replyTo'];

function namedAsSent(problems: Readonly<Record<string, string>>): Record<string, string> {
  const named = Object.entries(problems).map(([field, text]) => [
    OF_SENDER.includes(field) ? field : `server.${field}`,
    text,
  ]);
  return Object.fromEntries(named) as Record<string, string>;
}
