import type { ErrorCode } from '../domain/errors.ts';

/** Error code → HTTP status, for pages and the JSON API alike; a code that is not here is our fault: 500. */
const STATUS_OF: Partial<Readonly<Record<ErrorCode, number>>> = {
  invalid_input: 422,
  platform_unavailable: 422,
  media_type_refused: 415,
  name_taken: 422,
  wrong_credentials: 422,
  not_signed_in: 401,
  step_up_required: 401,
  second_factor_required: 401,
  wrong_code: 422,
  passkey_refused: 422,
  link_invalid: 410,
  email_unverified: 403,
  email_held: 409,
  request_refused: 403,
  not_while_acting: 403,
  not_found: 404,
  not_allowed_now: 409,
  too_many_stores: 422,
  plan_too_small: 422,
  lease_lost: 409,
  already_running: 409,
  too_many_tries: 429,
  sign_ups_closed: 503,
  ports_exhausted: 503,
  subnets_exhausted: 503,
  uids_exhausted: 503,
  disk_full: 503,
  database_unavailable: 503,
  schema_outdated: 503,
  queue_unavailable: 503,
  worker_unavailable: 503,
};

export const statusOf = (code: ErrorCode): number => STATUS_OF[code] ?? 500;
