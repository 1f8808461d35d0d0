import type { DeliveryStatus, DeliveryType, EventFacts, SwitchedOff, WebhookEvent } from './webhooks.ts';

/** An endpoint as its owner set it up, without its secret. */
export interface WebhookEndpoint {
  /** `whe_…` */
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  readonly isEnabled: boolean;
  /** Why we have switched it off; null when its owner did, and while it is on. */
  readonly switchedOff: SwitchedOff | null;
  /** Since then it has taken nothing. */
  readonly failingSince: Date | null;
  readonly createdAt: Date;
}

/** One event for one endpoint, and what became of it. */
export interface WebhookDelivery {
  /** `whd_…` */
  readonly id: string;
  /** `evt_…`: what receivers see, the same in every attempt and at every endpoint. */
  readonly eventId: string;
  readonly type: DeliveryType;
  readonly storeId: string | null;
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly nextAttemptAt: Date;
  readonly attemptedAt: Date | null;
  /** The status of the last answer; null where there was none. */
  readonly answerCode: number | null;
  /** Why the last attempt failed. */
  readonly error: string | null;
  readonly createdAt: Date;
  readonly deliveredAt: Date | null;
}

/** A delivery that is one worker's for the time of the lease, with its endpoint. */
export interface ClaimedDelivery {
  readonly owner: string;
  readonly id: string;
  readonly eventId: string;
  readonly type: DeliveryType;
  readonly facts: EventFacts;
  readonly createdAt: Date;
  /** This one included. */
  readonly attempts: number;
  readonly endpoint: {
    readonly id: string;
    readonly customerId: string;
    readonly name: string;
    readonly url: string;
    /** Secrets that sign, newest first, sealed. */
    readonly sealed: readonly string[];
    readonly failingSince: Date | null;
    /** Did it take long for the last one that it took? */
    readonly isSlow: boolean;
  };
}
