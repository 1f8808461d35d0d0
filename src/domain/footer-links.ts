/** Pages of the operator's that every page leads to; null where there is none. */
export interface FooterLinks {
  readonly guide: string | null;
  readonly source: string | null;
  readonly status: string | null;
}
