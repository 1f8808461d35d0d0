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
import { DeskFrame } from '../components/desk-frame.tsx';
import { ErrorSummary } from '../components/error-summary.tsx';
import { PlanRadios } from '../components/plan-radios.tsx';
import { customerOf } from '../request/customer-of.ts';
import { flash } from '../request/flash.ts';
import { formOf, refuse, textOf } from '../request/form.ts';
import { planProblemOf } from '../request/plan-problem.ts';
import { orProblem } from '../request/problem.ts';
import { requireFresh } from '../request/require-fresh.ts';
import { deskPageTitle } from '../words/desk-tabs.ts';
import { diskInWords } from '../words/plans.ts';

export const meta = () => [{ title: deskPageTitle('Change a plan') }];

export async function loader({ params, url, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  const storeId = params['storeId'] ?? '';
  const [{ store }, plans] = await orProblem(
    page,
    Promise.all([page.services.desk.store(storeId), page.services.desk.planChoices(storeId)]),
  );
  return { id: store.id, name: store.name, plans };
}

/** As `shopctl store resize`: another plan, while the shop is open. */
export async function action({ params, request, url, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  requireFresh(page, url);
  const storeId = params['storeId'] ?? '';
  const plan = textOf(await formOf(request), 'plan');
  try {
    await page.services.desk.resize(page.origin, storeId, plan);
    const headers = flash(page, 'The plan is being changed.');
    return redirect(`/admin/stores/${storeId}`, { status: 303, headers });
  } catch (thrown) {
    return refuse(planProblemOf(thrown, page), { values: { plan }, fieldNames: { plan: 'plan' } });
  }
}

export default function DeskPlan() {
  const { id, name, plans } = useLoaderData<typeof loader>();
  const refusal = useActionData<typeof action>();
  const busy = useNavigation().state !== 'idle';
  const used = plans.diskBytes === null ? '' : ` It uses ${diskInWords(plans.diskBytes)} on disk now.`;
  return (
    <DeskFrame
      tab="stores"
      title={`Plan of ${name}`}
      about={`Changed while the shop is open; its owner pays for it.${used}`}
    >
      <Form method="post" className="card stack desk-form" aria-label="Change the plan of this store">
        <ErrorSummary refusal={refusal} />
        <PlanRadios choices={plans.choices} error={refusal?.errors['plan']} />
        <div className="row">
          <Button type="submit" loading={busy}>
            Change the plan
          </Button>
          <Link to={`/admin/stores/${id}`}>Not now</Link>
        </div>
      </Form>
    </DeskFrame>
  );
}
