import type { ApplicationFacts } from '../application-facts.ts';

/** What a reader found out. */
export interface Verdict {
  readonly version: string;
  readonly facts: ApplicationFacts;
}

/**
 * Looks at the members of one archive, in their order, until it knows what it is. Both functions throw
 * `artifact_refused` for what is its application but cannot be used, with the reason.
 */
export interface TreeReader {
  /** `path` is below the top folder. The text must be asked for before the next member comes, if it is wanted. */
  see(path: string, textOf: () => Promise<string>): Promise<void> | void;
  /** `undefined` when this is not, or not yet, its application. */
  verdict(): Verdict | undefined;
  /** Needs to see the archive to its end before its verdict counts. */
  readonly wantsAll: boolean;
}

/** `archive` is for messages. */
export type NewTreeReader = (archive: string) => TreeReader;
