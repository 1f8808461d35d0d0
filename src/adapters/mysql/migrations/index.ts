import type { Migration } from 'kysely';
import { up as customers } from './001-customers.ts';
import { up as plans } from './002-plans.ts';
import { up as firstPlans } from './003-first-plans.ts';
import { up as pools } from './004-pools.ts';
import { up as firstPools } from './005-first-pools.ts';
import { up as stores } from './006-stores.ts';
import { up as domains } from './007-domains.ts';
import { up as ports } from './008-ports.ts';
import { up as subnets } from './009-subnets.ts';
import { up as uids } from './010-uids.ts';
import { up as provisioningJobs } from './011-provisioning-jobs.ts';
import { up as provisioningSteps } from './012-provisioning-steps.ts';
import { up as provisioningEvents } from './013-provisioning-events.ts';
import { up as sealedSecrets } from './014-sealed-secrets.ts';
import { up as outbox } from './015-outbox.ts';
import { up as auditLog } from './016-audit-log.ts';
import { up as workers } from './017-workers.ts';
import { up as scheduledTasks } from './018-scheduled-tasks.ts';
import { up as routes } from './019-routes.ts';
import { up as settings } from './020-settings.ts';
import { up as claimedEmails } from './021-claimed-emails.ts';
import { up as firstClaims } from './022-first-claims.ts';
import { up as emailsOfSeveral } from './023-emails-of-several.ts';
import { up as sessions } from './024-sessions.ts';
import { up as requestKeys } from './025-request-keys.ts';
import { up as adminPaths } from './026-admin-paths.ts';
import { up as oneTimeTokens } from './030-one-time-tokens.ts';
import { up as endsOfAccounts } from './031-ends-of-accounts.ts';
import { up as totpFactors } from './035-totp-factors.ts';
import { up as recoveryCodes } from './036-recovery-codes.ts';
import { up as passkeys } from './037-passkeys.ts';
import { up as runInputs } from './040-run-inputs.ts';
import { up as suspensions } from './041-suspensions.ts';
import { up as storeDeletions } from './042-store-deletions.ts';
import { up as storeUsage } from './043-store-usage.ts';
import { up as ownDomains } from './050-own-domains.ts';
import { up as releasedDomains } from './051-released-domains.ts';
import { up as certificateOrders } from './052-certificate-orders.ts';
import { up as routeRedirects } from './053-route-redirects.ts';
import { up as primaryDomains } from './054-primary-domains.ts';
import { up as deskKeys } from './055-desk-keys.ts';
import { up as platformSettings } from './056-platform-settings.ts';
import { up as capacitySamples } from './057-capacity-samples.ts';
import { up as actingSessions } from './058-acting-sessions.ts';
import { up as ledgerFacts } from './060-ledger-facts.ts';
import { up as ledgerStores } from './061-ledger-stores.ts';
import { up as ledgerSeals } from './062-ledger-seals.ts';
import { up as outboxRecipients } from './063-outbox-recipients.ts';
import { up as replacedSecrets } from './072-replaced-secrets.ts';
import { up as databaseOpenings } from './073-database-openings.ts';
import { up as storeSettings } from './074-store-settings.ts';
import { up as storeMail } from './075-store-mail.ts';
import { up as shopMaintenance } from './076-shop-maintenance.ts';
import { up as storePhpLimits } from './077-store-php-limits.ts';
import { up as apiTokens } from './078-api-tokens.ts';
import { up as keptAnswers } from './079-kept-answers.ts';
import { up as webhookEndpoints } from './081-webhook-endpoints.ts';
import { up as webhookDeliveries } from './082-webhook-deliveries.ts';
import { up as heldPhpLimits } from './083-held-php-limits.ts';
import { up as waysBack } from './085-ways-back.ts';
import { up as webhookBounds } from './086-webhook-bounds.ts';
import { up as namesOfThePlatform } from './087-names-of-the-platform.ts';
import { up as beginningsOfShops } from './088-beginnings-of-shops.ts';
import { up as restarts } from './089-restarts.ts';
import { up as mailTurns } from './090-mail-turns.ts';
import { up as ledgerTokens } from './091-ledger-tokens.ts';
import { up as mailHours } from './092-mail-hours.ts';
import { up as waitingDeliveries } from './093-waiting-deliveries.ts';
import { up as accountLocks } from './094-account-locks.ts';
import { up as mailSizes } from './095-mail-sizes.ts';
import { up as healthDetails } from './096-health-details.ts';
import { up as runsByStore } from './097-runs-by-store.ts';
import { up as eventsOfOneStore } from './098-events-of-one-store.ts';
import { up as poolMembers } from './100-pool-members.ts';
import { up as pageCache } from './110-page-cache.ts';
import { up as newestStores } from './120-newest-stores.ts';
import { up as poolSizes } from './121-pool-sizes.ts';

/**
 * Every migration in order, named outright so that a bundle holds them too. Rules: forward only; one statement each, which
 * may be repeated (MySQL commits each DDL at once, so a crash can fall between it and its record); foreign keys at table
 * level (MySQL 8 ignores them behind a column); nothing that only one of MySQL and MariaDB knows.
 */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '001-customers': { up: customers },
  '002-plans': { up: plans },
  '003-first-plans': { up: firstPlans },
  '004-pools': { up: pools },
  '005-first-pools': { up: firstPools },
  '006-stores': { up: stores },
  '007-domains': { up: domains },
  '008-ports': { up: ports },
  '009-subnets': { up: subnets },
  '010-uids': { up: uids },
  '011-provisioning-jobs': { up: provisioningJobs },
  '012-provisioning-steps': { up: provisioningSteps },
  '013-provisioning-events': { up: provisioningEvents },
  '014-sealed-secrets': { up: sealedSecrets },
  '015-outbox': { up: outbox },
  '016-audit-log': { up: auditLog },
  '017-workers': { up: workers },
  '018-scheduled-tasks': { up: scheduledTasks },
  '019-routes': { up: routes },
  '020-settings': { up: settings },
  '021-claimed-emails': { up: claimedEmails },
  '022-first-claims': { up: firstClaims },
  '023-emails-of-several': { up: emailsOfSeveral },
  '024-sessions': { up: sessions },
  '025-request-keys': { up: requestKeys },
  '026-admin-paths': { up: adminPaths },
  '030-one-time-tokens': { up: oneTimeTokens },
  '031-ends-of-accounts': { up: endsOfAccounts },
  '035-totp-factors': { up: totpFactors },
  '036-recovery-codes': { up: recoveryCodes },
  '037-passkeys': { up: passkeys },
  '040-run-inputs': { up: runInputs },
  '041-suspensions': { up: suspensions },
  '042-store-deletions': { up: storeDeletions },
  '043-store-usage': { up: storeUsage },
  '050-own-domains': { up: ownDomains },
  '051-released-domains': { up: releasedDomains },
  '052-certificate-orders': { up: certificateOrders },
  '053-route-redirects': { up: routeRedirects },
  '054-primary-domains': { up: primaryDomains },
  '055-desk-keys': { up: deskKeys },
  '056-platform-settings': { up: platformSettings },
  '057-capacity-samples': { up: capacitySamples },
  '058-acting-sessions': { up: actingSessions },
  '060-ledger-facts': { up: ledgerFacts },
  '061-ledger-stores': { up: ledgerStores },
  '062-ledger-seals': { up: ledgerSeals },
  '063-outbox-recipients': { up: outboxRecipients },
  '072-replaced-secrets': { up: replacedSecrets },
  '073-database-openings': { up: databaseOpenings },
  '074-store-settings': { up: storeSettings },
  '075-store-mail': { up: storeMail },
  '076-shop-maintenance': { up: shopMaintenance },
  '077-store-php-limits': { up: storePhpLimits },
  '078-api-tokens': { up: apiTokens },
  '079-kept-answers': { up: keptAnswers },
  '081-webhook-endpoints': { up: webhookEndpoints },
  '082-webhook-deliveries': { up: webhookDeliveries },
  '083-held-php-limits': { up: heldPhpLimits },
  '085-ways-back': { up: waysBack },
  '086-webhook-bounds': { up: webhookBounds },
  '087-names-of-the-platform': { up: namesOfThePlatform },
  '088-beginnings-of-shops': { up: beginningsOfShops },
  '089-restarts': { up: restarts },
  '090-mail-turns': { up: mailTurns },
  '091-ledger-tokens': { up: ledgerTokens },
  '092-mail-hours': { up: mailHours },
  '093-waiting-deliveries': { up: waitingDeliveries },
  '094-account-locks': { up: accountLocks },
  '095-mail-sizes': { up: mailSizes },
  '096-health-details': { up: healthDetails },
  '097-runs-by-store': { up: runsByStore },
  '098-events-of-one-store': { up: eventsOfOneStore },
  '100-pool-members': { up: poolMembers },
  '110-page-cache': { up: pageCache },
  '120-newest-stores': { up: newestStores },
  '121-pool-sizes': { up: poolSizes },
};
