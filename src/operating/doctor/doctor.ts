import type { CheckView, DoctorView } from '../../cli/actions.ts';
import { toAppError } from '../../domain/errors.ts';
import { SECOND } from '../../lib/time.ts';
import { type Check, type Finding, fail } from './check.ts';

const CHECK_WITHIN_MS = 15 * SECOND;

/** `doctor`: every check at once, in the order of the table. Never throws, changes nothing; not ok when one fails. */
export function createDoctor(checks: readonly Check[], withinMs = CHECK_WITHIN_MS): () => Promise<DoctorView> {
  return async () => {
    const found = await Promise.all(
      checks.map(async ({ name, run }): Promise<CheckView> => ({ name, ...(await examine(run, withinMs)) })),
    );
    return { ok: found.every(({ status }) => status !== 'fail'), checks: found };
  };
}

async function examine(run: Check['run'], withinMs: number): Promise<Finding> {
  const signal = AbortSignal.timeout(withinMs);
  const late = new Promise<Finding>((resolve) => {
    const message = `No answer within ${withinMs / SECOND} s.`;
    signal.addEventListener('abort', () => resolve(fail(message, 'shopctl status')), { once: true });
  });
  try {
    return await Promise.race([run(signal), late]);
  } catch (thrown) {
    const { message, hint } = toAppError(thrown);
    return fail(message, hint ?? 'shopctl status');
  }
}
