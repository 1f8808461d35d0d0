import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect, useActionData, useLoaderData } from 'react-router';
import { DangerZone } from '../components/danger-zone.tsx';
import { ErrorSummary } from '../components/error-summary.tsx';
import { PlanSection } from '../components/plan-section.tsx';
import { StoreFrame } from '../components/store-frame.tsx';
import { customerOf } from '../request/customer-of.ts';
import { flash } from '../request/flash.ts';
import { formOf, refuse, textOf } from '../request/form.ts';
import { orProblem, problemOf } from '../request/problem.ts';
import { storeFrameOf } from '../request/store-frame-of.ts';
import { storePageTitle, tabUrl } from '../words/store-tabs.ts';

/** Errors whose own message says more to an owner than the sentence of their kind. */
const TOLD_AS_IT_IS = ['plan_too_small', 'too_many_stores'];

export const meta = ({ loaderData }: { readonly loaderData?: Awaited<ReturnType<typeof loader>> | undefined }) => [
  { title: storePageTitle('Settings', loaderData?.store) },
];

export async function loader({ params, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  const frame = await storeFrameOf(page, params['storeId'], 'settings');
  const plans = await orProblem(page, page.services.life.planChoices(page.session.customerId, frame.store.id));
  return { ...frame, plans };
}

/** Which section was sent stands in `section`; each is a form of its own. */
export async function action({ params, request, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  const { customerId } = page.session;
  const storeId = params['storeId'] ?? '';
  const form = await formOf(request);
  const { life } = page.services;
  try {
    switch (textOf(form, 'section')) {
      case 'plan':
        await life.resize(customerId, storeId, textOf(form, 'plan'), page.origin);
        break;
      case 'pause':
        await life.pause(customerId, storeId, page.origin);
        break;
      case 'resume':
        await life.resume(customerId, storeId, page.origin);
        break;
      default:
        throw redirect(tabUrl(storeId, 'settings'), 303);
    }
    return redirect(tabUrl(storeId, 'settings'), {
      status: 303,
      headers: flash(page, 'Done as soon as you see it below.'),
    });
  } catch (thrown) {
    if (thrown instanceof Response) throw thrown;
    const problem = problemOf(thrown, page);
    const isTold = TOLD_AS_IT_IS.includes(problem.code) && thrown instanceof Error;
    const fields = isTold ? { plan: thrown.message } : problem.fields;
    return refuse({ ...problem, fields }, { values: {}, fieldNames: { plan: 'plan' } });
  }
}

export default function SettingsPage() {
  const { store, siblings, plans } = useLoaderData<typeof loader>();
  const refusal = useActionData<typeof action>();
  return (
    <StoreFrame store={store} siblings={siblings} tab="settings">
      <div className="stack">
        <ErrorSummary refusal={refusal} />
        <PlanSection store={store} plans={plans} error={refusal?.errors['plan']} />
        <DangerZone store={store} />
      </div>
    </StoreFrame>
  );
}
