import { readFile } from 'node:fs/promises';
import { operatorName } from '../adapters/process/operator-name.ts';
import type { CertificateView, CliActions, RenewalView } from '../cli/actions.ts';
import type { CertificateFacts } from '../domain/certificates.ts';
import { InvalidInputError, NotFoundError, toAppError } from '../domain/errors.ts';
import { originOfOperator } from '../domain/origin.ts';
import { hasLapsed } from '../domain/own-domains.ts';
import { DAY, MINUTE } from '../lib/time.ts';
import { createCertificateRenewal, type RenewalOutcome } from '../monitoring/renew-certificates.ts';
import type { Adapters } from './adapters.ts';
import { createFailedAttempts } from './certificates.ts';

const APPLY_WITHIN_MS = MINUTE;

type CertificateActions = Pick<
  CliActions,
  'listCertificates' | 'issueCertificate' | 'renewCertificates' | 'importCertificate'
>;

/** The names that certificates are kept for; not those of domains that lead elsewhere, once theirs has ended. */
export async function certificateNames(adapters: Adapters): Promise<string[]> {
  const strayed = await adapters.repositories.ownDomains.listStrayed();
  const now = new Date();
  const lapsed = new Set(strayed.filter((domain) => hasLapsed(domain, now)).map(({ hostname }) => hostname));
  return (await knownNames(adapters)).filter((name) => !lapsed.has(name));
}

/** Every name that visitors may ask for: the platform's own and each that has a route. */
async function knownNames({ config, repositories }: Adapters): Promise<string[]> {
  const routed = (await repositories.routes.list()).map(({ hostname }) => hostname);
  return [...new Set([config.platformHost, ...routed])];
}

/** The round over all certificates, by the scheduler (`due`) or by hand (`urgent`: also what waits after a failure, `now`: due or not). */
export function createRenewal(adapters: Adapters, urgency: 'due' | 'urgent' | 'now') {
  const { certificates, edge } = adapters;
  const { wildcard } = certificates;
  return createCertificateRenewal({
    wildcard: wildcard && { name: wildcard.name, keep: (signal) => wildcard.ensure(signal, urgency) },
    // What the wildcard holds for was looked after with it, once for all.
    hostnames: async () => (await certificateNames(adapters)).filter((name) => wildcard?.isFor(name) !== true),
    keep: urgency === 'due' ? certificates.renewDue : urgency === 'urgent' ? certificates.issue : certificates.renew,
    isMadeHere: certificates.isMadeHere,
    apply: (signal) => edge.apply(signal),
  });
}

/** `shopctl certificate …` */
export function createCertificateActions(open: () => Adapters): CertificateActions {
  async function view(hostname: string): Promise<CertificateView> {
    const { certificates, repositories } = open();
    const failed = await createFailedAttempts(repositories).find(hostname);
    return {
      ...shape(hostname, await certificates.find(hostname)),
      problem: failed?.reason ?? null,
      nextTryAt: failed?.retryAt.toISOString() ?? null,
    };
  }

  /** What is there shows at once; an edge that does not run will show it when it starts. */
  async function show(): Promise<void> {
    await open()
      .edge.apply(AbortSignal.timeout(APPLY_WITHIN_MS))
      .catch((thrown: unknown) => {
        if (toAppError(thrown).code !== 'route_unreachable') throw thrown;
      });
  }

  async function knownName(text: string): Promise<string> {
    const name = text.toLowerCase();
    const { certificates } = open();
    if (name === certificates.wildcard?.name || (await knownNames(open())).includes(name)) return name;
    throw new NotFoundError('certificate', text);
  }

  return {
    async listCertificates() {
      const { certificates } = open();
      const names = [
        ...(certificates.wildcard === undefined ? [] : [certificates.wildcard.name]),
        ...(await certificateNames(open())),
      ];
      return await Promise.all(names.map(view));
    },

    async issueCertificate({ name, signal }) {
      const known = await knownName(name);
      const { certificates } = open();
      const { wildcard } = certificates;
      await (known === wildcard?.name ? wildcard.ensure(signal, 'urgent') : certificates.issue(known, signal));
      await show();
      return await view(known);
    },

    async renewCertificates({ name, all, signal }) {
      if (name === undefined) return (await createRenewal(open(), all ? 'now' : 'urgent')(signal)).map(renewalView);
      const known = await knownName(name);
      const { certificates } = open();
      const { wildcard } = certificates;
      await (known === wildcard?.name ? wildcard.ensure(signal, 'now') : certificates.renew(known, signal));
      await show();
      return [{ name: known, outcome: 'renewed', error: null }];
    },

    async importCertificate({ name, certificateFile, keyFile }) {
      const { certificates, repositories } = open();
      const [certificate, key] = await Promise.all([
        readGiven('certificate', certificateFile),
        readGiven('key', keyFile),
      ]);
      const hostname = name.toLowerCase();
      const { notAfter } = await certificates.importPair(hostname, { certificate, key });
      await repositories.audit.append({
        ...originOfOperator(operatorName()),
        action: 'certificate.imported',
        target: hostname,
        details: { notAfter },
        at: new Date(),
      });
      await show();
      return await view(hostname);
    },
  };
}

async function readGiven(field: string, file: string): Promise<string> {
  return await readFile(file, 'utf8').catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InvalidInputError(field, `--${field}: ${reason}`);
  });
}

function shape(name: string, facts: CertificateFacts | undefined): Omit<CertificateView, 'problem' | 'nextTryAt'> {
  if (facts === undefined) {
    return { name, source: null, directory: null, trusted: false, wildcard: false, notAfter: null, daysLeft: null };
  }
  return {
    name,
    source: facts.source,
    directory: facts.directory ?? null,
    trusted: facts.isPubliclyTrusted,
    wildcard: facts.isWildcard,
    notAfter: facts.notAfter.toISOString(),
    daysLeft: Math.floor((facts.notAfter.getTime() - Date.now()) / DAY),
  };
}

function renewalView({ name, outcome, error }: RenewalOutcome): RenewalView {
  if (error === undefined) return { name, outcome, error: null };
  const { code, message, hint } = error;
  return { name, outcome, error: { code, message, hint: hint ?? null } };
}
