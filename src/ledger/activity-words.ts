import type { StoredLine } from '../domain/ledger.ts';

type Facts = StoredLine['details'];
type Words = string | ((facts: Facts, line: StoredLine) => string);

/**
 * What was done, for the owner of the store or account: the end of a sentence that begins with who. Every action that the
 * platform writes has its words here; a test looks.
 */
const WORDS: Readonly<Record<string, Words>> = {
  'account.signed_up': 'opened the account',
  'account.created': 'made the account',
  'account.password_changed': 'changed the password of the account',
  'account.password_reset': 'chose a new password by mail',
  'account.email_verified': 'confirmed the e-mail address',
  'account.email_changed': 'gave the account another e-mail address',
  'account.email_restored': 'took the earlier e-mail address back',
  'account.exported': 'took a copy of everything that is kept about the account',
  'account.deletion_scheduled': 'scheduled the deletion of the account',
  'account.deletion_undone': 'kept the account after all',
  'account.deleted': 'deleted the account',
  'account.locked': withReason('locked the account'),
  'account.unlocked': withReason('unlocked the account'),
  'account.email_change_requested': 'asked for another e-mail address',
  'session.started': ({ by }) => (by === 'passkey' ? 'signed in with a passkey' : 'signed in'),
  'session.ended': 'signed out',
  'session.revoked': 'signed a browser out',
  'session.proven': 'proved once more who they are',
  'session.refused': 'tried to sign in with a wrong password',
  'second_factor.added': factorOf((factor) => `added ${factor}`),
  'second_factor.removed': factorOf((factor) => `removed ${factor}`),
  'second_factor.disowned': factorOf((factor) => `took ${factor} off the account by the link of a mail`),
  'second_factor.reset': 'took every second factor off the account',
  'second_factor.refused': 'gave the right password and a wrong code',
  'recovery_codes.renewed': 'made new recovery codes',
  'recovery_code.used': 'used a recovery code',
  'passkey.renamed': 'gave a passkey another name',
  'passkey.refused': 'showed a passkey that was not accepted',
  'token.made': 'made an API token',
  'token.revoked': 'revoked an API token',
  'admin.created': 'made this an operator’s account',
  'admin.removed': 'made this an ordinary account',
  'acting.started': 'began to look at the account as you',
  'acting.ended': 'stopped looking at the account as you',
  'credentials.read': 'looked at the credentials',
  'admin_password.change_requested': 'asked for a new password of the shop’s administrator',
  'admin_password.changed': 'changed the password of the shop’s administrator',
  'database_password.change_requested': 'asked for a new password of the database',
  'database_password.changed': 'changed the password of the database',
  'database.opened': 'opened the database in phpMyAdmin',
  'database.closed': 'closed phpMyAdmin',
  'store.created': 'ordered the store',
  'store.activated': 'opened the store',
  'store.retry_requested': 'had the store tried again',
  'store.repair_requested': 'had the store repaired',
  'store.moved_port': 'moved the store to another port',
  'store.suspend_requested': 'had the store closed',
  'store.suspended': withReason('suspended the store'),
  'store.resume_requested': 'had the store opened again',
  'store.restart_requested': 'had the store restarted',
  'store.restarted': 'restarted the store',
  'store.resize_requested': 'asked for another plan',
  'store.plan_changed': 'gave the store its new plan',
  'store.php_limits_lowered': 'lowered what a request may take to what the new plan allows',
  'store.mail_changed': 'chose how the shop’s mail leaves',
  'store.mail_tried': 'sent a mail to try how the shop’s mail leaves',
  'store.page_cache_changed': ({ pageCache }) =>
    pageCache === 'off' ? 'switched the page cache off' : `had pages kept for ${String(pageCache)}`,
  'store.page_cache_emptied': 'emptied the page cache',
  'store.settings_requested': maintenanceOr('asked for other settings of the shop', {
    on: 'asked to put the shop in maintenance',
    off: 'asked to let visitors in again',
  }),
  'store.settings_changed': maintenanceOr('gave the shop its new settings', {
    on: 'put the shop in maintenance',
    off: 'let visitors in again',
  }),
  'store.schedule_delete_requested': 'asked for the deletion of the store',
  'store.undo_delete_requested': 'asked to keep the store',
  'store.resumed': 'opened the store again',
  'store.delete_requested': 'had the store deleted at once',
  'store.deletion_scheduled': 'scheduled the deletion of the store',
  'store.deletion_undone': 'kept the store after all',
  'store.deleted': 'deleted the store',
  'domain.added': onTarget((domain) => `added ${domain}`),
  'domain.redirect_set': onTarget((domain) => `set where ${domain} leads`),
  'domain.primary_requested': onTarget((domain) => `asked to make ${domain} the primary domain`),
  'domain.primary_changed': onTarget((domain) => `made ${domain} the primary domain`),
  'domain.remove_requested': onTarget((domain) => `had ${domain} removed`),
  'domain.strayed': onTarget((domain) => `saw that ${domain} does not lead here any more`),
  'domain.proven': onTarget((domain) => `proved that ${domain} is theirs`),
  'domain.connected': onTarget((domain) => `connected ${domain}`),
  'domain.quarantine_lifted': onTarget((domain) => `let another customer have ${domain} at once`),
  'domain.removed': onTarget((domain) => `removed ${domain}`),
  'certificate.imported': onTarget((name) => `put in a certificate for ${name}`),
  'certificate.issued': onTarget((name) => `got a certificate for ${name}`),
  'certificate.refused': onTarget((name) => `got no certificate for ${name}`),
  'webhook.added': webhookOf((name) => `added the webhook ${name}`),
  'webhook.changed': webhookOf((name) => `changed the webhook ${name}`),
  'webhook.switched_on': webhookOf((name) => `switched the webhook ${name} on`),
  'webhook.switched_off': webhookOf((name) => `switched the webhook ${name} off`),
  'webhook.secret_rotated': webhookOf((name) => `made a new signing secret for the webhook ${name}`),
  'webhook.removed': webhookOf((name) => `removed the webhook ${name}`),
  'webhook.resent': webhookOf((name) => `sent a message to the webhook ${name} once more`),
  'ports.grown': 'made room for more stores',
  'plan.changed': onTarget((plan) => `changed the plan ${plan}`),
  'secrets.resealed': 'sealed the secrets with another key',
  'database.accepted': 'had the platform work with another database',
  'pool.drained': 'had the shops thrown away that waited for an owner',
  'settings.changed': 'changed the settings of the platform',
  'mail.resent': 'sent a mail once more',
  'mail.test_requested': onTarget((address) => `sent a test mail to ${address}`),
};

export const KNOWN_ACTIONS: readonly string[] = Object.keys(WORDS);

/** One line in words. An action without words of its own is read out as it is written. */
export function wordsOf(line: StoredLine): string {
  const words = Object.hasOwn(WORDS, line.action) ? WORDS[line.action] : undefined;
  if (words === undefined) return readOut(line.action);
  return typeof words === 'string' ? words : words(line.details, line);
}

/** `domain.check_failed` → `domain: check failed`. */
function readOut(action: string): string {
  return action.replace('.', ': ').replaceAll(/[._]/g, ' ');
}

function withReason(sentence: string): Words {
  return ({ reason }) => (typeof reason === 'string' && reason !== '' ? `${sentence}: ${reason}` : sentence);
}

function factorOf(sentence: (factor: string) => string): Words {
  return ({ kind }) => sentence(kind === 'passkey' ? 'a passkey' : 'an authenticator app');
}

function webhookOf(sentence: (name: string) => string): Words {
  return ({ name }) => sentence(typeof name === 'string' ? `“${name}”` : '');
}

/** Both ways have words of their own: they are what an owner looks for afterwards. */
function maintenanceOr(other: string, words: { readonly on: string; readonly off: string }): Words {
  return ({ maintenance }) => (maintenance === 'on' || maintenance === 'off' ? words[maintenance] : other);
}

function onTarget(sentence: (target: string) => string): Words {
  return (_facts, { target }) => sentence(target);
}
