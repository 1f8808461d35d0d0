import pLimit from 'p-limit';
import type { OwnDomain } from '../domain/own-domains.ts';
import { MINUTE } from '../lib/time.ts';
import type { CaredFor } from './look-after-domain.ts';

export interface DomainRoundDeps {
  readonly claimDue: (request: { now: Date; limit: number; leaseMs: number }) => Promise<readonly OwnDomain[]>;
  readonly lookAfter: (domain: OwnDomain, signal: AbortSignal) => Promise<CaredFor>;
  readonly onError: (domain: OwnDomain, thrown: unknown) => void;
  readonly stopping: AbortSignal;
  readonly now: () => Date;
}

const AT_ONCE = 4;
const PER_ROUND = 40;
/** Longer than an order at an authority may take. */
const ONE_WITHIN_MS = 4 * MINUTE;
/** After a crash somebody else looks. */
const LEASE_MS = 6 * MINUTE;

/** A round over the domains whose time has come. One that fails stops no other, and is looked at again. */
export function createDomainRound(deps: DomainRoundDeps): () => Promise<void> {
  const limit = pLimit(AT_ONCE);
  return async () => {
    const due = await deps.claimDue({ now: deps.now(), limit: PER_ROUND, leaseMs: LEASE_MS });
    const looks = due.map((domain) =>
      limit(async () => {
        if (deps.stopping.aborted) return;
        try {
          await deps.lookAfter(domain, AbortSignal.any([deps.stopping, AbortSignal.timeout(ONE_WITHIN_MS)]));
        } catch (thrown) {
          deps.onError(domain, thrown);
        }
      }),
    );
    await Promise.all(looks);
  };
}
