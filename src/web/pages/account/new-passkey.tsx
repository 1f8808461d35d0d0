import { Button, TextInput } from '@mantine/core';
import {
  type ActionFunctionArgs,
  data,
  Form,
  Link,
  type LoaderFunctionArgs,
  useActionData,
  useLoaderData,
} from 'react-router';
import { deviceInWords } from '../../../domain/device-name.ts';
import { MOST_PASSKEYS } from '../../../domain/passkey.ts';
import { AccountPage } from '../components/account-page.tsx';
import { ErrorSummary } from '../components/error-summary.tsx';
import { fieldProps } from '../components/field.ts';
import { RecoveryCodes } from '../components/recovery-codes.tsx';
import { usePasskey } from '../components/use-passkey.ts';
import { customerOf } from '../request/customer-of.ts';
import { formOf, type Refusal, refuse, textOf } from '../request/form.ts';
import { passkeyAnswerIn } from '../request/passkey.ts';
import { orProblem, problemOf } from '../request/problem.ts';
import { requireFresh } from '../request/require-fresh.ts';

export const meta = () => [{ title: 'Add a passkey · ShopHosting' }];

export async function loader({ url, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  const { passkeys } = await orProblem(page, page.services.security.secondFactors(page.token));
  return { isFull: passkeys.length >= MOST_PASSKEYS, proposal: deviceInWords(page.visitor.userAgent) };
}

export async function action({ request, url, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  const form = await formOf(request);
  const name = textOf(form, 'name');
  try {
    const input = { ...passkeyAnswerIn(page, form), token: page.token, name };
    const { recoveryCodes } = await page.services.security.addPasskey(input, page.visitor);
    const headers = { 'Set-Cookie': page.cookies.passkeyAnswered() };
    return data({ done: true as const, recoveryCodes }, { headers });
  } catch (thrown) {
    const answer = refuse(problemOf(thrown, page), { values: { name }, fieldNames: { name: 'name' } });
    return data({ done: false as const, refusal: answer.data }, answer.init ?? {});
  }
}

export default function NewPasskey() {
  const { isFull, proposal } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  return (
    <AccountPage tab="/account/security">
      {answer?.done === true ? (
        <RecoveryCodes title="Your passkey is added" codes={answer.recoveryCodes} />
      ) : isFull ? (
        <div className="card stack">
          <h2>Add a passkey</h2>
          <p>Your account has {MOST_PASSKEYS} passkeys, and that is as many as it may have. Remove one first.</p>
          <div>
            <Button component={Link} to="/account/security" variant="default">
              Back to Security
            </Button>
          </div>
        </div>
      ) : (
        <NewPasskeyForm proposal={proposal} refusal={answer?.refusal} />
      )}
    </AccountPage>
  );
}

function NewPasskeyForm({ proposal, refusal }: { readonly proposal: string; readonly refusal: Refusal | undefined }) {
  const { send, isBusy, trouble } = usePasskey('/account/passkeys/question', 'make');
  return (
    <Form
      method="post"
      className="card stack"
      aria-label="Add a passkey"
      onSubmit={(event) => {
        event.preventDefault();
        send(event.currentTarget);
      }}
    >
      <h2>Add a passkey</h2>
      <ErrorSummary refusal={trouble ?? refusal} />
      <p>
        Your device keeps the passkey and asks for your finger, your face or its PIN before it uses it. It opens your
        account without a password and without a code, on this site alone.
      </p>
      <TextInput
        defaultValue={proposal}
        {...fieldProps('name', refusal)}
        label="Name"
        description="So that you know it again, for example by the device or the password manager that keeps it."
        autoComplete="off"
        required
      />
      <p className="soft">Every other browser is signed out then, and we tell you by mail.</p>
      <noscript>
        <p>Passkeys need JavaScript, which is switched off in this browser.</p>
      </noscript>
      <div>
        <Button type="submit" className="needs-script" loading={isBusy}>
          Add a passkey
        </Button>
      </div>
    </Form>
  );
}
