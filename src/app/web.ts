import { join } from 'node:path';
import pLimit from 'p-limit';
import { createActing } from '../accounts/acting.ts';
import { createAnswerOnce } from '../accounts/answer-once.ts';
import { createApiTokens } from '../accounts/api-tokens.ts';
import { createAccounts } from '../accounts/create-accounts.ts';
import { createSecurity } from '../accounts/create-security.ts';
import { createDisownFactor } from '../accounts/disown-factor.ts';
import { createEmailAddresses } from '../accounts/email-addresses.ts';
import { limitBuckets } from '../accounts/limits.ts';
import { createOneTimeTokens } from '../accounts/one-time-tokens.ts';
import { ANSWER_WITHIN_MS } from '../accounts/passkey-questions.ts';
import { createResetPassword } from '../accounts/reset-password.ts';
import { createBeginSecondStep } from '../accounts/second-step.ts';
import { createSessions } from '../accounts/sessions.ts';
import { createDeviceTokens } from '../adapters/crypto/device-tokens.ts';
import { createPasswordHasher } from '../adapters/crypto/hash-password.ts';
import { judgePassword } from '../adapters/crypto/judge-password.ts';
import { createPasskeyChecks } from '../adapters/crypto/passkeys.ts';
import { digestOf, makeToken, randomSecret } from '../adapters/crypto/session-tokens.ts';
import { createLog, type Log } from '../adapters/log/create-log.ts';
import { createRepositories, openDatabase } from '../adapters/mysql/index.ts';
import { createDoorbell } from '../adapters/redis/doorbell.ts';
import { createRateLimits } from '../adapters/redis/rate-limits.ts';
import type { WebConfig } from '../config/web-config.ts';
import { TooManyTriesError } from '../domain/errors.ts';
import { pause } from '../lib/deadline.ts';
import { newId } from '../lib/new-id.ts';
import { packageRoot } from '../lib/package-root.ts';
import { MINUTE, SECOND } from '../lib/time.ts';
import { createWebServer } from '../web/server/create-server.ts';
import { listen } from '../web/server/listen.ts';
import { loadPages } from '../web/server/load-pages.ts';
import { openPageSources } from '../web/server/page-sources.ts';
import type { Turn, WebServices } from '../web/services.ts';
import { readVersion } from './read-version.ts';
import { secondFactorTools } from './second-factor-tools.ts';
import { createHealth } from './web-health.ts';
import { createWebOffer, createWebServices, createWebSettings, readWebPools } from './web-services.ts';

/** More than a person does, and far less than would hurt. */
const USE_BUCKETS = {
  // Somebody who types asks several times a second; nobody types for that long.
  'name-checks-from-address': { points: 240, durationMs: MINUTE },
  // Each takes the judge some milliseconds; a page asks once somebody pauses.
  'password-looks-from-address': { points: 120, durationMs: MINUTE },
  // Each leaves a line in the audit log, for good.
  'retries-of-customer': { points: 10, durationMs: MINUTE },
  // A look costs somebody's name servers a dozen questions, and perhaps an authority an order.
  'domain-looks-of-customer': { points: 12, durationMs: MINUTE },
  'domains-of-customer': { points: 20, durationMs: 10 * MINUTE },
  'credentials-of-session': { points: 20, durationMs: MINUTE },
  // One reads all that is kept about a person, thousands of lines.
  'exports-of-customer': { points: 5, durationMs: 10 * MINUTE },
  // Each leaves a line, and some make a secret or let a mail go out.
  'webhooks-of-customer': { points: 20, durationMs: 10 * MINUTE },
  // Each makes us call somebody.
  'webhook-messages-of-customer': { points: 20, durationMs: MINUTE },
  // Each takes a name, a port and a network, for a week at least.
  'orders-of-customer': { points: 20, durationMs: 10 * MINUTE },
  // A program that asks once a second has all it needs, and five of them beside each other too.
  'api-calls-of-caller': { points: 300, durationMs: MINUTE },
  // However many tokens and browsers they have.
  'api-calls-of-customer': { points: 900, durationMs: MINUTE },
  // Each leaves lines for good, or makes somebody work: far more than a program has to change in a minute.
  'api-writes-of-customer': { points: 240, durationMs: MINUTE },
  // Only of those who are let in nowhere: whoever shows a token that opens is never kept waiting for them.
  'api-refusals-from-address': { points: 60, durationMs: MINUTE },
  // Each is a run, with its lines: a shop is closed and opened more often by nobody who means it.
  'changes-of-customer': { points: 60, durationMs: 10 * MINUTE },
  // Enough to set a mail server up; a stranger's address is written to no more often.
  'test-mails-of-operator': { points: 10, durationMs: 10 * MINUTE },
  // A look reads up to what the engine keeps of each container.
  'logs-of-customer': { points: 120, durationMs: MINUTE },
  // A try sends a mail, and opens a connection to wherever its owner says.
  'store-mail-of-session': { points: 10, durationMs: 10 * MINUTE },
  // However many tokens and browsers they have.
  'store-mail-of-customer': { points: 20, durationMs: 10 * MINUTE },
} as const;

type ApiBucket = 'api-calls-of-caller' | 'api-calls-of-customer' | 'api-writes-of-customer';

const tighterOf = (one: Turn, other: Turn): Turn => (other.remaining < one.remaining ? other : one);

/** A page says that the database is away sooner than its reader gives up on it; a worker has more patience. */
const DATABASE_LIMITS = { acquireWithinMs: 3 * SECOND, queryWithinMs: 5 * SECOND, queueLimit: 256 } as const;

/** Where, in development, browsers hear that a page has changed. */
const RELOAD_PORT_ABOVE = 1;

/** A web process from its configuration to its last answer. Resolves when `stopping` aborted and all is answered. */
export async function runWeb(
  config: WebConfig,
  stopping: AbortSignal,
  log: Log = createLog({ level: config.logLevel, service: 'web' }),
): Promise<void> {
  const parts = await openParts(config);
  try {
    const { pagesSources, webPort } = config;
    const pages =
      pagesSources === null
        ? await loadPages(join(packageRoot(), 'build', 'pages'))
        : await openPageSources(pagesSources, webPort + RELOAD_PORT_ABOVE);
    const server = createWebServer({
      services: parts.services,
      health: createHealth(parts.database, parts.doorbell),
      render: pages.render,
      filesFolder: pages.filesFolder,
      isFromSources: pagesSources !== null,
      stopping,
      log,
    });
    log.info({ pid: process.pid, port: webPort }, 'Web started');
    await listen(server, { port: webPort, before: pages.before }, stopping);
    await pages.close?.();
    log.info({ pid: process.pid }, 'Web stopped');
  } finally {
    await parts.close();
  }
}

/** What the features of this process stand on. It has neither the engine nor a tenant's file nor a sealing key. */
async function openParts(config: WebConfig) {
  const database = openDatabase({ ...config.mysql, ...DATABASE_LIMITS });
  const repositories = createRepositories(database);
  const doorbell = createDoorbell(config.redis);
  const buckets = limitBuckets({ signUpsPerAddress: config.signUps.perAddress });
  const limits = createRateLimits(config.redis, { ...buckets, ...USE_BUCKETS });
  const platformSettings = createWebSettings(repositories);
  const offers = createWebOffer(repositories, platformSettings);
  // They would wait for each other in the database anyway, each with a connection that other pages need; there the
  // longest wait is refused, here the first to come is the first to go.
  const oneByOne = pLimit(1);
  const keyOf = (text: string): Uint8Array => Buffer.from(text, 'base64');
  const people = {
    publicUrl: config.publicUrl,
    customers: repositories.customers,
    sessions: repositories.sessions,
    tokens: { make: makeToken, digestOf },
    hasher: createPasswordHasher(keyOf(config.keys.passwordSalts)),
    audit: repositories.audit,
    judge: judgePassword,
    digestOf,
    limits,
    now: (): Date => new Date(),
  };
  const oneTime = repositories.oneTimeTokens;
  const devices = createDeviceTokens(keyOf(config.keys.devices));
  const byMail = {
    ...people,
    sessions: createSessions(people),
    changes: repositories.accountChanges,
    links: createOneTimeTokens({ ...people, repository: oneTime }),
    storeNamesOf: repositories.stores.namesOf,
    queue: (kind: string, recipient: string, payload: unknown) => {
      const uniqueKey = `${kind}:${newId('msg')}`;
      return repositories.outbox.enqueue({ uniqueKey, storeId: null, recipient, kind, payload, now: new Date() });
    },
  };
  const accounts: WebServices['accounts'] = {
    ...createEmailAddresses(byMail),
    ...createDisownFactor(byMail),
    ...createResetPassword(byMail),
    ...createAccounts({
      ...people,
      own: { baseDomain: config.baseDomain, ownHosts: [config.platformHost] },
      termsUrl: config.termsUrl,
      builtLocales: config.shopDefaults.builtLocales,
      areSignUpsOpen: config.signUps.areOpen,
      offer: offers.offer,
      accept: (signUp) => oneByOne(async () => repositories.signUps.accept(signUp, await readWebPools(config))),
      isMade: repositories.signUps.isMade,
      devices,
      beginSecondStep: createBeginSecondStep({ ...people, oneTime }),
      ring: doorbell.ring,
      pause,
    }),
  };
  const security = createSecurity({
    ...people,
    changes: repositories.accountChanges,
    ...secondFactorTools(keyOf(config.keys.totp), config.keys.formerTotp.map(keyOf)),
    factors: repositories.secondFactors,
    passkeys: repositories.passkeys,
    checks: createPasskeyChecks({ publicUrl: config.publicUrl, answerWithinMs: ANSWER_WITHIN_MS }),
    oneTime,
    devices,
  });
  const acting = createActing({
    ...people,
    actingSessions: repositories.actingSessions,
    sessions: { find: accounts.findSession },
  });
  const tokens = createApiTokens({
    ...people,
    sessions: { find: accounts.findSession },
    repository: repositories.apiTokens,
    randomBytes: randomSecret,
  });
  const services = createWebServices({
    config,
    version: await readVersion(),
    repositories,
    doorbell,
    accounts,
    security,
    tokens,
    answers: { once: createAnswerOnce({ ...people, answers: repositories.keptAnswers, pause }) },
    acting,
    offers,
    platformSettings,
    accept: (store, key) =>
      oneByOne(async () => repositories.storeOrders.accept(store, await readWebPools(config), key)),
    async takeTurn({ id, customerId }, { isWrite }) {
      const turnOf = async (bucket: ApiBucket, key: string): Promise<Turn> => {
        const { points: limit } = USE_BUCKETS[bucket];
        const { taken, resetMs, isAllowed } = await limits.take(bucket, key);
        return { isAllowed, limit, remaining: Math.max(0, limit - taken), resetMs };
      };
      const own = await turnOf('api-calls-of-caller', id);
      // Who has none left takes none from the account's other programs.
      if (!own.isAllowed) return own;
      const all = await turnOf('api-calls-of-customer', customerId);
      const turns = [own, all];
      if (isWrite && all.isAllowed) turns.push(await turnOf('api-writes-of-customer', customerId));
      return turns.find(({ isAllowed }) => !isAllowed) ?? turns.reduce((one, other) => tighterOf(one, other));
    },
    async count(bucket, key) {
      const { isAllowed, retryAfterMs } = await limits.take(bucket, key);
      if (!isAllowed) throw new TooManyTriesError(bucket.replaceAll('-', ' '), retryAfterMs);
    },
  });
  return {
    database,
    doorbell,
    services,
    async close(): Promise<void> {
      limits.close();
      await doorbell.close();
      await database.close();
    },
  };
}
