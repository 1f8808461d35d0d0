import type { PageContext } from '../../page-context.ts';
import { type Problem, problemOf } from './problem.ts';

/** Errors whose own message says more to whoever chooses a plan than the sentence of their kind. */
const TOLD_AS_IT_IS = ['plan_too_small', 'too_many_stores'];

/** As `problemOf`; why a plan does not hold a store is told beside the plans. */
export function planProblemOf(thrown: unknown, page: Pick<PageContext, 'report' | 'requestId'>): Problem {
  const problem = problemOf(thrown, page);
  const isTold = TOLD_AS_IT_IS.includes(problem.code) && thrown instanceof Error;
  return isTold ? { ...problem, fields: { plan: thrown.message } } : problem;
}
