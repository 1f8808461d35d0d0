/**
 * Every error code that can reach an operator, a customer or the journal. Codes are public and stable:
 * scripts match on them. A new one needs a sentence in `error-texts.ts`, or it does not compile.
 */
export type ErrorCode =
  // bad input
  | 'invalid_input'
  | 'platform_unavailable'
  | 'media_type_refused'
  | 'key_reused'
  | 'body_too_large'
  // people
  | 'wrong_credentials'
  | 'account_locked'
  | 'not_signed_in'
  | 'step_up_required'
  | 'scope_missing'
  | 'second_factor_required'
  | 'wrong_code'
  | 'passkey_refused'
  | 'link_invalid'
  | 'email_unverified'
  | 'email_held'
  | 'too_many_tries'
  | 'request_refused'
  | 'not_while_acting'
  | 'sign_ups_closed'
  // conflicts
  | 'name_taken'
  | 'not_allowed_now'
  | 'too_many_stores'
  | 'plan_too_small'
  | 'lease_lost'
  | 'already_running'
  | 'answer_not_kept'
  | 'outcome_unknown'
  // things that are not there
  | 'not_found'
  // capacity
  | 'ports_exhausted'
  | 'subnets_exhausted'
  | 'uids_exhausted'
  | 'disk_full'
  | 'port_in_use'
  // the machine and its tools
  | 'configuration_invalid'
  | 'tool_missing'
  | 'permission_denied'
  | 'command_failed'
  | 'docker_unavailable'
  | 'image_missing'
  | 'image_refused'
  | 'artifact_missing'
  | 'artifact_refused'
  | 'database_unavailable'
  | 'schema_outdated'
  | 'queue_unavailable'
  | 'worker_unavailable'
  // a store's own troubles
  | 'container_unhealthy'
  | 'container_profile_violated'
  | 'store_out_of_bounds'
  | 'application_install_failed'
  | 'shop_command_failed'
  | 'address_not_changed'
  | 'route_refused'
  | 'route_unreachable'
  | 'certificate_failed'
  | 'secret_unreadable'
  | 'mail_failed'
  | 'mail_host_refused'
  | 'mail_quota_reached'
  | 'step_timed_out'
  | 'internal_error';

export interface ErrorOptions {
  readonly cause?: unknown;
  /** What the reader can do next, one sentence. */
  readonly hint?: string;
  /** Would the same call, later, have a chance? */
  readonly retryable?: boolean;
  /** The last lines of whatever was running, for the journal. Never holds a secret. */
  readonly logTail?: string;
}

/**
 * The one base of all errors we throw on purpose. `message` is for operators and names the facts;
 * anything that is not an `AppError` is a bug and is reported as `internal_error`.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly retryable: boolean;
  readonly logTail: string | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = options.hint;
    this.retryable = options.retryable ?? false;
    this.logTail = options.logTail;
  }
}

/** Input refused at the edge: which field, and what is wrong with it, in a sentence for whoever typed it. */
export class InvalidInputError extends AppError {
  readonly field: string;
  constructor(field: string, message: string) {
    super('invalid_input', message);
    this.field = field;
  }
}

/** What a mail server says of one mail, its recipient or its content: other mails by the same server are not concerned. */
export class MailRefusedError extends AppError {
  constructor(message: string, options: ErrorOptions) {
    super('mail_failed', message, options);
  }
}

/** Several fields at once, each with its sentence: a form is told everything that is wrong with it in one go. */
export class InvalidFormError extends AppError {
  readonly fields: Readonly<Record<string, string>>;
  constructor(fields: Readonly<Record<string, string>>) {
    super('invalid_input', `Not accepted: ${Object.keys(fields).join(', ')}.`);
    this.fields = fields;
  }
}

/** Too often in too short a time; the same wish is welcome again after `retryAfterMs`. */
export class TooManyTriesError extends AppError {
  readonly retryAfterMs: number;
  constructor(what: string, retryAfterMs: number) {
    super('too_many_tries', `Too many tries: ${what}.`, { retryable: true });
    this.retryAfterMs = retryAfterMs;
  }
}

/** The thing is not there (or belongs to somebody else: the answer is the same on purpose). */
export class NotFoundError extends AppError {
  constructor(what: string, id: string) {
    super('not_found', `There is no ${what} ${id}.`, { hint: `List them with: shopctl ${what} list` });
  }
}

/** Our fence is no longer the newest: another worker owns this store now. Stop at once and write nothing. */
export class LeaseLostError extends AppError {
  constructor(storeId: string, fence: number) {
    super('lease_lost', `The lease on ${storeId} (fence ${fence}) was taken over.`, { retryable: true });
  }
}

/** Another of the shop's own programs is at work in it: later, this one will have its turn. Nothing was changed. */
export class ShopBusyError extends AppError {
  constructor(message: string, options: Omit<ErrorOptions, 'retryable'> = {}) {
    super('shop_command_failed', message, { ...options, retryable: true });
  }
}

/** Any thrown value as an `AppError`, keeping the original as its cause. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError('internal_error', message, { cause: thrown, retryable: true });
}
