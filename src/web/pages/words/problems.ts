import type { ErrorCode } from '../../../domain/errors.ts';

export interface ProblemText {
  readonly title: string;
  readonly sentence: string;
  readonly advice: string;
  readonly way: { readonly label: string; readonly to: string };
}

const HOME = { label: 'To the start', to: '/' };
const STORES = { label: 'To your stores', to: '/dashboard?all' };

/** By HTTP status; every other one reads like 500. */
export const PROBLEM_TEXTS: Readonly<Record<number, ProblemText>> & { readonly 500: ProblemText } = {
  401: {
    title: 'Please log in first',
    sentence: 'This page is only for customers who are signed in.',
    advice: 'After that you come back to where you wanted to go.',
    way: { label: 'Log in', to: '/login' },
  },
  403: {
    title: 'That did not come from our pages',
    sentence: 'This request did not come from our own pages, so we did not act on it.',
    advice: 'Go back to the page, load it again, and try once more from there.',
    way: HOME,
  },
  404: {
    title: 'There is nothing here',
    sentence: 'This page does not exist, or it is not yours to see.',
    advice: 'Look at the address once more: a letter may be missing.',
    way: STORES,
  },
  405: {
    title: 'That cannot be done here',
    sentence: 'This page does not take what your browser sent.',
    advice: 'Go back and use the buttons of the page.',
    way: HOME,
  },
  409: {
    title: 'Not possible right now',
    sentence: 'That cannot be done with your shop at this moment.',
    advice: 'Look at its state; it may have changed in the meantime.',
    way: STORES,
  },
  410: {
    title: 'This link is over',
    sentence: 'It was used already, or its time has passed.',
    advice: 'Ask for a new one where you asked for this one; only the newest works.',
    way: HOME,
  },
  429: {
    title: 'A little too fast',
    sentence: 'That was too often in a short time.',
    advice: 'Nothing is lost. The same works again after the wait.',
    way: HOME,
  },
  500: {
    title: 'That went wrong on our side',
    sentence: 'Something happened that should not have. We have been told.',
    advice: 'Try again in a minute. If it stays, the reference below tells us what to look for.',
    way: HOME,
  },
  503: {
    title: 'Back in a minute',
    sentence: 'A part of the platform does not answer right now.',
    advice: 'Shops that run keep running. Load this page again in a minute; nothing of yours is lost.',
    way: HOME,
  },
};

/** Where the status alone says too little. */
export const PROBLEM_TEXT_OF_CODE: Partial<Readonly<Record<ErrorCode, ProblemText>>> = {
  not_while_acting: {
    title: 'Not while you act as a customer',
    sentence: 'This is the customer’s alone.',
    advice: 'Passwords, keys, security, deletion and money stay closed to you here. Stop acting to go on as yourself.',
    way: STORES,
  },
};

/** Where a problem's page leads on to. Somebody who is not signed in has no stores to be led to. */
export const wayFor = ({ way }: ProblemText, email: string | null): ProblemText['way'] =>
  way === STORES && email === null ? HOME : way;
