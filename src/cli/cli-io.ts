/** The world as the command line sees it; tests pass strings, `createProcessIo` the real thing. */
export interface CliIo {
  /** Data. One call is one line or block; the newline is added. */
  readonly out: (text: string) => void;
  /** Messages, progress, errors. */
  readonly err: (text: string) => void;
  /** Is somebody looking at standard output? Then tables, else tab-separated values. */
  readonly isTerminal: boolean;
  /** Colours may be used on both streams. */
  readonly mayColor: boolean;
  /** Asks a person; absent when there is none to ask. */
  readonly ask?: (question: string) => Promise<string>;
  readonly readStdin: () => Promise<string>;
  /** Aborts on Ctrl-C and SIGTERM. */
  readonly interrupt: AbortSignal;
}
