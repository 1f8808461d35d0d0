import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect, useActionData, useLoaderData } from 'react-router';
import { DeskFrame } from '../components/desk-frame.tsx';
import { NamedEnd } from '../components/named-end.tsx';
import { customerOf } from '../request/customer-of.ts';
import { flash } from '../request/flash.ts';
import { formOf, refuse, textOf } from '../request/form.ts';
import { orProblem, problemOf } from '../request/problem.ts';
import { requireFresh } from '../request/require-fresh.ts';
import { deskPageTitle } from '../words/desk-tabs.ts';

export const meta = () => [{ title: deskPageTitle('Delete a store') }];

export async function loader({ params, url, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  const { store, email } = await orProblem(page, page.services.desk.store(params['storeId'] ?? ''));
  return { id: store.id, name: store.name, domain: store.domain, port: store.port, email };
}

export async function action({ params, request, url, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  const storeId = params['storeId'] ?? '';
  const name = textOf(await formOf(request), 'name');
  try {
    await page.services.desk.deleteStore(page.visitor, { token: page.token, storeId, name });
    const headers = flash(page, 'The store is being taken down.');
    return redirect(`/admin/stores/${storeId}`, { status: 303, headers });
  } catch (thrown) {
    return refuse(problemOf(thrown, page), { values: { name }, fieldNames: { name: 'name' } });
  }
}

export default function DeleteAtOnce() {
  const { id, name, domain, port, email } = useLoaderData<typeof loader>();
  return (
    <DeskFrame tab="stores" title={`Delete ${name}`} about="At once, without days of grace. Nobody can bring it back.">
      <NamedEnd
        name={name}
        act={`Delete store ${name}`}
        back={`/admin/stores/${id}`}
        refusal={useActionData<typeof action>()}
      >
        <p>This goes, step by step backward:</p>
        <ul className="danger-list">
          <li>its containers with the shop’s files, pictures, orders and customers, and its database</li>
          <li>its name {domain} and every other domain of it, with their certificates</li>
          <li>its port {port}, network and user id, which others may then get</li>
          <li>its row in {email}’s account; the ledger keeps its lines</li>
        </ul>
      </NamedEnd>
    </DeskFrame>
  );
}
