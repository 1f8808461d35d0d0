import type { CertificateFacts } from '../domain/certificates.ts';
import type { CertificateNote, OwnDomain } from '../domain/own-domains.ts';
import type { Store } from '../domain/store.ts';
import { DAY } from '../lib/time.ts';
import type { RenewalOutcome } from '../monitoring/renew-certificates.ts';
import type { DomainNews } from './domain-mails.ts';
import { noteOf } from './look-after-domain.ts';

export interface RenewalNotesDeps {
  readonly domainsOfName: (hostname: string) => Promise<readonly OwnDomain[]>;
  readonly findStore: (storeId: string) => Promise<Store | undefined>;
  readonly find: (hostname: string) => Promise<CertificateFacts | undefined>;
  readonly noteCertificate: (hostname: string, note: CertificateNote) => Promise<void>;
  readonly tell: (store: Store, news: DomainNews) => Promise<void>;
  readonly now: () => Date;
}

/** Renewals begin with 30 days left; an owner is told once a third of that time has gone by in vain. */
const TOLD_WHEN_LEFT = 20 * DAY;

/** After a round of renewals: what came of those for own domains stands on their pages, and is told where it must be. */
export function createRenewalNotes(deps: RenewalNotesDeps) {
  return async (outcomes: readonly RenewalOutcome[]): Promise<void> => {
    for (const { name, outcome, error } of outcomes) {
      const domain = (await deps.domainsOfName(name)).find(({ provenAt }) => provenAt !== null);
      if (domain === undefined) continue;
      const facts = await deps.find(name);
      const at = deps.now().toISOString();
      const tried =
        outcome === 'renewed'
          ? { at, isDone: true, reason: null }
          : outcome === 'failed'
            ? { at, isDone: false, reason: error?.message ?? null }
            : (domain.certificate?.lastTry ?? null);
      await deps.noteCertificate(name, noteOf(facts, tried));
      const isEndNear = facts !== undefined && facts.notAfter.getTime() - deps.now().getTime() < TOLD_WHEN_LEFT;
      if (outcome !== 'failed' || !isEndNear) continue;
      const store = await deps.findStore(domain.storeId);
      if (store === undefined) continue;
      await deps.tell(store, {
        kind: 'certificate',
        domain,
        reason: error?.message ?? 'It could not be renewed.',
        notAfter: facts.notAfter,
      });
    }
  };
}
