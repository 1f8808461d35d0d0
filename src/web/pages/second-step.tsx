import {
  type ActionFunctionArgs,
  Link,
  type LoaderFunctionArgs,
  redirect,
  redirectDocument,
  useActionData,
  useLoaderData,
} from 'react-router';
import type { PageContext } from '../page-context.ts';
import { CodeForm } from './components/code-form.tsx';
import { PasskeyForm } from './components/passkey-form.tsx';
import { formOf, refuse, textOf } from './request/form.ts';
import { ownPathOr } from './request/next-url.ts';
import { pageOf } from './request/page-of.ts';
import { logInByPasskey, PASSKEY_FIELD } from './request/passkey.ts';
import { problemOf } from './request/problem.ts';
import { signedInHeaders } from './request/signed-in.ts';

export const meta = () => [{ title: 'Second step · ShopHosting' }];

export async function loader({ url, context }: LoaderFunctionArgs) {
  const page = pageOf(context);
  const next = ownPathOr(url.searchParams.get('next'), '/dashboard');
  const step = await waitingStep(page, next);
  return { next, ...step };
}

export async function action({ request, context }: ActionFunctionArgs) {
  const page = pageOf(context);
  const form = await formOf(request);
  const next = ownPathOr(form.get('next'), '/dashboard');
  const { pending = '', token, visitor } = page;
  try {
    if (form.has(PASSKEY_FIELD)) return await logInByPasskey(page, form, next);
    const input = { pending, code: textOf(form, 'code'), token };
    const kept = await page.services.security.finishLogIn(input, visitor);
    const headers = [...signedInHeaders(page, kept), ...overHeaders(page)];
    return redirectDocument(next, { status: 303, headers });
  } catch (thrown) {
    const problem = problemOf(thrown, page);
    if (problem.code === 'link_invalid') throw backToLogIn(page, next);
    return refuse(problem, { values: {}, fieldNames: {} });
  }
}

/** The log-in that this browser has begun; where there is none any more, it begins anew. */
async function waitingStep(page: PageContext, next: string) {
  try {
    return await page.services.security.findSecondStep(page.pending ?? '');
  } catch (thrown) {
    if (problemOf(thrown, page).code !== 'link_invalid') throw thrown;
    throw backToLogIn(page, next);
  }
}

function backToLogIn(page: PageContext, next: string): Response {
  return redirect(`/login?next=${encodeURIComponent(next)}`, { status: 303, headers: overHeaders(page) });
}

const overHeaders = (page: PageContext): [string, string][] => [['Set-Cookie', page.cookies.pendingOver()]];

export default function SecondStep() {
  const { next, email, hasTotp, hasPasskey } = useLoaderData<typeof loader>();
  const refusal = useActionData<typeof action>();
  return (
    <section className="narrow">
      <div className="heading">
        <h1>One more step</h1>
        <p className="soft">
          {email} is protected by a second factor. Not you? <Link to="/login">Begin again</Link>.
        </p>
      </div>
      {hasPasskey && <PasskeyForm label="Second step by passkey" ask="/login/passkey-question" hidden={{ next }} />}
      <CodeForm label="Second step" hidden={{ next }} button="Log in" canBeOfApp={hasTotp} refusal={refusal} />
    </section>
  );
}
