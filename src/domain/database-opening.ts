import { HOUR } from '../lib/time.ts';

/** How long an owner's look into a database lasts at most, in ms. */
export const DATABASE_OPEN_FOR_MS = 2 * HOUR;

/** The user of the database that each opening has for itself; gone with it. */
export const DATABASE_GUEST = 'panel';

/** At once, of one customer: each is a container that runs. */
export const DATABASES_OPEN_OF_CUSTOMER = 2;

/** At once, on one machine: each takes 192 MB, beside what the stores were promised. */
export const DATABASES_OPEN_AT_ALL = 8;

/** Where in the panel an opening is; ends in a slash. Who knows the token and whose session lives is let in. */
export const databasePath = (storeId: string, token: string): string => `/stores/${storeId}/database/${token}/`;

/** Of a store whose database is open, or was and is not cleared away yet. */
export interface DatabaseOpening {
  readonly storeId: string;
  readonly customerId: string;
  /** Still to be used: not closed, not over, its session alive, its store open. */
  readonly isOpen: boolean;
  /** Its database runs, so that its guest can be taken away. */
  readonly isReachable: boolean;
}

/** Of whom as many are open as may be: of one customer, or of the machine. */
export const OPENING_LIMITS = ['customer', 'machine'] as const;
export type OpeningLimit = (typeof OPENING_LIMITS)[number];

/** What opening came to: a way in; or the image is being made, or too many are open, and a later try will do. */
export type DatabaseAnswer =
  | { readonly state: 'open'; readonly path: string }
  | { readonly state: 'preparing' }
  | { readonly state: 'full'; readonly limit: OpeningLimit };
