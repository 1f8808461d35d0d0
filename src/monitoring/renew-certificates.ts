import { CertificateError } from '../domain/certificates.ts';
import { type AppError, toAppError } from '../domain/errors.ts';
import { MINUTE } from '../lib/time.ts';

export interface CertificateRenewalDeps {
  /** The wildcard, where there is one; it comes first, since it holds for most of the others. */
  readonly wildcard: { readonly name: string; readonly keep: Keep } | undefined;
  /** The platform's own host and every host that has a route. */
  readonly hostnames: () => Promise<readonly string[]>;
  readonly keep: (hostname: string, signal: AbortSignal) => Promise<{ readonly changed: boolean }>;
  /** Is nobody outside asked for this name's certificate? */
  readonly isMadeHere: (hostname: string) => boolean;
  /** Shows the edge what is new. */
  readonly apply: (signal: AbortSignal) => Promise<unknown>;
}

type Keep = (signal: AbortSignal) => Promise<{ readonly changed: boolean }>;

export interface RenewalOutcome {
  readonly name: string;
  readonly outcome: 'renewed' | 'kept' | 'failed' | 'skipped';
  readonly error?: AppError;
}

const ONE_WITHIN_MS = 3 * MINUTE;
/** A record in the DNS needs its time until the world sees it. */
const WILDCARD_WITHIN_MS = 15 * MINUTE;
const APPLY_WITHIN_MS = MINUTE;

/**
 * Looks after every name's certificate once. One name's failure stops no other, and takes nothing away from it. Where
 * the authority does not answer, nobody else is made to wait for it in this round. Throws only when the names cannot be
 * read or the edge cannot be applied.
 */
export function createCertificateRenewal(deps: CertificateRenewalDeps) {
  return async (stopping: AbortSignal): Promise<RenewalOutcome[]> => {
    const outcomes: RenewalOutcome[] = [];
    let isSilent = false;
    for (const { name, keep, isMadeHere, withinMs } of await wanted(deps)) {
      stopping.throwIfAborted();
      if (isSilent && !isMadeHere) {
        outcomes.push({ name, outcome: 'skipped' });
        continue;
      }
      try {
        const { changed } = await keep(AbortSignal.any([stopping, AbortSignal.timeout(withinMs)]));
        outcomes.push({ name, outcome: changed ? 'renewed' : 'kept' });
      } catch (thrown) {
        stopping.throwIfAborted();
        outcomes.push({ name, outcome: 'failed', error: toAppError(thrown) });
        isSilent ||= thrown instanceof CertificateError && thrown.trouble === 'unreachable';
      }
    }
    if (outcomes.some(({ outcome }) => outcome === 'renewed')) await deps.apply(AbortSignal.timeout(APPLY_WITHIN_MS));
    return outcomes;
  };
}

async function wanted(deps: CertificateRenewalDeps) {
  const { wildcard } = deps;
  const shared =
    wildcard === undefined
      ? []
      : [{ name: wildcard.name, keep: wildcard.keep, isMadeHere: false, withinMs: WILDCARD_WITHIN_MS }];
  const own = (await deps.hostnames()).map((name) => ({
    name,
    keep: (signal: AbortSignal) => deps.keep(name, signal),
    isMadeHere: deps.isMadeHere(name),
    withinMs: ONE_WITHIN_MS,
  }));
  return [...shared, ...own];
}
