import { CertificateError, type CertificateFacts } from '../domain/certificates.ts';
import { toAppError } from '../domain/errors.ts';
import {
  type DomainEvidence,
  type Judgement,
  type JudgingFacts,
  judgeDomain,
  stateOf,
} from '../domain/judge-domain.ts';
import {
  type CertificateNote,
  type Diagnosis,
  type DomainState,
  isDangling,
  type OwnDomain,
  type ProofAnswer,
  pauseBeforeLook,
} from '../domain/own-domains.ts';
import type { Store } from '../domain/store.ts';
import { MINUTE } from '../lib/time.ts';
import type { DomainNews } from './domain-mails.ts';

export interface DomainCareDeps {
  /** Rejects only when the signal aborts. */
  readonly lookUp: (hostname: string, signal: AbortSignal) => Promise<DomainEvidence>;
  readonly findStore: (storeId: string) => Promise<Store | undefined>;
  readonly domainsOf: (storeId: string) => Promise<readonly OwnDomain[]>;
  readonly looks: {
    prove(domain: OwnDomain, question: { readonly now: Date; readonly quarantineDays: number }): Promise<ProofAnswer>;
    open(domain: OwnDomain): Promise<boolean>;
    close(domain: OwnDomain, now: Date): Promise<void>;
    ownerOf(hostname: string): Promise<string | undefined>;
    release(domain: OwnDomain, now: Date): Promise<void>;
    setState(id: string, state: DomainState): Promise<void>;
    noteCertificate(hostname: string, note: CertificateNote): Promise<void>;
    keep(
      domain: OwnDomain,
      look: {
        readonly state: DomainState;
        readonly diagnoses: readonly Diagnosis[];
        readonly found: OwnDomain['found'] | undefined;
        readonly quietLooks: number;
        readonly strayedAt: Date | null;
        readonly checkedAt: Date;
        readonly nextCheckAt: Date;
      },
    ): Promise<void>;
  };
  readonly certificates: {
    ensure(hostname: string, signal: AbortSignal): Promise<{ readonly changed: boolean }>;
    find(hostname: string): Promise<CertificateFacts | undefined>;
    remove(hostname: string): Promise<void>;
  };
  readonly edge: {
    apply(signal: AbortSignal): Promise<unknown>;
    /** Throws unless visitors of the host reach the shop, with a certificate of its own. */
    probe(hostname: string, signal: AbortSignal): Promise<void>;
  };
  readonly placeOf: (store: Store) => JudgingFacts['place'];
  readonly caaIdentity: string | null;
  readonly quarantineDays: number;
  readonly tell: (store: Store, news: DomainNews) => Promise<void>;
  readonly now: () => Date;
}

/** What became of the domain; `null` when its owner wanted it gone, and it is. */
export type CaredFor = { readonly state: DomainState; readonly diagnoses: readonly Diagnosis[] } | null;

/** An authority that gave no answer is not asked again before; nobody else has to wait for it. */
const SILENT_FOR_MS = 2 * MINUTE;

/**
 * One look at one domain, and whatever follows from it: proof, certificate, route, news for its owner. May be repeated
 * at any time and after any crash. Nothing of it touches the store's name on the platform.
 */
export function createDomainCare(deps: DomainCareDeps) {
  const { looks, certificates, edge, now } = deps;
  let silentUntil = 0;

  async function certify(domain: OwnDomain, signal: AbortSignal): Promise<Stop | undefined> {
    const { hostname } = domain;
    if (now().getTime() < silentUntil) return stopped('issuing', 'The authority does not answer at the moment.');
    await looks.setState(domain.id, 'issuing');
    try {
      const { changed } = await certificates.ensure(hostname, signal);
      await note(domain, changed ? { at: now().toISOString(), isDone: true, reason: null } : undefined);
      return undefined;
    } catch (thrown) {
      signal.throwIfAborted();
      const error = toAppError(thrown);
      const trouble = thrown instanceof CertificateError ? thrown.trouble : 'refused';
      const reason = thrown instanceof CertificateError ? thrown.reason : error.message;
      if (trouble === 'unreachable') silentUntil = now().getTime() + SILENT_FOR_MS;
      if (trouble !== 'waiting') await note(domain, { at: now().toISOString(), isDone: false, reason });
      const isForTime = trouble === 'unreachable' || trouble === 'rate-limited';
      const isWaiting = trouble === 'waiting' && domain.state !== 'problem';
      return stopped(isForTime || isWaiting ? 'issuing' : 'problem', reason);
    }
  }

  async function note(domain: OwnDomain, tried: CertificateNote['lastTry'] | undefined): Promise<void> {
    const lastTry = tried ?? domain.certificate?.lastTry ?? null;
    await looks.noteCertificate(domain.hostname, noteOf(await certificates.find(domain.hostname), lastTry));
  }

  /** The certificate is there: visitors may come. */
  async function open(domain: OwnDomain, signal: AbortSignal): Promise<Stop | undefined> {
    if (!(await looks.open(domain))) {
      if (isEnding(await deps.findStore(domain.storeId))) await forgetCertificate(domain);
      return stopped('issuing', 'The store has no route yet.', 'not-served');
    }
    await edge.apply(signal);
    try {
      await edge.probe(domain.hostname, signal);
      return undefined;
    } catch (thrown) {
      signal.throwIfAborted();
      return stopped('issuing', toAppError(thrown).message, 'not-served');
    }
  }

  /** The row goes last: until then it says what is still to be taken away. */
  async function leave(domain: OwnDomain, signal: AbortSignal): Promise<null> {
    if (domain.provenAt !== null) {
      await looks.close(domain, now());
      await edge.apply(signal);
      // Only now does nothing name it any more.
      await forgetCertificate(domain);
    }
    await looks.release(domain, now());
    return null;
  }

  async function forgetCertificate({ hostname, storeId }: OwnDomain): Promise<void> {
    const owner = await looks.ownerOf(hostname);
    if (owner === undefined || owner === storeId) await certificates.remove(hostname);
  }

  async function connect(domain: OwnDomain, judgement: Judgement, signal: AbortSignal): Promise<Outcome> {
    const { diagnoses } = judgement;
    if (judgement.isProven === true && domain.provenAt === null) {
      const answer = await looks.prove(domain, { now: now(), quarantineDays: deps.quarantineDays });
      if (answer !== 'proven') return { state: 'problem', diagnoses: [refused(domain.hostname, answer), ...diagnoses] };
    }
    const state = stateOf(domain, judgement, now());
    if (state !== 'issuing') return { state, diagnoses };
    const stop = (await certify(domain, signal)) ?? (await open(domain, signal));
    return stop === undefined
      ? { state: 'valid', diagnoses }
      : { state: stop.state, diagnoses: [stop.diagnosis, ...diagnoses] };
  }

  /** It was connected once: it stays so while its owner mends what is wrong. */
  async function keepOpen(domain: OwnDomain, judgement: Judgement, signal: AbortSignal): Promise<Outcome> {
    await looks.open(domain);
    await edge.apply(signal);
    await note(domain, undefined);
    const { leadsHere, diagnoses } = judgement;
    const strayedAt = leadsHere === null ? domain.strayedAt : leadsHere ? null : (domain.strayedAt ?? now());
    return { state: isDangling({ strayedAt }, now()) ? 'problem' : 'valid', diagnoses, strayedAt };
  }

  return async (domain: OwnDomain, signal: AbortSignal): Promise<CaredFor> => {
    const store = await deps.findStore(domain.storeId);
    // What takes the store down takes all of this with it.
    if (store === undefined || store.status === 'deleting') return null;
    if (domain.isLeaving) return leave(domain, signal);
    // Nothing new for a store that is to go: nobody would take it away again.
    if (domain.validAt === null && isEnding(store)) return { state: domain.state, diagnoses: domain.diagnoses };
    const others = await deps.domainsOf(domain.storeId);
    const judgement = judgeDomain(domain, await deps.lookUp(domain.hostname, signal), {
      place: deps.placeOf(store),
      caaIdentity: deps.caaIdentity,
      otherNames: others.map(({ hostname }) => hostname),
    });
    const wasValid = domain.validAt !== null;
    const outcome = await (wasValid ? keepOpen : connect)(domain, judgement, signal);
    const { state, diagnoses, strayedAt = null } = outcome;
    const found = judgement.found ?? undefined;
    const isNews = state !== domain.state || told(diagnoses) !== told(domain.diagnoses);
    const quietLooks = isNews ? 0 : domain.quietLooks + 1;
    const at = now();
    const after = { state, quietLooks, strayedAt, createdAt: domain.createdAt };
    const nextCheckAt = new Date(at.getTime() + pauseBeforeLook(after, at));
    await tellOwner(deps.tell, store, domain, outcome);
    await looks.keep(domain, { state, diagnoses, found, quietLooks, strayedAt, checkedAt: at, nextCheckAt });
    return { state, diagnoses };
  };
}

interface Outcome {
  readonly state: DomainState;
  readonly diagnoses: readonly Diagnosis[];
  readonly strayedAt?: Date | null;
}

/** Why it goes no further now. */
interface Stop {
  readonly state: DomainState;
  readonly diagnosis: Diagnosis;
}

function stopped(
  state: DomainState,
  sentence: string,
  code: 'certificate-failed' | 'not-served' = 'certificate-failed',
) {
  const fix =
    state === 'issuing'
      ? 'Nothing to do: we try again by ourselves.'
      : 'Mend what the reason names; we try again by ourselves, at the time it says.';
  return { state, diagnosis: { code, isAdvice: false, sentence, fix, found: [], expected: [] } } satisfies Stop;
}

const isEnding = (store: Store | undefined): boolean =>
  store === undefined || store.status === 'deleting' || store.status === 'deletion-scheduled';

const refused = (hostname: string, answer: 'taken' | 'quarantined'): Diagnosis => ({
  code: 'taken',
  isAdvice: false,
  ...(answer === 'taken'
    ? {
        sentence: `${hostname} is connected to another store.`,
        fix: 'Remove it from that store first. If that store is not yours, whoever runs this platform has to look.',
      }
    : {
        sentence: `Another customer gave ${hostname} up a short while ago.`,
        fix: 'Nothing to do: it is connected once their time is over.',
      }),
  found: [],
  expected: [],
});

const told = (diagnoses: readonly Diagnosis[]): string => JSON.stringify(diagnoses);

/** Each piece of news once: the outbox knows its keys. */
async function tellOwner(
  tell: DomainCareDeps['tell'],
  store: Store,
  domain: OwnDomain,
  { state, diagnoses, strayedAt = null }: Outcome,
): Promise<void> {
  if (state === domain.state) return;
  if (state === 'valid' && domain.validAt === null) return tell(store, { kind: 'valid', domain });
  const first = diagnoses.find(({ isAdvice }) => !isAdvice);
  if (state === 'problem' && first !== undefined)
    await tell(store, { kind: 'problem', domain, diagnosis: first, strayedAt });
}

/** What is noted of a certificate as it is found. */
export function noteOf(facts: CertificateFacts | undefined, lastTry: CertificateNote['lastTry']): CertificateNote {
  return {
    issuer: facts?.issuer ?? null,
    isPubliclyTrusted: facts?.isPubliclyTrusted ?? false,
    notBefore: facts?.notBefore.toISOString() ?? null,
    notAfter: facts?.notAfter.toISOString() ?? null,
    lastTry,
  };
}
