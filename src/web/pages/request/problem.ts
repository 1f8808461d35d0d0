import { data } from 'react-router';
import { CUSTOMER_TEXT_OF } from '../../../domain/error-texts.ts';
import type { ErrorCode } from '../../../domain/errors.ts';
import { SECOND } from '../../../lib/time.ts';
import type { PageContext } from '../../page-context.ts';
import { statusOf } from '../../status-of.ts';
import { waitInWords } from '../words/durations.ts';

/** What a page tells of an error: never the operators' message, always what the support needs to find it. */
export interface Problem {
  readonly code: ErrorCode;
  readonly status: number;
  readonly sentence: string;
  /** By the service's name of the field; empty unless the input was wrong. */
  readonly fields: Readonly<Record<string, string>>;
  /** After this the same wish is welcome again; `null` when waiting is not the cure. */
  readonly retryAfterMs: number | null;
  readonly requestId: string;
}

/**
 * The problem behind anything thrown. Errors are told by their shape, not their class: services and pages are two
 * bundles, each with a class of its own. What nobody expected is reported and becomes `internal_error`.
 */
export function problemOf(thrown: unknown, page: Pick<PageContext, 'report' | 'requestId'>): Problem {
  const error = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as ErrorShape;
  const code = isErrorCode(error.code) ? error.code : 'internal_error';
  if (statusOf(code) >= 500) page.report(thrown);
  const retryAfterMs = typeof error.retryAfterMs === 'number' ? error.retryAfterMs : null;
  return {
    code,
    status: statusOf(code),
    sentence: retryAfterMs === null ? CUSTOMER_TEXT_OF[code] : waitSentence(retryAfterMs),
    fields: fieldsOf(error),
    retryAfterMs,
    requestId: page.requestId,
  };
}

interface ErrorShape {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly field?: unknown;
  readonly fields?: unknown;
  readonly retryAfterMs?: unknown;
}

/** Answers of a router (redirects, thrown problems) are no errors: whoever catches lets them through. */
function isAnswer(thrown: unknown): boolean {
  return thrown instanceof Response || (typeof thrown === 'object' && thrown !== null && 'init' in thrown);
}

/** What the service answers, or the whole page tells the problem, with its status. */
export async function orProblem<Answer>(page: PageContext, answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (thrown) {
    if (isAnswer(thrown)) throw thrown;
    throw asAnswer(problemOf(thrown, page));
  }
}

/** A problem as what a loader or an action may throw. */
export function asAnswer(problem: Problem) {
  return data(problem, { status: problem.status, headers: headersOf(problem) });
}

/** `Retry-After` in whole seconds where waiting helps. */
export function headersOf({ retryAfterMs, status }: Problem): Record<string, string> {
  if (retryAfterMs !== null) return { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterMs / SECOND))) };
  return status === 503 ? { 'Retry-After': '60' } : {};
}

/** Does an error that reached a page's edge tell a problem of ours? */
export function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && isErrorCode(value.code);
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(CUSTOMER_TEXT_OF, code);
}

function waitSentence(retryAfterMs: number): string {
  return `That was too often in a short time. Please wait ${waitInWords(retryAfterMs)} and try again.`;
}

function fieldsOf({ field, fields, message }: ErrorShape): Record<string, string> {
  if (typeof field === 'string' && typeof message === 'string') return { [field]: message };
  if (typeof fields !== 'object' || fields === null) return {};
  return Object.fromEntries(Object.entries(fields).filter(([, sentence]) => typeof sentence === 'string'));
}
