import { TextInput } from '@mantine/core';
import type { Plan } from '../../../domain/store.ts';
import type { Refusal } from '../request/form.ts';
import { monthlyPrice, planLimits, planTitle } from '../words/plans.ts';
import { fieldProps } from './field.ts';
import { Icon } from './icon.tsx';
import './plan-choice.css';

/** What most people leave as it is: the plan, and a domain of their own for later. Open when something in it was wrong. */
export function PlanChoice(props: { readonly plans: readonly Plan[]; readonly refusal: Refusal | undefined }) {
  const { plans, refusal } = props;
  const chosen = plans.find(({ name }) => name === refusal?.values['plan']) ?? plans.find(({ isDefault }) => isDefault);
  const isOpen = refusal?.errors['plan'] !== undefined || refusal?.errors['domain'] !== undefined;
  return (
    <details className="more" open={isOpen || undefined}>
      <summary>
        <span>
          Plan and domain
          {chosen !== undefined && (
            <span className="soft small">
              {' '}
              {planTitle(chosen)}, {monthlyPrice(chosen)} a month
            </span>
          )}
        </span>
      </summary>
      <div className="stack">
        <fieldset className="plans" id="plan" tabIndex={-1}>
          <legend>Plan</legend>
          {refusal?.errors['plan'] !== undefined && <p className="plans-error small">{refusal.errors['plan']}</p>}
          {plans.map((plan) => (
            <label key={plan.name} className="plan">
              <input type="radio" name="plan" value={plan.name} defaultChecked={plan.name === chosen?.name} />
              <span className="plan-name">{planTitle(plan)}</span>
              <span className="small soft plan-limits">{planLimits(plan)}</span>
              <span className="plan-price">{monthlyPrice(plan)}</span>
            </label>
          ))}
        </fieldset>
        <TextInput
          {...fieldProps('domain', refusal)}
          label="A domain of your own (optional)"
          description="Your store opens on its free address at once. We keep this wish; you connect the domain next."
          placeholder="shop.example.com"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          inputMode="url"
          leftSection={<Icon name="world" />}
        />
      </div>
    </details>
  );
}
