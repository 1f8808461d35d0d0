import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createRepositories, openDatabase } from '../src/adapters/mysql/index.ts';

const SRC = fileURLToPath(new URL('../src', import.meta.url));

/** Everything that changes something on an account, store, domain or credential, with the line it leaves. */
const LEAVES: Readonly<Record<string, readonly string[]>> = {
  'customers.create': ['account.created', 'admin.created'],
  'operators.remove': ['admin.removed'],
  'plans.change': ['plan.changed'],
  'customers.getOrCreate': ['account.created'],
  'stores.create': ['store.created', 'ports.grown'],
  'stores.activate': ['store.activated'],
  'stores.requestTeardown': ['store.delete_requested'],
  'stores.remove': ['store.deleted'],
  'stores.moveToAnotherPort': ['store.moved_port'],
  'changes.request': [
    'store.suspend_requested',
    'store.resume_requested',
    'store.resize_requested',
    'store.restart_requested',
    'store.settings_requested',
    'store.schedule_delete_requested',
    'store.undo_delete_requested',
    'admin_password.change_requested',
    'database_password.change_requested',
  ],
  'databaseOpenings.open': ['database.opened'],
  'databaseOpenings.close': ['database.closed'],
  'changes.markSuspended': ['store.suspended'],
  'changes.markResumed': ['store.resumed'],
  'pageCaching.choose': ['store.page_cache_changed'],
  'pageCaching.noteEmptied': ['store.page_cache_emptied'],
  'storeMail.save': ['store.mail_changed'],
  'storeMail.noteTrial': ['store.mail_tried'],
  'storeSettings.record': ['store.settings_changed'],
  'storePhpLimits.lower': ['store.php_limits_lowered'],
  'changes.recordRestart': ['store.restarted'],
  'changes.recordPlan': ['store.plan_changed'],
  'changes.markForDeletion': ['store.deletion_scheduled'],
  'changes.markKept': ['store.deletion_undone'],
  'changes.requestDueTeardown': ['store.delete_requested'],
  'runs.queueRetry': ['store.retry_requested'],
  'runs.queueRepair': ['store.repair_requested'],
  'sessions.start': ['session.started', 'session.ended'],
  'sessions.renew': ['session.proven'],
  'sessions.end': ['session.ended'],
  'signUps.accept': ['account.signed_up', 'store.created', 'session.started'],
  'accountChanges.changePassword': ['account.password_changed'],
  'accountChanges.confirmEmail': ['account.email_verified', 'account.email_changed'],
  'accountChanges.restoreEmail': ['account.email_restored'],
  'accountChanges.disownFactor': ['second_factor.disowned'],
  'accountChanges.resetPassword': ['account.password_reset'],
  'accountEnds.schedule': ['account.deletion_scheduled', 'store.schedule_delete_requested'],
  'accountEnds.undo': ['account.deletion_undone', 'store.undo_delete_requested'],
  'accountEnds.closeLateStores': ['store.schedule_delete_requested'],
  'accountEnds.remove': ['account.deleted'],
  'accountLocks.lock': ['account.locked'],
  'accountLocks.unlock': ['account.unlocked'],
  'sessions.endOf': ['session.revoked'],
  'actingSessions.start': ['acting.started'],
  'actingSessions.end': ['acting.ended'],
  'ownDomains.add': ['domain.added', 'domain.quarantine_lifted'],
  'ownDomains.setRedirecting': ['domain.redirect_set'],
  'ownDomains.requestRemoval': ['domain.remove_requested'],
  'domainLooks.prove': ['domain.proven'],
  'domainLooks.keep': ['domain.connected'],
  'domainLooks.release': ['domain.removed'],
  'addressChanges.request': ['domain.primary_requested'],
  'addressChanges.finish': ['domain.primary_changed'],
  'secondFactors.add': ['second_factor.added'],
  'secondFactors.remove': ['second_factor.removed'],
  'secondFactors.renewRecoveryCodes': ['recovery_codes.renewed'],
  'secondFactors.reset': ['second_factor.reset'],
  'secondFactors.signIn': ['session.started', 'recovery_code.used'],
  'passkeys.rename': ['passkey.renamed'],
  'secondFactors.prove': ['session.proven', 'recovery_code.used'],
  'storeOrders.accept': ['store.created', 'ports.grown'],
  'apiTokens.create': ['token.made'],
  'apiTokens.revoke': ['token.revoked'],
  'platformSettings.change': ['settings.changed'],
  'poolMembers.drain': ['pool.drained'],
  'outboxEntries.resend': ['mail.resent'],
  'outboxEntries.queueTest': ['mail.test_requested'],
  'webhookEndpoints.add': ['webhook.added'],
  'webhookEndpoints.change': ['webhook.changed'],
  'webhookEndpoints.setEnabled': ['webhook.switched_on', 'webhook.switched_off'],
  'webhookEndpoints.rotateSecret': ['webhook.secret_rotated'],
  'webhookEndpoints.remove': ['webhook.removed'],
  'webhookDeliveries.resend': ['webhook.resent'],
  'webhookQueue.markFailed': ['webhook.switched_off'],
  // Not in a repository: what reads secrets, and what is done to files.
  'read-credentials': ['credentials.read'],
  'export-account': ['account.exported'],
  'secret-vault': ['admin_password.changed', 'database_password.changed'],
  'password-tries': ['session.refused'],
  'passkey-log-in': ['passkey.refused'],
  'secret-actions': ['secrets.resealed'],
  'known-database': ['database.accepted'],
  certificates: ['certificate.issued', 'certificate.refused', 'certificate.imported'],
};

/** What only reads. */
const READS = new Set(
  `accountEnds.due customers.requireVerified outbox.sentTo sessions.listOf customers.findByEmail customers.find customers.listForLogin customers.findForLogin customers.list
  storeSettings.find pageCaching.find storePhpLimits.find storeMail.find storeMail.traffic storeMail.roomOf databaseOpenings.isOpen databaseOpenings.openUntil databaseOpenings.openOf databaseOpenings.list plans.list plans.get plans.default stores.find shownStores.newestOf shownStores.find shownStores.runsOf stores.get stores.findByName stores.takenNames stores.namesOf stores.hostnamesOf changes.dueForDeletion usage.find stores.list
  stores.countByStatus stores.isFree runs.get runs.latest runs.list runs.due runs.events runs.counts runs.countFailures
  runStatistics.stepDurations runStatistics.countBefore runStatistics.lastEventId runStatistics.newestEventIds
  runStatistics.isUnderWay runStatistics.hasDue runStatistics.allocated outbox.counts outboxEntries.page outboxEntries.get outboxEntries.countOf outboxEntries.backlog audit.page audit.list
  ledgerSeals.head ledgerSeals.unsealed ledgerSeals.countUnsealed ledgerSeals.from workers.list tasks.ranAt routes.find routes.list
  settings.get sessions.find sessions.findAll sessions.knownAmong signUps.isMade oneTimeTokens.find deskLists.stores deskLists.customers deskLists.runs
  capacitySamples.since ownDomains.find ownDomains.list ownDomains.provenNames ownDomains.listAll ownDomains.ofName
  certificateOrders.count platformSettings.read addressChanges.stageOf domainLooks.ownerOf ownDomains.listStrayed
  secondFactors.summary secondFactors.findTotp passkeys.findByCredential passkeys.listOf webhookEndpoints.list webhookEndpoints.get webhookDeliveries.page
  webhookDeliveries.counts apiTokens.find apiTokens.knownAmong apiTokens.listOf keptAnswers.find
  stores.countOrderedSince poolMembers.has poolMembers.list poolMembers.listWaiting poolMembers.partsOf poolMembers.fingerprintOf poolMembers.get`.split(
    /\s+/,
  ),
);

/** What the platform notes for itself: no act of anybody, or part of one that leaves its line elsewhere. */
const NOTES = new Set(
  `databaseOpenings.remove plans.syncDefaultPlan usage.record storeSettings.note storeSettings.notePhp storePhpLimits.record stores.beginProvisioning stores.fail stores.recordMade stores.recordHealth
  customers.setPasswordHash customers.renewPasswordHash leases.claim leases.renew leases.release leases.expireOwnedBy
  journal.stepStarted journal.stepDone journal.stepFailed journal.stepSkipped journal.stepUndone journal.runDone
  journal.runFailed outbox.enqueue outbox.claimDue outbox.holdBack outbox.remove outbox.removeStoreMail outbox.markSent outbox.markFailed audit.append audit.appendAll
  ledgerSeals.append workers.register workers.heartbeat workers.remove tasks.claim routes.put routes.announce
  routes.setState routes.remove settings.set settings.remove sessions.noteSeen sessions.removeEnded
  oneTimeTokens.issue oneTimeTokens.use oneTimeTokens.revoke oneTimeTokens.removeExpired capacitySamples.note
  capacitySamples.removeBefore ownDomains.requestLook domainLooks.claimDue domainLooks.claimNow domainLooks.open domainLooks.close
  domainLooks.setState domainLooks.noteCertificate certificateOrders.begin certificateOrders.end
  addressChanges.setStage addressChanges.setPrimary webhookDeliveries.queueTest webhookDeliveries.removeBefore
  webhookQueue.claimDue webhookQueue.markDelivered apiTokens.noteUsed apiTokens.removeExpired
  sealedRows.ofStores sealedRows.ofApps sealedRows.ofWebhooks sealedRows.ofWebhooksBefore
  keptAnswers.claim keptAnswers.keep keptAnswers.release keptAnswers.remove keptAnswers.removeExpired
  poolMembers.begin poolMembers.recordParts poolMembers.renew poolMembers.enter poolMembers.retire poolMembers.setAside poolMembers.forget`.split(
    /\s+/,
  ),
);

const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.test.ts'))
  .map((path) => readFileSync(join(SRC, path), 'utf8'));

it('everything that the platform keeps is changed with a line in the ledger, or it stands here why not', () => {
  // It connects when it is first asked: methods can be listed without a database.
  const nowhere = openDatabase({ host: 'nowhere.invalid', port: 1, user: '', password: '', database: '', poolSize: 1 });
  const methods = Object.entries(createRepositories(nowhere)).flatMap(([name, repository]) =>
    Object.keys(repository).map((method) => `${name}.${method}`),
  );

  expect(methods.length).toBeGreaterThan(50);
  expect(methods.filter((method) => !(method in LEAVES) && !READS.has(method) && !NOTES.has(method))).toEqual([]);
});

it('each of these lines is written somewhere', () => {
  const missing = [...new Set(Object.values(LEAVES).flat())].filter(
    (action) => !sources.some((text) => text.includes(`'${action}'`)),
  );

  expect(missing).toEqual([]);
});
