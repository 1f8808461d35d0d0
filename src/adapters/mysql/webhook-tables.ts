import type { Generated } from 'kysely';
import type { DeliveryStatus, DeliveryType, SwitchedOff } from '../../domain/webhooks.ts';

/** Where customers want to be told. Part of `Schema`. */
export interface WebhookEndpointsTable {
  readonly id: string;
  readonly customer_id: string;
  readonly name: string;
  readonly url: string;
  readonly events_json: string;
  readonly is_enabled: Generated<number>;
  /** Why we have done that, where it was not its owner. */
  readonly switched_off: Generated<SwitchedOff | null>;
  /** The signing secret, sealed for the worker. */
  readonly sealed: string;
  /** The one before, which signs too until then. */
  readonly old_sealed: Generated<string | null>;
  readonly old_until: Generated<Date | null>;
  /** Of all attempts since then none was taken. */
  readonly failing_since: Generated<Date | null>;
  /** It took long for the last one that it took. */
  readonly is_slow: Generated<number>;
  readonly lease_owner: Generated<string | null>;
  readonly lease_expires_at: Generated<Date | null>;
  readonly created_at: Date;
}

/** What they are to be told. Part of `Schema`. */
export interface WebhookDeliveriesTable {
  readonly id: string;
  readonly endpoint_id: string;
  /** The same at every endpoint that is told of it, and in every attempt. */
  readonly event_id: string;
  readonly type: DeliveryType;
  readonly store_id: string | null;
  readonly facts_json: string;
  readonly status: Generated<DeliveryStatus>;
  readonly attempts: Generated<number>;
  readonly next_attempt_at: Date;
  readonly attempted_at: Generated<Date | null>;
  /** Of the last attempt, where there was an answer. */
  readonly answer_code: Generated<number | null>;
  readonly error: Generated<string | null>;
  readonly created_at: Date;
  readonly delivered_at: Generated<Date | null>;
}
