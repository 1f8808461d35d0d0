import type { LoaderFunctionArgs } from 'react-router';
import { NotFoundError } from '../../domain/errors.ts';
import { pageOf } from './request/page-of.ts';
import { asAnswer, problemOf } from './request/problem.ts';

const nothingHere = ({ context }: Pick<LoaderFunctionArgs, 'context'>): never => {
  throw asAnswer(problemOf(new NotFoundError('page', 'at this address'), pageOf(context)));
};

export const loader = nothingHere;
export const action = nothingHere;

/** Never rendered: the problem is. */
export default function NotFound() {
  return null;
}
