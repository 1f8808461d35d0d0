import { createAccountEnds } from '../accounts/account-ends.ts';
import { createAccountExport } from '../accounts/export-account.ts';
import { sessionOf } from '../accounts/fresh-session.ts';
import { networkOf } from '../accounts/network-of.ts';
import { lookAtNewPassword } from '../accounts/password-strength.ts';
import { judgePassword } from '../adapters/crypto/judge-password.ts';
import { makePassword } from '../adapters/crypto/make-password.ts';
import { digestOf } from '../adapters/crypto/session-tokens.ts';
import { createWebhookSecretMaker } from '../adapters/crypto/webhook-secrets.ts';
import { readRoutedSubnets, subnetsOverlap } from '../adapters/docker/routed-subnets.ts';
import { databaseSocketOf } from '../adapters/filesystem/database-sockets.ts';
import { isPortFree } from '../adapters/host/is-port-free.ts';
import { askWorker } from '../adapters/host/worker-sockets.ts';
import type { Pools } from '../adapters/mysql/allocate.ts';
import type { Repositories } from '../adapters/mysql/index.ts';
import type { Doorbell } from '../adapters/redis/doorbell.ts';
import type { WebConfig } from '../config/web-config.ts';
import { createDesk } from '../desk/create-desk.ts';
import { createFind } from '../desk/find-places.ts';
import { createSettingsReader } from '../desk/platform-settings.ts';
import { isApiToken } from '../domain/api-token.ts';
import type { DatabaseAnswer } from '../domain/database-opening.ts';
import type { PlatformSettings } from '../domain/platform-settings.ts';
import { PLATFORM_NAMES, type PlatformName } from '../domain/store.ts';
import { parseWebhookUrl } from '../domain/webhook-url.ts';
import { createDomainServices } from '../domains/serve-domains.ts';
import { createDomainWishes } from '../domains/wish-domains.ts';
import { createActivity } from '../ledger/activity.ts';
import { CSV_HEAD, csvRowOf } from '../ledger/ledger-csv.ts';
import { SECOND } from '../lib/time.ts';
import { SILENT_AFTER_MS } from '../operating/look-at.ts';
import { stepTitlesOf } from '../provisioning/step-titles.ts';
import { stackOf } from '../stacks/index.ts';
import type { AdminLink } from '../stores/admin-links.ts';
import { createNameCheck } from '../stores/check-name.ts';
import { createProgressFollower } from '../stores/follow-progress.ts';
import { createOfferReader, type OfferReader } from '../stores/offer.ts';
import { createStoreOrders, type OrderStoreDeps } from '../stores/order-store.ts';
import { createOwnerLife } from '../stores/owner-life.ts';
import { createPlanChoices } from '../stores/plan-choices.ts';
import type { Credentials } from '../stores/read-credentials.ts';
import { createShopSetting } from '../stores/set-shops.ts';
import { createStoreDetails } from '../stores/store-details.ts';
import { createStoreLife } from '../stores/store-life.ts';
import type { WebServices } from '../web/services.ts';
import { createWebhookServices } from '../webhooks/serve-webhooks.ts';
import { choreTurnsOf } from './chore-turns.ts';
import { domainPresenterOf } from './domain-place.ts';
import { mailServicesOf } from './mail-desk.ts';
import { pageCacheServicesOf } from './page-cache-services.ts';
import { poolWishes } from './pool-wishes.ts';
import { addressOf, boundsOf, hostSuffixOf, ownersPresenterOf, presenterOf } from './store-facts.ts';
import { storeMailServicesOf } from './store-mail-services.ts';
import { createStoreViews } from './store-views.ts';
import { createLogs } from './web-logs.ts';

const DOMAIN_TOKEN_LENGTH = 32;
const OFFER_FRESH_MS = 2 * SECOND;

export interface WebServicesDeps {
  readonly config: WebConfig;
  readonly version: string;
  readonly repositories: Repositories;
  readonly doorbell: Doorbell;
  readonly accounts: WebServices['accounts'];
  readonly security: WebServices['security'];
  readonly tokens: WebServices['tokens'];
  readonly answers: WebServices['answers'];
  readonly acting: WebServices['acting'];
  readonly takeTurn: WebServices['takeTurn'];
  /** See `createStoreOrderRepository`; one at a time. */
  readonly accept: OrderStoreDeps['accept'];
  readonly offers: OfferReader;
  readonly platformSettings: () => Promise<PlatformSettings>;
  /** Takes one of what may be done so often only. Throws `too_many_tries` when there is none left. */
  readonly count: (
    bucket:
      | 'domains-of-customer'
      | 'domain-looks-of-customer'
      | 'name-checks-from-address'
      | 'password-looks-from-address'
      | 'retries-of-customer'
      | 'orders-of-customer'
      | 'credentials-of-session'
      | 'exports-of-customer'
      | 'logs-of-customer'
      | 'webhooks-of-customer'
      | 'webhook-messages-of-customer'
      | 'store-mail-of-session'
      | 'store-mail-of-customer'
      | 'changes-of-customer'
      | 'test-mails-of-operator'
      | 'api-refusals-from-address',
    key: string,
  ) => Promise<void>;
}

/** What allocation looks at in a process that may not ask the engine: every network has its route on this machine. */
export async function readWebPools(config: WebConfig): Promise<Pools> {
  const used = await readRoutedSubnets();
  return {
    ...boundsOf(config),
    isPortFree,
    isSubnetFree: (subnet) => !used.some((other) => subnetsOverlap(subnet, other)),
  };
}

const startLocalesOf = (built: readonly string[]) =>
  Object.fromEntries(PLATFORM_NAMES.map((name) => [name, stackOf(name).startLocales(built)])) as Record<
    PlatformName,
    readonly string[]
  >;

/** See `createOfferReader`; shared by sign-up and pages. */
export function createWebOffer(
  { settings, plans }: Pick<Repositories, 'settings' | 'plans'>,
  platformSettings: () => Promise<PlatformSettings>,
) {
  return createOfferReader({
    settings,
    plans,
    async closedByOperators() {
      const { signUpsOpen, signUpsSentence } = await platformSettings();
      return signUpsOpen ? null : signUpsSentence;
    },
    freshMs: OFFER_FRESH_MS,
    now: () => Date.now(),
  });
}

/** What operators have set; shared by the offer and every page's banner. */
export function createWebSettings({ platformSettings }: Pick<Repositories, 'platformSettings'>) {
  return createSettingsReader({ platformSettings, freshMs: OFFER_FRESH_MS, now: () => Date.now() });
}

/** Everything pages and the JSON API may do, on what the web process may reach. */
export function createWebServices({
  config,
  version,
  repositories,
  doorbell,
  accounts,
  security,
  tokens,
  answers,
  acting,
  offers,
  platformSettings,
  takeTurn,
  accept,
  count,
}: WebServicesDeps): WebServices {
  const { stores, runs, runStatistics } = repositories;
  const now = (): Date => new Date();
  const present = ownersPresenterOf(config);
  const { ofCustomer, list, newest, view } = createStoreViews({ ...repositories, present });
  /** Whose session or token it is. Throws `not_signed_in`. */
  const holderOf = async (token: string): Promise<{ readonly customerId: string }> =>
    (isApiToken(token) ? await tokens.find(token) : undefined) ??
    (await sessionOf({ sessions: { find: accounts.findSession } }, token));
  const checkName = createNameCheck({ hostSuffix: hostSuffixOf(config), taken: stores.takenNames });
  const webhooks = createWebhookServices({
    endpoints: repositories.webhookEndpoints,
    deliveries: repositories.webhookDeliveries,
    secrets: createWebhookSecretMaker(config.keys.webhooks),
    parseUrl: (text) => parseWebhookUrl(text, { ...config, ...config.webhooks }),
    count,
    now,
  });
  const ledger = createActivity({ audit: repositories.audit, stores });
  const ends = createAccountEnds({
    sessions: { find: accounts.findSession },
    ends: repositories.accountEnds,
    ring: doorbell.ring,
    publicUrl: config.publicUrl,
    now,
  });
  const life = createStoreLife({ ...repositories, ring: doorbell.ring, now });
  const planChoices = createPlanChoices(repositories);
  const shopSetting = createShopSetting({ settings: repositories.storeSettings, plans: repositories.plans, life });
  const domains = createDomainServices({
    ofCustomer,
    listDomains: repositories.ownDomains.list,
    wishes: createDomainWishes({
      own: { baseDomain: config.baseDomain, ownHosts: [config.platformHost] },
      quarantineDays: config.domains.quarantineDays,
      makeToken: () => makePassword(DOMAIN_TOKEN_LENGTH),
      ownDomains: repositories.ownDomains,
      now,
    }),
    requestPrimary: repositories.addressChanges.request,
    ring: doorbell.ring,
    latestRun: runs.latest,
    titleOf: ({ platform }) => stepTitlesOf(stackOf(platform)),
    now,
    present: domainPresenterOf(config),
    addressOf: (hostname) => addressOf(config, hostname),
    count,
  });
  return {
    facts: {
      version,
      publicUrl: config.publicUrl,
      baseDomain: config.baseDomain,
      hostSuffix: hostSuffixOf(config),
      support: config.support,
      termsUrl: config.termsUrl,
      links: config.links,
      shopDefaults: config.shopDefaults,
      startLocales: startLocalesOf(config.shopDefaults.builtLocales),
    },
    accounts,
    security,
    tokens,
    answers,
    accountData: {
      ...ends,
      exportAccount: createAccountExport({
        sessions: { find: accounts.findSession },
        sessionsOf: repositories.sessions.listOf,
        factorsOf: repositories.secondFactors.summary,
        storesOf: (customerId) => list(customerId),
        orderOf: async (customerId, id) => {
          const store = await repositories.stores.find({ id, customerId });
          return store && { start: store.start, wishedDomain: store.wishedDomain };
        },
        domainsOf: async (customerId, storeId) => (await domains.list(customerId, storeId)).domains,
        settingsOf: repositories.storeSettings.find,
        mailOf: repositories.storeMail.find,
        audit: repositories.audit,
        mailsTo: repositories.outbox.sentTo,
        webhooksOf: webhooks.list,
        tokensOf: tokens.list,
        ledger,
        count: (customerId) => count('exports-of-customer', customerId),
        now,
      }),
    },
    acting,
    stores: {
      list: (customerId) => list(customerId),
      siblings: stores.namesOf,
      newest,
      view,
      get: createStoreDetails({
        stores,
        runs: { latest: runs.latest, lastEventId: runStatistics.lastEventId, countBefore: runStatistics.countBefore },
        kept: offers.kept,
        present,
        now,
      }),
      order: createStoreOrders({
        own: { baseDomain: config.baseDomain, ownHosts: [config.platformHost] },
        builtLocales: config.shopDefaults.builtLocales,
        areSignUpsOpen: config.signUps.areOpen,
        offer: offers.offer,
        accept,
        digestOf,
        ring: doorbell.ring,
        count: (customerId) => count('orders-of-customer', customerId),
        now,
      }),
      async retry(customerId, storeId, origin) {
        await ofCustomer(customerId, storeId);
        await count('retries-of-customer', customerId);
        await doorbell.ring(await runs.queueRetry({ storeId, ...origin, now: now() }));
      },
      // The worker is of the same build, so what it answers has the shape that it was asked for.
      async credentials(token, storeId, { address, requestId }) {
        await count('credentials-of-session', token);
        return (await askWorker(config.workersFolder, {
          question: 'credentials',
          token,
          storeId,
          address,
          requestId,
        })) as Credentials;
      },
    },
    life: createOwnerLife({
      ofCustomer,
      life,
      count: (customerId) => count('changes-of-customer', customerId),
      planChoices,
      usage: repositories.usage,
      hostnamesOf: stores.hostnamesOf,
      askCancel: (request) => askWorker(config.workersFolder, { question: 'cancel', ...request }),
    }),
    settings: {
      shop: async (customerId, storeId) => shopSetting.show(await ofCustomer(customerId, storeId)),
      async setShop(customerId, storeId, texts, origin) {
        const store = await ofCustomer(customerId, storeId);
        await count('changes-of-customer', customerId);
        return (await shopSetting.wish(store, texts, { ...origin, by: 'owner' })) !== undefined;
      },
      ...storeMailServicesOf({ config, storeMail: repositories.storeMail, ofCustomer, holderOf, count, now }),
      ...pageCacheServicesOf({ config, pageCaching: repositories.pageCaching, ofCustomer, holderOf, count }),
    },
    domains,
    webhooks,
    access: {
      async openAdmin(token, storeId, { address, requestId }) {
        await count('credentials-of-session', token);
        const request = { question: 'open-admin', token, storeId, address, requestId };
        return (await askWorker(config.workersFolder, request)) as AdminLink;
      },
      async openDatabase(token, storeId, { address, requestId }) {
        await count('credentials-of-session', token);
        const request = { question: 'open-database', token, storeId, address, requestId };
        return (await askWorker(config.workersFolder, request)) as DatabaseAnswer;
      },
      async closeDatabase(token, storeId, { address, requestId }) {
        await askWorker(config.workersFolder, { question: 'close-database', token, storeId, address, requestId });
      },
      async openDatabases(customerId) {
        const open = await repositories.databaseOpenings.openOf(customerId, now());
        return open.map((each) => ({ ...each, until: each.until.toISOString() }));
      },
      async databaseDoor(storeId, token) {
        const tokenHash = digestOf(token);
        const isOpen = await repositories.databaseOpenings.isOpen({ storeId, tokenHash, now: now() });
        return isOpen ? databaseSocketOf(config.databasesFolder, storeId, tokenHash) : undefined;
      },
      async revokeAdminLinks(token, storeId, { address, requestId }) {
        await count('credentials-of-session', token);
        await askWorker(config.workersFolder, { question: 'revoke-admin-links', token, storeId, address, requestId });
      },
    },
    logs: createLogs({
      ask: (request) => askWorker(config.workersFolder, request),
      customerOf: async (token) => (await holderOf(token)).customerId,
      count,
    }),
    progress: {
      follow: createProgressFollower({
        events: runs.events,
        newestEventIds: runStatistics.newestEventIds,
        isUnderWay: runStatistics.isUnderWay,
        titlesOf: async (storeId) => stepTitlesOf(stackOf((await stores.get(storeId)).platform)),
      }),
    },
    mail: mailServicesOf(repositories, config, (operatorId) => count('test-mails-of-operator', operatorId)),
    ledger,
    desk: createDesk({
      ...repositories,
      lists: repositories.deskLists,
      samples: repositories.capacitySamples,
      csv: { head: CSV_HEAD, rowOf: csvRowOf },
      life,
      planChoices,
      askDelete: (request) => askWorker(config.workersFolder, { question: 'delete', ...request }),
      present: presenterOf(config),
      ring: doorbell.ring,
      poolWishes: () => poolWishes({ config, repositories }),
      choreTurns: choreTurnsOf(repositories),
      silentAfterMs: SILENT_AFTER_MS,
      now,
    }),
    find: createFind({ lists: repositories.deskLists }),
    takeTurn,
    countRefusal: (address) => count('api-refusals-from-address', networkOf(address)),
    banner: async () => (await platformSettings()).banner,
    offer: offers.offer,
    async checkName(text, visitor) {
      await count('name-checks-from-address', networkOf(visitor.address));
      return checkName(text);
    },
    async lookAtPassword({ password, ...about }, visitor) {
      await count('password-looks-from-address', networkOf(visitor.address));
      return lookAtNewPassword(judgePassword, password, about);
    },
  };
}
