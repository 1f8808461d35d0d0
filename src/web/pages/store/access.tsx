import { type ActionFunctionArgs, data, type LoaderFunctionArgs, useActionData, useLoaderData } from 'react-router';
import { OPENING_LIMITS } from '../../../domain/database-opening.ts';
import { isProofFresh } from '../../../domain/proof.ts';
import type { StoreView } from '../../../stores/present-store.ts';
import { CredentialsHidden } from '../components/credentials-hidden.tsx';
import { CredentialsShown } from '../components/credentials-shown.tsx';
import { NewPasswords } from '../components/new-passwords.tsx';
import { OpenAdmin } from '../components/open-admin.tsx';
import { OpenDatabase } from '../components/open-database.tsx';
import { StoreFrame } from '../components/store-frame.tsx';
import { customerOf } from '../request/customer-of.ts';
import { formOf, refuse, textOf } from '../request/form.ts';
import { orProblem, problemOf } from '../request/problem.ts';
import { requireFresh } from '../request/require-fresh.ts';
import { signedInHeaders } from '../request/signed-in.ts';
import { storeFrameOf } from '../request/store-frame-of.ts';
import { storePageTitle } from '../words/store-tabs.ts';

export const meta = ({ loaderData }: { readonly loaderData?: { readonly store: StoreView } | undefined }) => [
  { title: storePageTitle('Access', loaderData?.store) },
];

/** Neither the page nor its data is ever kept by anybody in between. */
const NO_STORE: readonly [string, string][] = [['Cache-Control', 'no-store']];
export const headers = () => new Headers([...NO_STORE]);

export async function loader({ params, url, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  const { store, siblings } = await storeFrameOf(page, params['storeId'], 'access');
  const { adminNotes } = await orProblem(page, page.services.stores.get(page.session.customerId, store.id));
  // The worker looks again by itself.
  const { hasSecondFactor, provenAt } = page.session;
  const needsPassword = !hasSecondFactor && !isProofFresh(provenAt, new Date());
  const databases = await page.services.access.openDatabases(page.session.customerId);
  const asked = url.searchParams.get('full');
  const limit = OPENING_LIMITS.find((known) => known === asked) ?? null;
  return { store, siblings, adminNotes, databases, limit, email: page.session.email, needsPassword };
}

export async function action({ request, url, params, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  // There the password on this page is not enough.
  if (page.session.hasSecondFactor) requireFresh(page, url);
  const form = await formOf(request);
  const password = textOf(form, 'password');
  const headers: [string, string][] = [...NO_STORE];
  let { token } = page;
  try {
    if (form.has('password')) {
      ({ token } = await page.services.accounts.proveAgain({ token, password }, page.visitor));
      headers.push(...signedInHeaders(page, { token }));
    }
    const credentials = await page.services.stores.credentials(token, params['storeId'] ?? '', page.visitor);
    return data({ credentials }, { headers });
  } catch (thrown) {
    return refuse(problemOf(thrown, page), { values: {}, fieldNames: { password: 'password' }, headers });
  }
}

export default function AccessPage() {
  const { store, siblings, adminNotes, email, needsPassword, ...phpMyAdmin } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  return (
    <StoreFrame store={store} siblings={siblings} tab="access">
      <div className="access">
        <OpenAdmin store={store} />
        <section className="credentials stack" aria-labelledby="credentials-title">
          <div>
            <h2 id="credentials-title">Credentials</h2>
            <p className="soft">For {store.name}. Each look at them is written down.</p>
          </div>
          {answer === undefined || 'errors' in answer ? (
            <CredentialsHidden
              store={store}
              adminNotes={adminNotes}
              email={email}
              needsPassword={needsPassword}
              refusal={answer}
            />
          ) : (
            <CredentialsShown credentials={answer.credentials} store={store} adminNotes={adminNotes} email={email} />
          )}
        </section>
        <OpenDatabase store={store} {...phpMyAdmin} />
        <NewPasswords store={store} />
      </div>
    </StoreFrame>
  );
}
