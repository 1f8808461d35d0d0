import type { DatabaseLook } from '../domain/known-database.ts';

/** What `shopctl` can ask for about the platform's database as a whole. */
export interface DatabaseActions {
  /** Is it the one that this machine has worked with? Changes nothing. */
  lookAtDatabase(): Promise<DatabaseLook>;
  /** This machine works with it from now on, whatever it knows of the stores here. Tells how it was before. May be repeated. */
  acceptDatabase(): Promise<DatabaseLook>;
}
