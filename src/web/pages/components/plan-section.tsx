import { Button } from '@mantine/core';
import { Form, useNavigation } from 'react-router';
import type { StoreView } from '../../../stores/present-store.ts';
import type { PlanChoices } from '../../services/life.ts';
import { isUnderWay } from '../words/changes.ts';
import { diskInWords } from '../words/plans.ts';
import { PlanRadios } from './plan-radios.tsx';

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
        <PlanRadios choices={plans.choices} error={error} />
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
