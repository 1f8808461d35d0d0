import { CUSTOMER_TEXT_OF } from '../domain/error-texts.ts';
import type { ErrorCode } from '../domain/errors.ts';
import type { Run } from '../domain/run.ts';
import type { StoreError } from '../domain/store.ts';

/** Of a failed store, for its owner: no word of machines, ports or programs. */
export interface Failure {
  readonly sentence: string;
  readonly likelyCause: string;
  readonly whatWeTried: string;
  readonly canRetry: boolean;
  /** What to tell the support; finds the run in the operator's list. */
  readonly reference: string;
}

type Cause = 'ours' | 'busy' | 'room' | 'software' | 'shop' | 'address' | 'certificate';

const CAUSES: Readonly<Record<Cause, string>> = {
  ours: 'Something on our side is not as it should be. It is not caused by anything you entered.',
  busy: 'The machine was very busy, or a part of it was just being restarted. Trying again mostly helps.',
  room: 'The machine ran out of room. As soon as we have made some, trying again helps.',
  software: 'The shop software could not be fetched or did not install cleanly.',
  shop: 'Your shop was busy, or something inside it is broken. Trying again mostly helps.',
  address: 'The address of your shop did not answer in time.',
  certificate: 'The authority that confirms addresses did not give us a certificate in time.',
};

/** What stands behind each error; those that only ever reach operators count as ours. */
const CAUSE_OF: Partial<Readonly<Record<ErrorCode, Cause>>> = {
  container_unhealthy: 'busy',
  step_timed_out: 'busy',
  docker_unavailable: 'busy',
  database_unavailable: 'busy',
  command_failed: 'busy',
  disk_full: 'room',
  ports_exhausted: 'room',
  subnets_exhausted: 'room',
  uids_exhausted: 'room',
  artifact_missing: 'software',
  artifact_refused: 'software',
  application_install_failed: 'software',
  shop_command_failed: 'shop',
  route_unreachable: 'address',
  route_refused: 'address',
  certificate_failed: 'certificate',
};

/** What mostly stands behind an error, for an owner: no word of machines, ports or programs. */
export const likelyCauseOf = (code: ErrorCode): string => CAUSES[CAUSE_OF[code] ?? 'ours'];

/** Why the store failed and what its owner can do, from the error it keeps and the run that failed. Pure. */
export function explainFailure(error: StoreError, run: Pick<Run, 'id' | 'attempt' | 'steps'> | undefined): Failure {
  const done = run?.steps.filter(({ status }) => status === 'done').length ?? 0;
  const total = run?.steps.length ?? 0;
  const attempts = run?.attempt ?? 1;
  // What trying again cannot mend was tried once by the run that met it.
  const howOften = error.retryable ? 'several times' : 'once: the same again could not have helped';
  return {
    sentence: CUSTOMER_TEXT_OF[error.code],
    likelyCause: likelyCauseOf(error.code),
    whatWeTried: `We tried this step ${howOften}${attempts > 1 ? `, in attempt ${attempts}` : ''}. ${done} of ${total} steps are done and stay done: trying again goes on from here.`,
    canRetry: true,
    reference: run?.id ?? '',
  };
}
