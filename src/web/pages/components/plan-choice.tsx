import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Offer } from '../../services.ts';
import type { Refusal } from '../request/form.ts';
import {
  dependsOnPlatform,
  monthlyPrice,
  planLimits,
  planTitle,
  priceWithoutWish,
  tooSmallFor,
} from '../words/plans.ts';
import { fieldProps } from './field.ts';
import { Icon } from './icon.tsx';
import type { WishInForm } from './use-wish.ts';
import './plan-choice.css';

interface PlanChoiceProps {
  readonly offer: Pick<Offer, 'platforms' | 'plans'>;
  readonly wish: WishInForm;
  readonly refusal: Refusal | undefined;
}

/** What most people leave as it is: the plan, and a domain of their own for later. Open when something in it was wrong. */
export function PlanChoice({ offer, wish, refusal }: PlanChoiceProps) {
  const isOpen = refusal?.errors['plan'] !== undefined || refusal?.errors['domain'] !== undefined;
  const price = inShort(offer, wish);
  return (
    <details className="more" open={isOpen || undefined}>
      <summary>
        <span>
          Plan and domain
          {price !== null && <span className="soft small"> {price} a month</span>}
        </span>
      </summary>
      <div className="stack">
        <Plans offer={offer} wish={wish} refusal={refusal} />
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

/** The plans. Without scripts none can follow the platform; so there is a choice more, for whoever leaves it to us. */
function Plans({ offer, wish, refusal }: PlanChoiceProps) {
  const error = refusal?.errors['plan'];
  const leavesItToUs = !wish.isLive && dependsOnPlatform(offer);
  const chosen = leavesItToUs ? wish.plan : wish.effectivePlan?.name;
  return (
    <fieldset className="plans" id="plan" tabIndex={-1} aria-describedby={error && 'plan-error'}>
      <legend>Plan</legend>
      {error !== undefined && (
        <p className="plans-error small" id="plan-error">
          {error}
        </p>
      )}
      {leavesItToUs && (
        <PlanRow
          value=""
          name="The smallest that fits"
          limits="The first of these that is enough for what your store runs."
          price={priceWithoutWish(offer)}
          isChosen={chosen === null}
          choose={() => wish.choosePlan(null)}
        />
      )}
      {offer.plans.map((plan) => (
        <PlanRow
          key={plan.name}
          value={plan.name}
          name={planTitle(plan)}
          limits={planLimits(plan)}
          warning={tooSmallFor(plan, offer)}
          price={monthlyPrice(plan)}
          isChosen={plan.name === chosen}
          isDisabled={wish.isLive && wish.isTooSmall(plan)}
          choose={() => wish.choosePlan(plan.name)}
        />
      ))}
    </fieldset>
  );
}

function PlanRow(props: {
  readonly value: string;
  readonly name: string;
  readonly limits: string;
  readonly warning?: string | null;
  readonly price: ReactNode;
  readonly isChosen: boolean;
  readonly isDisabled?: boolean;
  readonly choose: () => void;
}) {
  const { value, name, limits, warning = null, price, isChosen, isDisabled = false, choose } = props;
  return (
    <label className="plan" data-too-small={isDisabled || undefined}>
      <input type="radio" name="plan" value={value} checked={isChosen} disabled={isDisabled} onChange={choose} />
      <span className="plan-name">{name}</span>
      <span className="small soft plan-limits">
        {limits}
        {warning !== null && <span className="plan-warning">{warning}</span>}
      </span>
      <span className="plan-price">{price}</span>
    </label>
  );
}

/** Before scripts are at work it is not known which platform will be sent. */
function inShort(offer: PlanChoiceProps['offer'], { isLive, plan, effectivePlan }: WishInForm): string | null {
  if (!isLive && plan === null && dependsOnPlatform(offer)) return priceWithoutWish(offer);
  const shown = (isLive ? undefined : offer.plans.find(({ name }) => name === plan)) ?? effectivePlan;
  return shown === undefined ? null : `${planTitle(shown)}, ${monthlyPrice(shown)}`;
}
