import { TextInput } from '@mantine/core';
import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect, useActionData, useLoaderData } from 'react-router';
import { NotFoundError } from '../../../domain/errors.ts';
import { AccountForm } from '../components/account-form.tsx';
import { AccountPage } from '../components/account-page.tsx';
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
  return (
    <AccountPage tab="/account/security">
      <AccountForm
        label="Rename a passkey"
        heading={`Rename “${name}”`}
        button="Rename"
        leave={{ to: '/account/security', label: 'Leave it' }}
        refusal={refusal}
      >
        <TextInput
          defaultValue={name}
          {...fieldProps('name', refusal)}
          label="Name"
          description="Only you see it. On your device the passkey keeps the name that it has there."
          autoComplete="off"
          required
        />
      </AccountForm>
    </AccountPage>
  );
}
