/** One place to go, found by what somebody typed. */
export interface Found {
  readonly kind: 'store' | 'customer' | 'page';
  readonly label: string;
  /** Beside the label: an address, a state. Empty where there is nothing more to say. */
  readonly more: string;
  readonly to: string;
}

export interface FindServices {
  /** The customer's own stores that fit; of everybody's, and their owners, for an operator. A few of each. */
  find(who: { readonly customerId: string; readonly isOperator: boolean }, text: string): Promise<readonly Found[]>;
}
