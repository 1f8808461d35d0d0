/**
 * One benchmark: a file `bench/NAME.ts` that exports `benchmark`. Cases are measured interleaved, in one run, so that
 * whatever else this machine does meets all of them alike.
 */
export interface Benchmark {
  /** One sentence: from what to what is measured. */
  readonly title: string;
  readonly unit: string;
  readonly rounds: number;
  /** Rounds before, whose figures are thrown away. */
  readonly warmUps: number;
  /** What the reader must know to judge the figures: assumptions, what is left out. One sentence each. */
  readonly notes: readonly string[];
  /** Ratios are told against this case. */
  readonly reference: string;
  /** Made ready once; `close` is called at the end, whatever happened. */
  open(context: BenchContext): Promise<OpenBenchmark>;
}

export interface OpenBenchmark {
  readonly cases: Readonly<Record<string, (round: number) => Promise<Sample>>>;
  /** Further facts for the report, e.g. the engine's version. */
  readonly facts?: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export interface BenchContext {
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** One measurement; `parts` break it down, e.g. by step. */
export interface Sample {
  readonly total: number;
  readonly parts?: Readonly<Record<string, number>>;
}

/** One line of the result (contract §1). Lines of a part are named `case: part`. */
export interface Row {
  readonly case: string;
  readonly n: number;
  readonly median: number;
  readonly p95: number;
  readonly unit: string;
  /** Median of this line in relation to the named case's; `null` for parts. */
  readonly ratioTo: Readonly<Record<string, number>> | null;
}

export interface BenchResult {
  readonly name: string;
  readonly machine: Readonly<Record<string, string>>;
  readonly rows: readonly Row[];
}
