import type { ErrorCode } from '../domain/errors.ts';

/** What scripts read (contract §2). */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  denied: 4,
  conflict: 5,
  timedOut: 6,
  needsAttention: 7,
  configuration: 78,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Every error code has its exit code: a new one without does not compile. */
export const EXIT_CODE_OF = {
  invalid_input: EXIT.usage,
  platform_unavailable: EXIT.failed,
  name_taken: EXIT.conflict,
  not_allowed_now: EXIT.conflict,
  lease_lost: EXIT.conflict,
  already_running: EXIT.conflict,
  port_in_use: EXIT.conflict,
  not_found: EXIT.notFound,
  ports_exhausted: EXIT.failed,
  subnets_exhausted: EXIT.failed,
  uids_exhausted: EXIT.failed,
  disk_full: EXIT.failed,
  configuration_invalid: EXIT.configuration,
  tool_missing: EXIT.failed,
  permission_denied: EXIT.denied,
  command_failed: EXIT.failed,
  docker_unavailable: EXIT.failed,
  image_missing: EXIT.failed,
  image_refused: EXIT.failed,
  artifact_missing: EXIT.failed,
  artifact_refused: EXIT.failed,
  database_unavailable: EXIT.failed,
  schema_outdated: EXIT.failed,
  queue_unavailable: EXIT.failed,
  container_unhealthy: EXIT.failed,
  container_profile_violated: EXIT.failed,
  application_install_failed: EXIT.failed,
  route_refused: EXIT.failed,
  route_unreachable: EXIT.failed,
  certificate_failed: EXIT.failed,
  secret_unreadable: EXIT.failed,
  mail_failed: EXIT.failed,
  step_timed_out: EXIT.failed,
  internal_error: EXIT.failed,
} as const satisfies Record<ErrorCode, ExitCode>;
