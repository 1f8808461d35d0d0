import { CUSTOMER_TEXT_OF } from '../../domain/error-texts.ts';
import { type AppError, InvalidFormError, InvalidInputError, TooManyTriesError } from '../../domain/errors.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { statusOf } from '../status-of.ts';

/** An error as the JSON API tells it (RFC 9457). Holds the sentence for customers, never the operator's. */
export function problemResponse(error: AppError, requestId: string): Response {
  const status = statusOf(error.code);
  const fields = fieldsOf(error);
  const body = {
    type: 'about:blank',
    title: CUSTOMER_TEXT_OF[error.code],
    status,
    code: error.code,
    requestId,
    ...(fields === undefined ? {} : { fields }),
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'Content-Type': 'application/problem+json; charset=utf-8',
      'Cache-Control': 'no-store',
      ...retryAfter(error),
    },
  });
}

/** What is away is mostly back by then. */
const OUTAGE_MS = MINUTE;

/** The header that tells when to come back (RFC 9110 §10.2.3), in whole seconds. */
export function retryAfter(error: AppError): Record<string, string> {
  if (!(error instanceof TooManyTriesError)) {
    return statusOf(error.code) === 503 ? { 'Retry-After': String(OUTAGE_MS / SECOND) } : {};
  }
  return { 'Retry-After': String(Math.max(1, Math.ceil(error.retryAfterMs / SECOND))) };
}

function fieldsOf(error: AppError): Readonly<Record<string, string>> | undefined {
  if (error instanceof InvalidFormError) return error.fields;
  return error instanceof InvalidInputError ? { [error.field]: error.message } : undefined;
}
