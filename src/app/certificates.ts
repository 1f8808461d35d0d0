import { createHash } from 'node:crypto';
import { z } from 'zod';
import { createCertbot } from '../adapters/certbot/certbot.ts';
import { type AcmeOrders, type CertificateEvent, createAcmeOrders } from '../adapters/certificates/acme-orders.ts';
import { type Certificates, createCertificates } from '../adapters/certificates/certificates.ts';
import { isDevelopmentName } from '../adapters/certificates/local-authority.ts';
import { createLocalCertificates } from '../adapters/certificates/local-certificates.ts';
import { createWildcard } from '../adapters/certificates/wildcard.ts';
import { createNameCheck } from '../adapters/dns/check-name.ts';
import { edgeFolders } from '../adapters/edge/edge-folders.ts';
import type { Apt } from '../adapters/host/apt.ts';
import { withLock } from '../adapters/host/exclusive-lock.ts';
import type { Repositories } from '../adapters/mysql/index.ts';
import type { Config } from '../config/config.ts';
import type { FailedAttempts } from '../domain/certificates.ts';
import { SYSTEM } from '../domain/origin.ts';
import type { CertificateWays } from '../operating/certificate-advice.ts';

const EDGE_USER = 'shophosting-edge';

const ATTEMPTS = z.object({
  hostname: z.string(),
  directory: z.string(),
  count: z.number(),
  reason: z.string(),
  retryAt: z.coerce.date(),
});

/** Names may be longer than a setting's name. */
const attemptsOf = (name: string): string =>
  `certificate:${createHash('sha256').update(name).digest('hex').slice(0, 40)}`;

/** Failures per name, where every worker sees them. */
export function createFailedAttempts({ settings }: Pick<Repositories, 'settings'>) {
  return {
    async find(name: string): Promise<FailedAttempts | undefined> {
      const read = ATTEMPTS.safeParse(await settings.get(attemptsOf(name)));
      return read.success ? read.data : undefined;
    },
    put: (failed: FailedAttempts) => settings.set(attemptsOf(failed.hostname), failed),
    clear: (name: string) => settings.remove(attemptsOf(name)),
  };
}

export function certificateWays({ baseDomain, acme, wildcardFiles }: Config): CertificateWays {
  const hasWildcard = wildcardFiles !== undefined || acme?.dnsHook !== undefined;
  return { baseDomain, directory: acme?.directory, hasWildcard };
}

/** Certificates of this installation: which ways there are, the configuration says. */
export function createPlatformCertificates(config: Config, repositories: Repositories, apt: Apt): Certificates {
  const { dataDir, baseDomain, platformHost } = config;
  const now = (): Date => new Date();
  const local = createLocalCertificates({ dataDir, user: EDGE_USER, domains: [baseDomain, platformHost] });
  const orders = config.acme && createOrders(config, config.acme, repositories, apt);
  const isOrdered = config.acme?.dnsHook !== undefined && !isDevelopmentName(baseDomain);
  const from = config.wildcardFiles ?? (isOrdered ? orders : undefined);
  const wildcard = from && createWildcard({ dataDir, user: EDGE_USER, baseDomain, from, now });
  return createCertificates({ dataDir, user: EDGE_USER, local, orders, wildcard });
}

function createOrders(
  { dataDir, domains }: Config,
  acme: NonNullable<Config['acme']>,
  repositories: Repositories,
  apt: Apt,
): AcmeOrders {
  const webroot = edgeFolders(dataDir).acme;
  return createAcmeOrders({
    authority: createCertbot({
      ...acme,
      dataDir,
      webroot,
      ensureInstalled: (signal) => apt.ensurePrograms(['certbot'], signal),
    }),
    checkName: createNameCheck({ webroot, dnsServers: acme.dnsServers, publicAddresses: domains.publicAddresses }),
    attempts: createFailedAttempts(repositories),
    budget: repositories.certificateOrders,
    inTurn: (signal, action) => withLock(`certbot:${dataDir}`, { signal, onWait: () => undefined }, action),
    onEvent: (event) => repositories.audit.append({ ...SYSTEM, ...lineOf(event), at: new Date() }),
    now: () => new Date(),
  });
}

function lineOf(event: CertificateEvent) {
  const { name, directory } = event;
  if (event.type === 'issued') {
    return { action: 'certificate.issued', target: name, details: { directory, notAfter: event.notAfter } };
  }
  const { reason, count, retryAt } = event.attempts;
  return { action: 'certificate.refused', target: name, details: { directory, reason, count, retryAt } };
}
