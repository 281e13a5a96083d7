export type Cell = string | number;

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** What is aimed at, what was measured, and whether that is reached. */
export interface Aim {
  readonly aim: string;
  readonly measured: Cell;
  readonly isMet: boolean;
}

/** What a bench found: tables for a person, figures for a machine. */
export interface BenchReport {
  readonly tables: readonly Table[];
  readonly aims: readonly Aim[];
  readonly figures: unknown;
}

export interface BenchOptions {
  /** Fewer and shorter runs, to see that the bench works; not for figures. */
  readonly isQuick: boolean;
  /** Runs of each contender, where a bench repeats. @defaultValue the bench's own */
  readonly rounds?: number;
  /** Round trips to measure at, in milliseconds. @defaultValue the bench's own */
  readonly roundTripsMs?: readonly number[];
  /** Sets up every connection by itself, as HTTP/1.1 does, and not every origin. @defaultValue false */
  readonly isHttp1?: boolean;
  /** Where a bench may leave more than its report. */
  readonly folder: string;
  /** A line of progress. */
  readonly tell: (line: string) => void;
}

export type Bench = (options: BenchOptions) => Promise<BenchReport>;
