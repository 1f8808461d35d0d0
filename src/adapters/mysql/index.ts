import { createAccountChangeRepository } from './account-changes.ts';
import { createAccountEndRepository } from './account-ends.ts';
import { createAccountLockRepository } from './account-locks.ts';
import { createActingSessionRepository } from './acting-sessions.ts';
import { createAddressChangeRepository } from './address-changes.ts';
import { createApiTokenRepository } from './api-tokens.ts';
import { createAuditRepository } from './audit.ts';
import { createCertificateOrderRepository } from './certificate-orders.ts';
import { createCustomerRepository } from './customers.ts';
import { createDatabaseOpeningRepository } from './database-openings.ts';
import { createCapacitySamples } from './desk/capacity-samples.ts';
import { createDeskCustomers } from './desk/desk-customers.ts';
import { createDeskRuns } from './desk/desk-runs.ts';
import { createDeskStores } from './desk/desk-stores.ts';
import { createDomainLookRepository } from './domain-looks.ts';
import { createJournalRepository } from './journal.ts';
import { createKeptAnswerRepository } from './kept-answers.ts';
import { createLeaseRepository } from './leases.ts';
import { createLedgerSealRepository } from './ledger-seals.ts';
import { createOneTimeTokenRepository } from './one-time-tokens.ts';
import type { Database } from './open-database.ts';
import { createOperatorRepository } from './operators.ts';
import { createOutboxRepository } from './outbox.ts';
import { createOutboxEntryRepository } from './outbox-entries.ts';
import { createOwnDomainRepository } from './own-domains.ts';
import { createPageCachingRepository } from './page-caching.ts';
import { createPasskeyRepository } from './passkeys.ts';
import { createPlanRepository } from './plans.ts';
import { createPlatformSettingsRepository } from './platform-settings.ts';
import { createPoolMemberRepository } from './pool-members.ts';
import { createRouteRepository } from './routes.ts';
import { createRunStatistics } from './run-statistics.ts';
import { createRunRepository } from './runs.ts';
import { createSealedRowRepository } from './sealed-rows.ts';
import { createSecondFactorRepository } from './second-factors.ts';
import { createSessionRepository } from './sessions.ts';
import { createSettingsRepository } from './settings.ts';
import { createShownStoreRepository } from './shown-stores.ts';
import { createSignUpRepository } from './sign-ups.ts';
import { createStoreChangeRepository } from './store-changes.ts';
import { createStoreMailRepository } from './store-mail.ts';
import { createStoreOrderRepository } from './store-orders.ts';
import { createStorePhpLimitsRepository } from './store-php-limits.ts';
import { createStoreSettingsRepository } from './store-settings.ts';
import { createStoreUsageRepository } from './store-usage.ts';
import { createStoreRepository } from './stores.ts';
import { createTaskRepository } from './tasks.ts';
import { createWebhookDeliveryRepository } from './webhook-deliveries.ts';
import { createWebhookEndpointRepository } from './webhook-endpoints.ts';
import { createWebhookQueue } from './webhook-queue.ts';
import { createWorkerRepository } from './workers.ts';

export { createDatabaseAndUsers } from './create-database.ts';
export { readDatabaseIdentity } from './database-identity.ts';
export { migrate, migrationStatus } from './migrate.ts';
export { type Database, openDatabase } from './open-database.ts';
export { FOREIGN_KEY_COUNT } from './schema.ts';
export { createSecretVault } from './secret-vault.ts';
export { readServerFacts } from './server-facts.ts';
export { waitForDatabase } from './wait-for-database.ts';

export type Repositories = ReturnType<typeof createRepositories>;

/** Everything that is kept, one repository per thing. They share the database's pool and hold no state. */
export function createRepositories(db: Database) {
  return {
    customers: createCustomerRepository(db),
    operators: createOperatorRepository(db),
    plans: createPlanRepository(db),
    stores: createStoreRepository(db),
    shownStores: createShownStoreRepository(db),
    changes: createStoreChangeRepository(db),
    usage: createStoreUsageRepository(db),
    pageCaching: createPageCachingRepository(db),
    storeMail: createStoreMailRepository(db),
    databaseOpenings: createDatabaseOpeningRepository(db),
    storePhpLimits: createStorePhpLimitsRepository(db),
    storeSettings: createStoreSettingsRepository(db),
    poolMembers: createPoolMemberRepository(db),
    runs: createRunRepository(db),
    runStatistics: createRunStatistics(db),
    leases: createLeaseRepository(db),
    journal: createJournalRepository(db),
    outbox: createOutboxRepository(db),
    outboxEntries: createOutboxEntryRepository(db),
    audit: createAuditRepository(db),
    ledgerSeals: createLedgerSealRepository(db),
    workers: createWorkerRepository(db),
    tasks: createTaskRepository(db),
    routes: createRouteRepository(db),
    settings: createSettingsRepository(db),
    sessions: createSessionRepository(db),
    signUps: createSignUpRepository(db),
    accountChanges: createAccountChangeRepository(db),
    accountEnds: createAccountEndRepository(db),
    accountLocks: createAccountLockRepository(db),
    oneTimeTokens: createOneTimeTokenRepository(db),
    deskLists: { stores: createDeskStores(db), customers: createDeskCustomers(db), runs: createDeskRuns(db) },
    platformSettings: createPlatformSettingsRepository(db),
    capacitySamples: createCapacitySamples(db),
    actingSessions: createActingSessionRepository(db),
    addressChanges: createAddressChangeRepository(db),
    ownDomains: createOwnDomainRepository(db),
    domainLooks: createDomainLookRepository(db),
    certificateOrders: createCertificateOrderRepository(db),
    sealedRows: createSealedRowRepository(db),
    secondFactors: createSecondFactorRepository(db),
    passkeys: createPasskeyRepository(db),
    webhookEndpoints: createWebhookEndpointRepository(db),
    webhookDeliveries: createWebhookDeliveryRepository(db),
    webhookQueue: createWebhookQueue(db),
    apiTokens: createApiTokenRepository(db),
    storeOrders: createStoreOrderRepository(db),
    keptAnswers: createKeptAnswerRepository(db),
  };
}
