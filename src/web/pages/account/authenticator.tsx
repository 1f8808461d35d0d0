import { TextInput } from '@mantine/core';
import { type ActionFunctionArgs, data, type LoaderFunctionArgs, useActionData, useLoaderData } from 'react-router';
import { AccountForm } from '../components/account-form.tsx';
import { AccountPage } from '../components/account-page.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { ErrorSummary } from '../components/error-summary.tsx';
import { fieldProps } from '../components/field.ts';
import { QrPicture } from '../components/qr-picture.tsx';
import { RecoveryCodes } from '../components/recovery-codes.tsx';
import { customerOf } from '../request/customer-of.ts';
import { formOf, type Refusal, refuse, textOf } from '../request/form.ts';
import { orProblem, problemOf } from '../request/problem.ts';
import { requireFresh } from '../request/require-fresh.ts';

export const meta = () => [{ title: 'Set up an authenticator app · ShopHosting' }];

/** The secret is made here, kept by nobody but the page, and counts once a code of it has come back. */
export async function loader({ url, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  const { security } = page.services;
  const { totpSince } = await orProblem(page, security.secondFactors(page.token));
  const setUp = totpSince === null ? await orProblem(page, security.prepareTotp({ token: page.token })) : null;
  return { setUp };
}

export async function action({ request, url, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  const { token, visitor } = page;
  const { security } = page.services;
  const form = await formOf(request);
  const sealed = textOf(form, 'sealed');
  try {
    const { recoveryCodes } = await security.addTotp({ token, sealed, code: textOf(form, 'code') }, visitor);
    return data({ done: true as const, recoveryCodes });
  } catch (thrown) {
    const { data: refusal, init } = refuse(problemOf(thrown, page), { values: {}, fieldNames: {} });
    const setUp = await security.prepareTotp({ token, sealed }).catch(() => null);
    return data({ done: false as const, refusal, setUp }, init ?? {});
  }
}

export default function Authenticator() {
  const loaded = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  if (answer?.done === true) {
    return (
      <AccountPage tab="/account/security">
        <RecoveryCodes title="Your authenticator app is set up" codes={answer.recoveryCodes} />
      </AccountPage>
    );
  }
  // The same secret again after a wrong code: the app has it already.
  const setUp = answer?.setUp ?? loaded.setUp;
  return (
    <AccountPage tab="/account/security">
      {setUp === null ? (
        <div className="card stack">
          <h2>Authenticator app</h2>
          <ErrorSummary refusal={answer?.refusal} />
          <p>Your account has an authenticator app. To set up another one, remove it first.</p>
        </div>
      ) : (
        <SetUp setUp={setUp} refusal={answer?.refusal} />
      )}
    </AccountPage>
  );
}

function SetUp({
  setUp: { sealed, key, qr },
  refusal,
}: {
  readonly setUp: { readonly sealed: string; readonly key: string; readonly qr: { size: number; path: string } };
  readonly refusal: Refusal | undefined;
}) {
  return (
    <AccountForm label="Set up an authenticator app" button="Switch it on" refusal={refusal}>
      <p>
        Scan this with an app such as Aegis, Google Authenticator or 1Password, or type the key into it. Then give us
        the code that it shows: nothing changes before that.
      </p>
      <QrPicture {...qr} />
      <div className="row">
        <code className="totp-key">{key}</code>
        <CopyButton text={key.replaceAll(' ', '')} what="the key" />
      </div>
      <input type="hidden" name="sealed" value={sealed} />
      <TextInput
        {...fieldProps('code', refusal)}
        label="Code"
        description="The six digits that the app shows now."
        inputMode="numeric"
        autoComplete="one-time-code"
        required
      />
      <p className="soft">Every other browser is signed out then, and we tell you by mail.</p>
    </AccountForm>
  );
}
