import type { ErrorCode } from './errors.ts';

/**
 * What a customer reads. The error's own message is for operators and may name machines, ports and programs; these
 * sentences never do. A new code without a sentence does not compile.
 */
export const CUSTOMER_TEXT_OF = {
  invalid_input: 'Something in the form is not quite right. Please look at the marked fields.',
  platform_unavailable: 'This kind of shop cannot be offered here at the moment. Please choose another one.',
  name_taken: 'This name is already taken. Please choose another one.',
  not_allowed_now: 'That cannot be done with your shop right now. Please look at its state and try again later.',
  lease_lost: 'Somebody else is working on your shop at this moment. Please try again in a minute.',
  already_running: 'This is already under way.',
  port_in_use: 'Something is set up wrongly on our side. We have been told.',
  not_found: 'We could not find that.',
  ports_exhausted: 'We have no room for another shop at the moment. We have been told and are making room.',
  subnets_exhausted: 'We have no room for another shop at the moment. We have been told and are making room.',
  uids_exhausted: 'We have no room for another shop at the moment. We have been told and are making room.',
  disk_full: 'We ran out of space while working on your shop. Nothing of yours is lost; please try again later.',
  configuration_invalid: 'Something is set up wrongly on our side. We have been told.',
  tool_missing: 'Something is missing on our side. We have been told.',
  permission_denied: 'Something is set up wrongly on our side. We have been told.',
  command_failed: 'Something went wrong on our side while working on your shop. You can try again.',
  docker_unavailable: 'The machine that runs the shops does not answer right now. We go on as soon as it does.',
  image_missing: 'A part that your shop is built from is missing on our side. We have been told.',
  image_refused: 'A part that your shop is built from did not pass our checks. We have been told.',
  artifact_missing: 'The shop software could not be fetched. We have been told; please try again later.',
  artifact_refused: 'The shop software did not pass our checks, so we did not install it. We have been told.',
  database_unavailable: 'Our database does not answer right now. Please try again in a minute.',
  schema_outdated: 'We are in the middle of an update. Please try again in a minute.',
  queue_unavailable: 'It takes a little longer than usual to get going. Nothing is lost.',
  container_unhealthy: 'Your shop was started but did not come up in time. You can try again.',
  container_profile_violated: 'Your shop could not be started safely, so we stopped it. We have been told.',
  application_install_failed: 'Your shop could not be installed. You can try again; it goes on where it stopped.',
  route_refused: 'The address of your shop could not be set up. We have been told.',
  route_unreachable: 'Your shop runs, but its address does not answer yet. You can try again.',
  certificate_failed: 'HTTPS could not be set up for your shop yet. You can try again.',
  secret_unreadable: 'The credentials of your shop cannot be read right now. We have been told.',
  mail_failed: 'A mail to you could not be sent yet. We keep trying.',
  step_timed_out: 'This took longer than it should. You can try again; it goes on where it stopped.',
  internal_error: 'Something went wrong on our side. We have been told.',
} as const satisfies Record<ErrorCode, string>;
