/** What a look at the platform's database came to. */
export interface DatabaseLook {
  /**
   * `known`: the one that this machine has worked with. `new`: not yet, and it may be from now on. `strange`: another one,
   * and there are stores here of which it knows nothing.
   */
  readonly kind: 'known' | 'new' | 'strange';
  /** What tells it from every other database. */
  readonly identity: string;
  /** Stores that are on this machine and not in the database; only looked for where it is not `known`. */
  readonly forgotten: readonly string[];
}

export interface DatabaseFacts {
  readonly identity: string;
  /** The identity that this machine has noted; `undefined` where it has noted none yet. */
  readonly remembered: string | undefined;
  /** Ids of stores whose containers, networks or folders are on this machine. */
  readonly here: ReadonlySet<string>;
  /** Ids of which the database has a row. */
  readonly rows: ReadonlySet<string>;
}

/**
 * A machine that has noted nothing yet takes the database that knows some of its stores: beside them may stand what a
 * worker left behind. One that has noted another database only takes one that knows them all.
 */
export function judgeDatabase({ identity, remembered, here, rows }: DatabaseFacts): DatabaseLook {
  const forgotten = [...here].filter((id) => !rows.has(id)).sort();
  const mayBeNoted = forgotten.length === 0 || (remembered === undefined && forgotten.length < here.size);
  return { kind: mayBeNoted ? 'new' : 'strange', identity, forgotten };
}

/** The same sentence for the log, the doctor and whoever is refused. */
export const strangeDatabaseText = ({ forgotten: { length } }: DatabaseLook): string =>
  `This is not the database that this machine has worked with: it knows nothing of ${length} ${length === 1 ? 'store' : 'stores'} here.`;
