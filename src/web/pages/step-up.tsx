import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  redirect,
  redirectDocument,
  useActionData,
  useLoaderData,
} from 'react-router';
import { isProofFresh } from '../../domain/proof.ts';
import { CodeForm } from './components/code-form.tsx';
import { PasswordProof } from './components/password-proof.tsx';
import { customerOf } from './request/customer-of.ts';
import { formOf, refuse, textOf } from './request/form.ts';
import { ownPathOr } from './request/next-url.ts';
import { problemOf } from './request/problem.ts';
import { signedInHeaders } from './request/signed-in.ts';

export const meta = () => [{ title: 'Confirm that it is you · ShopHosting' }];

export function loader({ url, context }: LoaderFunctionArgs) {
  const { session } = customerOf(context);
  const next = ownPathOr(url.searchParams.get('next'), '/account');
  if (isProofFresh(session.provenAt, new Date())) throw redirect(next, 303);
  return { next, email: session.email, hasSecondFactor: session.hasSecondFactor };
}

type Page = ReturnType<typeof customerOf>;

/** Each way to show that it is still them, by the form's `proof`: the session's new token. */
const PROOFS: Readonly<Record<string, (page: Page, form: FormData) => Promise<{ readonly token: string }>>> = {
  password: ({ services, token, visitor }, form) =>
    services.accounts.proveAgain({ token, password: textOf(form, 'password') }, visitor),
  code: ({ services, token, visitor }, form) =>
    services.security.proveWithCode({ token, code: textOf(form, 'code') }, visitor),
};

export async function action({ request, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  const form = await formOf(request);
  const prove = PROOFS[textOf(form, 'proof')] ?? PROOFS['password'];
  try {
    const headers = signedInHeaders(page, (await prove?.(page, form)) ?? { token: page.token });
    return redirectDocument(ownPathOr(form.get('next'), '/account'), { status: 303, headers });
  } catch (thrown) {
    return refuse(problemOf(thrown, page), { values: {}, fieldNames: { password: 'password' } });
  }
}

export default function StepUp() {
  const { next, email, hasSecondFactor } = useLoaderData<typeof loader>();
  const refusal = useActionData<typeof action>();
  return (
    <section className="narrow">
      <div className="heading">
        <h1>Confirm that it is you</h1>
        <p className="soft">
          What you are about to do matters, and your login is older than five minutes. After this you come straight
          back.
        </p>
      </div>
      {hasSecondFactor ? (
        <CodeForm
          label="Confirm with a code"
          hidden={{ proof: 'code', next }}
          button="Confirm"
          canBeOfApp={true}
          refusal={refusal}
        />
      ) : (
        <PasswordProof next={next} email={email} refusal={refusal} />
      )}
    </section>
  );
}
