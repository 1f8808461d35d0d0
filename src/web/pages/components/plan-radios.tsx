import type { PlanChoices } from '../../services/life.ts';
import { monthlyPrice, planLimits, planTitle } from '../words/plans.ts';
import './plan-choice.css';

/** The plans that a store could have, one to be chosen; what is too small says why and cannot be. */
export function PlanRadios({
  choices,
  error,
}: Pick<PlanChoices, 'choices'> & {
  readonly error: string | undefined;
}) {
  return (
    <fieldset className="plans" id="plan" tabIndex={-1} aria-describedby={error && 'plan-error'}>
      <legend className="unseen">Plans</legend>
      {error !== undefined && (
        <p className="plans-error small" id="plan-error">
          {error}
        </p>
      )}
      {choices.map(({ plan, isCurrent, refusal }) => (
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
  );
}
