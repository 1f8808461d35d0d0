/** Who did something, as its owner may know it: an operator's name is not theirs to know. */
export type ActivityActor = 'you' | 'operator' | 'operator-as-you' | 'platform' | 'visitor';

/** A line of the ledger in words, for the owner of what it is about. */
export interface ActivityLine {
  readonly id: number;
  readonly at: string;
  readonly who: ActivityActor;
  /** By which token of the owner's a program did it; without a name once the token is gone. Of operators nothing. */
  readonly token: { readonly id: string; readonly name: string | null } | null;
  /** What was done, as the end of a sentence that begins with who: `deleted the store`. */
  readonly what: string;
  readonly result: 'ok' | 'refused' | 'failed';
  /** Where the owner, or somebody not signed in, did it from; of operators nothing. */
  readonly address: string | null;
  /** What to tell the support. */
  readonly reference: string | null;
}

export interface ActivityPage {
  /** Newest first. */
  readonly lines: readonly ActivityLine[];
  /** What the next, older page is asked for with; `null` when there is none. */
  readonly before: number | null;
}

export interface ActivityRequest {
  readonly before?: number | undefined;
}

export interface LedgerServices {
  /** Everything that touched the store, the operator's acts included. Throws `not_found`, also for somebody else's. */
  storeActivity(customerId: string, storeId: string, request: ActivityRequest): Promise<ActivityPage>;
  /** What touched the account itself: sign-ins, wrong passwords, changes of what it signs in with. */
  accountActivity(customerId: string, request: ActivityRequest): Promise<ActivityPage>;
}
