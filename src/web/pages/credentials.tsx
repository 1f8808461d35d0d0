import {
  type ActionFunctionArgs,
  data,
  Link,
  type LoaderFunctionArgs,
  useActionData,
  useLoaderData,
} from 'react-router';
import { MINUTE } from '../../lib/time.ts';
import { CredentialsHidden } from './components/credentials-hidden.tsx';
import { CredentialsShown } from './components/credentials-shown.tsx';
import { customerOf } from './request/customer-of.ts';
import { formOf, refuse, textOf } from './request/form.ts';
import { orProblem, problemOf } from './request/problem.ts';

/** As long as a password that was given counts as fresh; the worker checks it again by itself. */
const FRESH_MS = 5 * MINUTE;

export const meta = () => [{ title: 'Credentials · ShopHosting' }];

/** Neither the page nor its data is ever kept by anybody in between. */
export const headers = () => ({ 'Cache-Control': 'no-store' });

export async function loader({ params, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  const { store } = await orProblem(page, page.services.stores.get(page.session.customerId, params['storeId'] ?? ''));
  return { store, needsPassword: Date.now() - page.session.provenAt.getTime() >= FRESH_MS };
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  const form = await formOf(request);
  const password = textOf(form, 'password');
  const answerHeaders = new Headers({ 'Cache-Control': 'no-store' });
  let { token } = page;
  try {
    if (form.has('password')) {
      ({ token } = await page.services.accounts.proveAgain({ token, password }, page.visitor));
      for (const cookie of page.cookies.signedIn({ token })) answerHeaders.append('Set-Cookie', cookie);
    }
    const credentials = await page.services.stores.credentials(token, params['storeId'] ?? '');
    return data({ credentials, refusal: undefined }, { headers: answerHeaders });
  } catch (thrown) {
    const problem = problemOf(thrown, page);
    const refused = refuse(problem, { values: {}, fieldNames: { password: 'password' } });
    for (const [name, value] of new Headers(refused.init?.headers)) answerHeaders.set(name, value);
    return data({ credentials: undefined, refusal: refused.data }, { status: problem.status, headers: answerHeaders });
  }
}

export default function CredentialsPage() {
  const { store, needsPassword } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  return (
    <section className="credentials">
      <nav aria-label="Where you are" className="crumbs small">
        <Link to="/dashboard">Your stores</Link> <span aria-hidden="true">/</span>{' '}
        <Link to={`/stores/${store.id}`}>{store.name}</Link> <span aria-hidden="true">/</span> <span>Credentials</span>
      </nav>
      <div className="heading">
        <h1>Credentials</h1>
        <p className="soft">For {store.name}. Each look at them is written down.</p>
      </div>
      {answer?.credentials === undefined ? (
        <CredentialsHidden store={store} needsPassword={needsPassword} refusal={answer?.refusal} />
      ) : (
        <CredentialsShown credentials={answer.credentials} store={store} />
      )}
    </section>
  );
}
