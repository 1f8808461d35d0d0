import { Button, TextInput } from '@mantine/core';
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
import { fieldProps } from '../components/field.ts';
import { customerOf } from '../request/customer-of.ts';
import { flash } from '../request/flash.ts';
import { formOf, refuse, textOf } from '../request/form.ts';
import { asAnswer, orProblem, problemOf } from '../request/problem.ts';

export const meta = () => [{ title: 'Rename a passkey · ShopHosting' }];

export async function loader({ params, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  const { passkeys } = await orProblem(page, page.services.security.secondFactors(page.token));
  const id = params['passkeyId'] ?? '';
  const passkey = passkeys.find((theirs) => theirs.id === id);
  if (passkey === undefined) throw asAnswer(problemOf(new NotFoundError('passkey', id), page));
  return { name: passkey.name };
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  const { security } = page.services;
  const name = textOf(await formOf(request), 'name');
  try {
    await security.renamePasskey({ token: page.token, id: params['passkeyId'] ?? '', name }, page.visitor);
    return redirect('/account/security', { status: 303, headers: flash(page, 'The passkey has its new name.') });
  } catch (thrown) {
    const problem = problemOf(thrown, page);
    if (problem.code === 'not_found') throw asAnswer(problem);
    return refuse(problem, { values: { name }, fieldNames: { name: 'name' } });
  }
}

export default function RenamePasskey() {
  const { name } = useLoaderData<typeof loader>();
  const refusal = useActionData<typeof action>();
  const busy = useNavigation().state !== 'idle';
  return (
    <AccountPage tab="/account/security">
      <Form method="post" className="card stack" aria-label="Rename a passkey">
        <h2>Rename “{name}”</h2>
        <ErrorSummary refusal={refusal} />
        <TextInput
          defaultValue={name}
          {...fieldProps('name', refusal)}
          label="Name"
          description="Only you see it. On your device the passkey keeps the name that it has there."
          autoComplete="off"
          required
        />
        <div className="row">
          <Button type="submit" loading={busy}>
            Rename
          </Button>
          <Button component={Link} to="/account/security" variant="default">
            Leave it
          </Button>
        </div>
      </Form>
    </AccountPage>
  );
}
