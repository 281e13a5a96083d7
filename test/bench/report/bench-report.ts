export type Cell = string | number;

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** An aim, the measured value, and whether the aim is met. */
export interface Aim {
  readonly aim: string;
  readonly measured: Cell;
  readonly isMet: boolean;
}

/** Results of a bench: tables for people, figures for programs. */
export interface BenchReport {
  readonly tables: readonly Table[];
  readonly aims: readonly Aim[];
  readonly figures: unknown;
}

export interface BenchOptions {
  /** Fewer and shorter runs, only to check that the bench works. */
  readonly isQuick: boolean;
  /** Runs of each contender, for benches that repeat. @defaultValue the bench's own */
  readonly rounds?: number;
  /** Round trips to measure at, in milliseconds. @defaultValue the bench's own */
  readonly roundTripsMs?: readonly number[];
  /** Only these of the bench's pages, for benches of single pages. @defaultValue all */
  readonly pages?: readonly string[];
  /** Each connection has its own set-up, as in HTTP/1.1, instead of each origin. @defaultValue false */
  readonly isHttp1?: boolean;
  /** Also plays pages that are written by hand, where the bench has them. @defaultValue false */
  readonly isByHand?: boolean;
  /** Folder for additional files of a bench. */
  readonly folder: string;
  /** Prints a line of progress. */
  readonly tell: (line: string) => void;
}

export type Bench = (options: BenchOptions) => Promise<BenchReport>;
