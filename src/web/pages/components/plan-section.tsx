import { Button } from '@mantine/core';
import { Form, useNavigation } from 'react-router';
import type { StoreView } from '../../../stores/present-store.ts';
import type { PlanChoices } from '../../services/life.ts';
import { isUnderWay } from '../words/changes.ts';
import { diskInWords, monthlyPrice, planLimits, planTitle } from '../words/plans.ts';
import './plan-choice.css';

/** The plan of one store: what it has, what it uses, and which others it could have. */
export function PlanSection(props: {
  readonly store: StoreView;
  readonly plans: PlanChoices;
  readonly error: string | undefined;
}) {
  const { store, plans, error } = props;
  const busy = useNavigation().state !== 'idle' || (store.run?.kind === 'resize' && isUnderWay(store.run));
  const canChange = store.status === 'active' || store.status === 'suspended';
  return (
    <section className="card stack" aria-labelledby="plan-title">
      <h2 id="plan-title">Plan</h2>
      <p className="soft">
        Changed while your shop is open: nothing is restarted.
        {plans.diskBytes !== null && ` It uses ${diskInWords(plans.diskBytes)} on disk now.`}
      </p>
      <Form method="post" className="stack">
        <input type="hidden" name="section" value="plan" />
        <fieldset className="plans" id="plan" tabIndex={-1} aria-describedby={error && 'plan-error'}>
          <legend className="unseen">Plans</legend>
          {error !== undefined && (
            <p className="plans-error small" id="plan-error">
              {error}
            </p>
          )}
          {plans.choices.map(({ plan, isCurrent, refusal }) => (
            <label className="plan" key={plan.name} data-too-small={refusal !== null || undefined}>
              <input
                type="radio"
                name="plan"
                value={plan.name}
                defaultChecked={isCurrent}
                disabled={refusal !== null && !isCurrent}
              />
              <span className="plan-name">
                {planTitle(plan)}
                {isCurrent && <span className="small soft"> (now)</span>}
              </span>
              <span className="small soft plan-limits">
                {planLimits(plan)}, {plan.maxStores} stores
                {refusal !== null && !isCurrent && <span className="plan-warning">{refusal}</span>}
              </span>
              <span className="plan-price">{monthlyPrice(plan)}</span>
            </label>
          ))}
        </fieldset>
        {canChange ? (
          <div>
            <Button type="submit" loading={busy}>
              Change the plan
            </Button>
          </div>
        ) : (
          <p className="small soft">The plan can be changed once the store is made.</p>
        )}
      </Form>
    </section>
  );
}
