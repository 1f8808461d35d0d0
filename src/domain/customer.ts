export type CustomerRole = 'customer' | 'operator';

/** Somebody with an account. The password's hash is not part of it: only signing in ever reads that. */
export interface Customer {
  /** `cus_…` */
  readonly id: string;
  /** Lower-case, trimmed, unique. */
  readonly email: string;
  readonly role: CustomerRole;
  readonly createdAt: Date;
}

/** An account as operators see it. */
export interface CustomerFacts extends Customer {
  /** Has somebody confirmed the address, so that it is the account's for good? */
  readonly isVerified: boolean;
  /** Does the account ask for more than its password? */
  readonly hasSecondFactor: boolean;
}

/** The one spelling of an address that is stored and looked up. */
export function normaliseEmail(email: string): string {
  return email.trim().toLowerCase();
}
