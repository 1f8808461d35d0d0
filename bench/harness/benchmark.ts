import type { PlatformName } from '../../src/domain/store.ts';

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
  /** Other figures for a platform whose stores take long. */
  readonly ofPlatform?: Partial<Record<PlatformName, Pick<Benchmark, 'rounds' | 'warmUps'>>>;
  /** What the reader must know to judge the figures: assumptions, what is left out. One sentence each. */
  readonly notes: readonly string[];
  /** Ratios are told against this case; with several, each case has its own. */
  readonly reference: string | ((name: string) => string);
  /** Parts that are measured in another unit than the total is. */
  readonly partUnits?: Readonly<Record<string, string>>;
  /** Cases that are also drawn as timelines: the parts that follow one another, and what their total is. */
  readonly timelines?: { readonly cases: readonly string[]; readonly parts: readonly string[]; readonly end: string };
  /** What the table of parts is called; `Where the time goes` where nothing is said. */
  readonly partsTitle?: string;
  /** Made ready once; `close` is called at the end, whatever happened. */
  open(context: BenchContext): Promise<OpenBenchmark>;
}

export interface OpenBenchmark {
  readonly cases: Readonly<Record<string, (round: number) => Promise<Sample | readonly Sample[]>>>;
  /** Further facts for the report, e.g. the engine's version. */
  readonly facts?: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export interface BenchContext {
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** `--platform`: the platform of the stores that are made; `undefined` = what this machine has. */
  readonly platform: PlatformName | undefined;
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
  /** Median of this line in relation to the named case's; `null` for parts of that case, and for parts that it has not. */
  readonly ratioTo: Readonly<Record<string, number>> | null;
}

/** One line per case, and one per part of each. */
export interface Figures {
  readonly totals: readonly Row[];
  readonly parts: readonly Row[];
}

export interface BenchResult {
  readonly name: string;
  /** What renews it. */
  readonly command: string;
  readonly machine: Readonly<Record<string, string>>;
  readonly figures: Figures;
}
