import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { CapacityResource } from '../../domain/capacity.ts';
import type { CustomerRole } from '../../domain/customer.ts';
import type { LedgerResult } from '../../domain/ledger.ts';
import type { TokenPurpose } from '../../domain/one-time-token.ts';
import type { OutboxStatus } from '../../domain/outbox.ts';
import type { RunKind, RunStatus, StepName, StepStatus } from '../../domain/run.ts';
import type { KeptStatus, PlatformName, StoreHealth, StoreStatus, SuspendedBy } from '../../domain/store.ts';
import type { ApiTokensTable, KeptAnswersTable } from './api-tables.ts';
import type { DatabaseOpeningsTable } from './database-openings-table.ts';
import type { CertificateOrdersTable, DomainsTable, OwnDomainsTable, ReleasedDomainsTable } from './domain-tables.ts';
import type { PoolMembersTable } from './pool-members-table.ts';
import type { RoutesTable } from './routes-table.ts';
import type { PasskeysTable, RecoveryCodesTable, TotpFactorsTable } from './second-factor-tables.ts';
import type { StoreMailTable, StorePhpLimitsTable, StoreSettingsTable } from './store-settings-tables.ts';
import type { WebhookDeliveriesTable, WebhookEndpointsTable } from './webhook-tables.ts';

/** The tables as the migrations make them. Texts that hold JSON are named `*_json`: MariaDB has no JSON type of its own. */
export interface Schema {
  readonly customers: CustomersTable;
  readonly plans: PlansTable;
  readonly pools: PoolsTable;
  readonly pool_members: PoolMembersTable;
  readonly stores: StoresTable;
  readonly domains: DomainsTable;
  readonly ports: PortsTable;
  readonly subnets: SubnetsTable;
  readonly uids: UidsTable;
  readonly provisioning_jobs: ProvisioningJobsTable;
  readonly provisioning_steps: ProvisioningStepsTable;
  readonly provisioning_events: ProvisioningEventsTable;
  readonly sealed_secrets: SealedSecretsTable;
  readonly outbox: OutboxTable;
  readonly audit_log: AuditLogTable;
  readonly ledger_seals: LedgerSealsTable;
  readonly workers: WorkersTable;
  readonly scheduled_tasks: ScheduledTasksTable;
  readonly routes: RoutesTable;
  readonly settings: SettingsTable;
  readonly sessions: SessionsTable;
  readonly one_time_tokens: OneTimeTokensTable;
  readonly totp_factors: TotpFactorsTable;
  readonly recovery_codes: RecoveryCodesTable;
  readonly passkeys: PasskeysTable;
  readonly api_tokens: ApiTokensTable;
  readonly kept_answers: KeptAnswersTable;
  readonly platform_settings: SettingsTable;
  readonly capacity_samples: CapacitySamplesTable;
  readonly own_domains: OwnDomainsTable;
  readonly released_domains: ReleasedDomainsTable;
  readonly certificate_orders: CertificateOrdersTable;
  readonly suspensions: SuspensionsTable;
  readonly store_deletions: StoreDeletionsTable;
  readonly store_usage: StoreUsageTable;
  readonly database_openings: DatabaseOpeningsTable;
  readonly store_settings: StoreSettingsTable;
  readonly webhook_endpoints: WebhookEndpointsTable;
  readonly webhook_deliveries: WebhookDeliveriesTable;
  readonly store_mail: StoreMailTable;
  readonly store_php_limits: StorePhpLimitsTable;
}

/** How many foreign keys the migrations make; a test counts them in `information_schema`. */
export const FOREIGN_KEY_COUNT = 30;

export type EventKind = 'started' | 'done' | 'failed' | 'retrying' | 'undone' | 'skipped' | 'run_done' | 'run_failed';

interface CustomersTable {
  readonly id: string;
  readonly email: string;
  /** The same address where the account holds it for good, unique; null while anybody may have typed it. */
  readonly claimed_email: string | null;
  readonly role: CustomerRole;
  readonly password_hash: string | null;
  readonly created_at: Date;
  /** When the account goes; null while it stays. */
  readonly deletion_at: Generated<Date | null>;
  /** Since when nobody may sign in to it; null while its owner may. */
  readonly locked_at: Generated<Date | null>;
  readonly lock_reason: Generated<string | null>;
}

interface PlansTable {
  readonly name: string;
  readonly position: number;
  readonly memory_mb: number;
  readonly cpu_millis: number;
  readonly disk_mb: number;
  readonly max_stores: number;
  readonly backups_kept: number;
  readonly price_cents: number;
  readonly is_default: ColumnType<number, number, number>;
}

/** One row per pool. Locking it is what makes giving out ports, subnets and UIDs one at a time. */
interface PoolsTable {
  readonly name: 'ports' | 'subnets' | 'uids';
  /** Where the range has grown to; null while it has not. */
  readonly grown_end: number | null;
}

interface StoresTable {
  readonly id: string;
  readonly customer_id: string;
  readonly name: string;
  readonly title: string;
  readonly platform: PlatformName;
  readonly plan: string;
  readonly status: StoreStatus;
  readonly health: Generated<StoreHealth>;
  /** What was ill then, in one line. */
  readonly health_detail: Generated<string | null>;
  readonly wished_domain: string | null;
  readonly admin_path: Generated<string>;
  readonly images_json: Generated<string>;
  readonly versions_json: Generated<string>;
  readonly error_json: Generated<string | null>;
  /** What its owner chose of the page cache; null: nothing yet. */
  readonly page_cache: Generated<string | null>;
  readonly fence: Generated<number>;
  readonly lease_owner: Generated<string | null>;
  readonly lease_expires_at: Generated<Date | null>;
  readonly created_at: Date;
  readonly active_at: Generated<Date | null>;
  /** SHA-256 of the form it was wished with, in hex; null when it came another way. */
  readonly request_key: Generated<string | null>;
  /** The own domain that the shop builds its addresses from; null while that is its name on the platform. */
  readonly primary_domain: Generated<string | null>;
  /** A change of it that is under way. */
  readonly address_change_json: Generated<string | null>;
  /** What its shop is to begin with; null where nothing was said. */
  readonly start_json: Generated<string | null>;
  /** The run that has restarted it last. */
  readonly restart_run_id: Generated<string | null>;
  /** When a mail of its shop was last taken up to be sent. */
  readonly mail_turn_at: Generated<Date | null>;
  /** When the hour began in which so many of its mails were taken up. */
  readonly mail_hour_at: Generated<Date | null>;
  readonly mail_hour_count: Generated<number>;
}

interface PortsTable {
  readonly port: number;
  readonly store_id: string;
}

interface SubnetsTable {
  readonly subnet: string;
  readonly store_id: string;
}

interface UidsTable {
  readonly uid: number;
  readonly store_id: string;
}

interface ProvisioningJobsTable {
  readonly id: string;
  readonly store_id: string;
  readonly kind: RunKind;
  readonly status: RunStatus;
  readonly attempt: Generated<number>;
  readonly error_json: Generated<string | null>;
  readonly next_attempt_at: Date;
  readonly created_at: Date;
  readonly started_at: Generated<Date | null>;
  readonly finished_at: Generated<Date | null>;
  readonly input_json: Generated<string | null>;
}

interface ProvisioningStepsTable {
  readonly run_id: string;
  readonly position: number;
  readonly name: StepName;
  readonly status: Generated<StepStatus>;
  readonly started_at: Generated<Date | null>;
  readonly finished_at: Generated<Date | null>;
  readonly error_json: Generated<string | null>;
  readonly log_tail: Generated<string | null>;
}

interface ProvisioningEventsTable {
  readonly id: Generated<number>;
  readonly run_id: string;
  readonly store_id: string;
  readonly step: StepName | null;
  readonly kind: EventKind;
  readonly at: Date;
  readonly details_json: string;
}

interface SealedSecretsTable {
  readonly store_id: string;
  readonly name: string;
  readonly key_id: string;
  readonly sealed: string;
  readonly created_at: Date;
  /** The run that put it in the place of an earlier one; null for what is the first of its name. */
  readonly replaced_by_run: Generated<string | null>;
}

interface OutboxTable {
  readonly id: string;
  readonly unique_key: string;
  readonly store_id: string | null;
  readonly recipient: string | null;
  readonly kind: string;
  readonly payload_json: string | null;
  readonly raw: Buffer | null;
  readonly raw_bytes: GeneratedAlways<number>;
  readonly status: Generated<OutboxStatus>;
  readonly attempts: Generated<number>;
  readonly next_attempt_at: Date;
  readonly lease_owner: Generated<string | null>;
  readonly lease_expires_at: Generated<Date | null>;
  readonly error_json: Generated<string | null>;
  readonly created_at: Date;
  readonly sent_at: Generated<Date | null>;
}

interface AuditLogTable {
  readonly id: Generated<number>;
  readonly actor: string;
  readonly acting_as: string | null;
  /** By which token of the actor's. */
  readonly token_id: string | null;
  readonly action: string;
  readonly target: string;
  readonly store_id: string | null;
  readonly result: Generated<LedgerResult>;
  readonly details_json: string;
  readonly address: string | null;
  readonly request_id: string | null;
  readonly at: Date;
}

/** One row per line of the audit log that was sealed. */
interface LedgerSealsTable {
  /** From 1, without a gap. */
  readonly position: number;
  readonly line_id: number;
  /** HMAC over the line and the seal before, in hex. */
  readonly seal: string;
  readonly sealed_at: Date;
}

interface WorkersTable {
  readonly id: string;
  readonly hostname: string;
  readonly boot_id: string;
  readonly pid: number;
  readonly started_at: Date;
  readonly heartbeat_at: Date;
}

interface ScheduledTasksTable {
  readonly name: string;
  readonly ran_at: Date;
}

interface SettingsTable {
  readonly name: string;
  readonly value_json: string;
}

interface CapacitySamplesTable {
  readonly resource: CapacityResource;
  /** `2026-11-26`. */
  readonly taken_on: string;
  readonly used: number;
  readonly size: number;
}

interface SessionsTable {
  readonly id: string;
  /** SHA-256 of the token, in hex. The token itself is only in the browser. */
  readonly token_hash: string;
  readonly customer_id: string;
  readonly created_at: Date;
  readonly seen_at: Date;
  readonly proven_at: Date;
  readonly expires_at: Date;
  readonly user_agent: string;
  readonly address: string;
  /** The session of the operator who acts as the customer in this one; null in everybody's own. */
  readonly impersonator_session: Generated<string | null>;
}

interface OneTimeTokensTable {
  /** SHA-256 of the token, in hex. The token itself was only mailed or shown. */
  readonly token_hash: string;
  readonly purpose: TokenPurpose;
  readonly subject: string;
  readonly facts_json: string;
  /** Of a way back alone: what was done from then on is taken back. */
  readonly since: Generated<Date | null>;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly used_at: Generated<Date | null>;
}

interface SuspensionsTable {
  readonly store_id: string;
  readonly suspended_by: SuspendedBy;
  readonly actor: string;
  readonly reason: string;
  readonly customer_text: string | null;
  /** The run that wrote it, so that one that is resumed knows its own. */
  readonly run_id: string;
  readonly suspended_at: Date;
}

interface StoreDeletionsTable {
  readonly store_id: string;
  readonly previous_status: KeptStatus;
  readonly actor: string;
  readonly run_id: string;
  readonly requested_at: Date;
  readonly due_at: Date;
}

interface StoreUsageTable {
  readonly store_id: string;
  readonly disk_bytes: number;
  readonly measured_at: Date;
}
