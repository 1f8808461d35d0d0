import { useEffect, useRef, useState } from 'react';
import type { Plan, PlatformName } from '../../../domain/store.ts';
import type { Offer } from '../../services.ts';
import type { Refusal } from '../request/form.ts';
import { choosePlatform, chooseWishedPlan, firstWish, isTooSmall, planOf, type Wish } from '../words/wish.ts';

export interface WishInForm extends Wish {
  /** Can choices follow each other? Not before scripts are at work. */
  readonly isLive: boolean;
  readonly choosePlatform: (platform: PlatformName) => void;
  readonly choosePlan: (plan: string | null) => void;
  /** What the store will have, as things stand. */
  readonly effectivePlan: Plan | undefined;
  readonly isTooSmall: (plan: Plan) => boolean;
}

/** Platform and plan of the form, the plan following the platform. `form` is to be its element's `ref`. */
export function useWish(offer: Pick<Offer, 'platforms' | 'plans'>, refusal: Refusal | undefined) {
  const form = useRef<HTMLFormElement>(null);
  const [isLive, setLive] = useState(false);
  const [wish, setWish] = useState(() => firstWish(offer, refusal));
  // Before scripts came, somebody may have chosen already, or the browser on a way back.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when scripts begin
  useEffect(() => {
    const chosen = new FormData(form.current ?? undefined);
    const sent = { platform: textIn(chosen, 'platform'), plan: textIn(chosen, 'plan') };
    setWish(firstWish(offer, { values: sent }));
    setLive(true);
  }, []);
  const inForm: WishInForm = {
    ...wish,
    isLive,
    choosePlatform: (platform) => setWish((before) => choosePlatform(before, platform, offer)),
    choosePlan: (plan) => setWish((before) => chooseWishedPlan(before, plan)),
    effectivePlan: planOf(wish, offer),
    isTooSmall: (plan) => isTooSmall(plan, wish, offer),
  };
  return { form, wish: inForm };
}

function textIn(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}
