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

/** The one spelling of an address that is stored and looked up. */
export function normaliseEmail(email: string): string {
  return email.trim().toLowerCase();
}
