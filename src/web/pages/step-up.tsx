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
import { PasskeyForm } from './components/passkey-form.tsx';
import { PasswordProof } from './components/password-proof.tsx';
import { customerOf } from './request/customer-of.ts';
import { formOf, refuse, textOf } from './request/form.ts';
import { ownPathOr } from './request/next-url.ts';
import { passkeyAnswerIn } from './request/passkey.ts';
import { orProblem, problemOf } from './request/problem.ts';
import { signedInHeaders } from './request/signed-in.ts';

export const meta = () => [{ title: 'Confirm that it is you · ShopHosting' }];

export async function loader({ url, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  const { session } = page;
  const next = ownPathOr(url.searchParams.get('next'), '/account');
  if (isProofFresh(session.provenAt, new Date())) throw redirect(next, 303);
  const { totpSince, passkeys } = await orProblem(page, page.services.security.secondFactors(page.token));
  return { next, email: session.email, hasTotp: totpSince !== null, hasPasskey: passkeys.length > 0 };
}

type Page = ReturnType<typeof customerOf>;

/** Each way to show that it is still them, by the form's `proof`: the session's new token. */
const PROOFS: Readonly<Record<string, (page: Page, form: FormData) => Promise<{ readonly token: string }>>> = {
  password: ({ services, token, visitor }, form) =>
    services.accounts.proveAgain({ token, password: textOf(form, 'password') }, visitor),
  code: ({ services, token, visitor }, form) =>
    services.security.proveWithCode({ token, code: textOf(form, 'code') }, visitor),
  passkey: (page, form) =>
    page.services.security.proveWithPasskey({ ...passkeyAnswerIn(page, form), token: page.token }, page.visitor),
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
  const { next, email, hasTotp, hasPasskey } = useLoaderData<typeof loader>();
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
      {hasPasskey && (
        <PasskeyForm label="Confirm with a passkey" ask="/step-up/question" hidden={{ proof: 'passkey', next }} />
      )}
      {hasTotp || hasPasskey ? (
        <CodeForm
          label="Confirm with a code"
          hidden={{ proof: 'code', next }}
          button="Confirm"
          canBeOfApp={hasTotp}
          refusal={refusal}
        />
      ) : (
        <PasswordProof next={next} email={email} refusal={refusal} />
      )}
    </section>
  );
}
