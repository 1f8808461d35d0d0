import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from 'react-router';
import { customerOf } from './request/customer-of.ts';
import { storeFrameOf } from './request/store-frame-of.ts';
import { tabUrl } from './words/store-tabs.ts';

/** Where credentials used to be: old mails and bookmarks lead here. Somebody else's store is not found, as everywhere. */
export async function loader({ params, context }: LoaderFunctionArgs) {
  const { store } = await storeFrameOf(customerOf(context), params['storeId'], 'access');
  return redirect(tabUrl(store.id, 'access'), 303);
}

export const action = (args: ActionFunctionArgs) => loader(args);
