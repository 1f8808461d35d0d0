export const OUTBOX_STATUSES = ['queued', 'sent', 'failed'] as const;
export type OutboxStatus = (typeof OUTBOX_STATUSES)[number];

/** The kind of what shops write themselves. */
export const STORE_MAIL = 'store-mail';

/** A mail of the outbox, without what it says. */
export interface OutboxEntry {
  /** `msg_…`; sorts by time of making. */
  readonly id: string;
  /** One of ours, or `shop` for what a shop wrote. */
  readonly kind: string;
  /** `null` where a shop's own mail names them. */
  readonly recipient: string | null;
  readonly storeId: string | null;
  /** `failed`: given up, nobody tries it any more. */
  readonly status: OutboxStatus;
  readonly attempts: number;
  /** Of the last attempt, if it failed. */
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly createdAt: Date;
  readonly nextAttemptAt: Date;
  readonly sentAt: Date | null;
}

/** Which mails somebody looks for; all that is given must fit. */
export interface OutboxFilter {
  readonly status?: OutboxStatus | undefined;
  readonly kind?: string | undefined;
  readonly recipient?: string | undefined;
  readonly storeId?: string | undefined;
}

/** What waits, and what was given up, whoever wrote it. */
export interface OutboxBacklog {
  readonly waiting: number;
  readonly failed: number;
  /** When the oldest of those that wait was written; null while none waits. */
  readonly oldestWaitingAt: Date | null;
}

/** Newest first. */
export interface OutboxPage {
  readonly mails: readonly OutboxEntry[];
  /** The id to ask the next page with; `null` when this is the last. */
  readonly before: string | null;
}

/** `own-servers`: what shops send by servers of their owners; `platform`: everything else. Neither waits for the other. */
export type OutboxLane = 'platform' | 'own-servers';
