import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  redirect,
  useActionData,
  useLoaderData,
} from 'react-router';
import type { AdminLink } from '../../../stores/admin-links.ts';
import type { StoreView } from '../../../stores/present-store.ts';
import { Icon } from '../components/icon.tsx';
import { OpenAdmin } from '../components/open-admin.tsx';
import { StoreFrame } from '../components/store-frame.tsx';
import { customerOf } from '../request/customer-of.ts';
import { flash } from '../request/flash.ts';
import { formOf, textOf } from '../request/form.ts';
import { orProblem } from '../request/problem.ts';
import { requireFresh } from '../request/require-fresh.ts';
import { storeFrameOf } from '../request/store-frame-of.ts';
import { storePageTitle, tabUrl } from '../words/store-tabs.ts';

export const meta = ({ loaderData }: { readonly loaderData?: { readonly store: StoreView } | undefined }) => [
  { title: storePageTitle('Open admin', loaderData?.store) },
];

/** The answer holds a token; also the shop is not to learn from which page its owner comes. */
const PRIVATE: readonly [string, string][] = [
  ['Cache-Control', 'no-store'],
  ['Referrer-Policy', 'no-referrer'],
];
export const headers = () => new Headers([...PRIVATE]);

export async function loader({ params, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  return storeFrameOf(page, params['storeId'], 'access');
}

export async function action({ request, url, params, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  const { store } = await storeFrameOf(page, params['storeId'], 'access');
  const { access } = page.services;
  if (textOf(await formOf(request), 'intent') === 'revoke') {
    await orProblem(page, access.revokeAdminLinks(page.token, store.id, page.visitor));
    const said = flash(page, 'No link into the administration opens any more.');
    return redirect(tabUrl(store.id, 'access'), { status: 303, headers: said });
  }
  requireFresh(page, url);
  const link = await orProblem(page, access.openAdmin(page.token, store.id, page.visitor));
  page.leadFormTo(link.url);
  return data(link, { headers: [...PRIVATE] });
}

export default function OpenAdminPage() {
  const { store, siblings } = useLoaderData<typeof loader>();
  const link = useActionData<typeof action>();
  return (
    <StoreFrame store={store} siblings={siblings} tab="access">
      {link === undefined ? <OpenAdmin store={store} /> : <OneWayIn link={link} />}
    </StoreFrame>
  );
}

/**
 * Sends the browser to the shop at once, or by its button without scripts. The token goes in a form: it is in no address,
 * and so in no history, no log and no Referer.
 */
function OneWayIn({ link }: { readonly link: AdminLink }) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.requestSubmit(), []);
  return (
    <section className="card stack" aria-labelledby="one-way-title">
      <h2 id="one-way-title">Opening the administration</h2>
      <p className="soft">This way in is open once, for {link.seconds} seconds.</p>
      <form ref={form} method="post" action={link.url}>
        <input type="hidden" name={link.field} value={link.token} autoComplete="off" />
        <Button type="submit" leftSection={<Icon name="external" />}>
          Go to the administration
        </Button>
      </form>
    </section>
  );
}
