import { Button } from '@mantine/core';
import {
  type ActionFunctionArgs,
  Form,
  Link,
  type LoaderFunctionArgs,
  redirect,
  useActionData,
  useLoaderData,
  useNavigation,
} from 'react-router';
import { NotFoundError } from '../../../domain/errors.ts';
import { AccountPage } from '../components/account-page.tsx';
import { ErrorSummary } from '../components/error-summary.tsx';
import { customerOf } from '../request/customer-of.ts';
import { flash } from '../request/flash.ts';
import { refuse } from '../request/form.ts';
import { asAnswer, orProblem, problemOf } from '../request/problem.ts';
import { requireFresh } from '../request/require-fresh.ts';

export const meta = () => [{ title: 'Remove a second factor · ShopHosting' }];

export async function loader({ url, params, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  const { totpSince, passkeys } = await orProblem(page, page.services.security.secondFactors(page.token));
  const factor = params['factor'] ?? '';
  const passkey = passkeys.find(({ id }) => id === factor);
  const isThere = factor === 'totp' ? totpSince !== null : passkey !== undefined;
  if (!isThere) throw asAnswer(problemOf(new NotFoundError('second factor', factor), page));
  const isLast = passkeys.length + (totpSince === null ? 0 : 1) === 1;
  const name = passkey === undefined ? 'your authenticator app' : `the passkey “${passkey.name}”`;
  return { name, isLast, isNeeded: isLast && page.session.role === 'operator' };
}

export async function action({ url, params, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  const input = { token: page.token, factor: params['factor'] ?? '' };
  try {
    await page.services.security.removeSecondFactor(input, page.visitor);
    return redirect('/account/security', {
      status: 303,
      headers: flash(page, 'It is removed. Every other browser was signed out.'),
    });
  } catch (thrown) {
    return refuse(problemOf(thrown, page), { values: {}, fieldNames: {} });
  }
}

export default function RemoveSecondFactor() {
  const { name, isLast, isNeeded } = useLoaderData<typeof loader>();
  const refusal = useActionData<typeof action>();
  const busy = useNavigation().state !== 'idle';
  return (
    <AccountPage tab="/account/security">
      <Form method="post" className="card stack" aria-label="Remove a second factor">
        <h2>Remove {name}</h2>
        <ErrorSummary refusal={refusal} />
        {isNeeded ? (
          <p>Operators need a second factor, and this is your only one. Add another one first.</p>
        ) : (
          <p>
            It opens your account no more. Every other browser is signed out, and we tell you by mail.
            {isLast && ' It is your only one: your password alone is then enough, and your recovery codes go too.'}
          </p>
        )}
        <div className="row">
          {!isNeeded && (
            <Button type="submit" loading={busy}>
              Remove {name}
            </Button>
          )}
          <Button component={Link} to="/account/security" variant="default">
            Keep it
          </Button>
        </div>
      </Form>
    </AccountPage>
  );
}
