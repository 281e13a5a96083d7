/** Result of a case. */
export type CaseResult =
  | { readonly name: string; readonly outcome: 'skipped'; readonly words: string }
  | { readonly name: string; readonly outcome: 'failed'; readonly words: string }
  | {
      /** Name of the case, for example `expire-now`. */
      readonly name: string;
      readonly outcome: Verdict['outcome'];
      /** The verdict in one line of text. */
      readonly words: string;
      readonly verdict: Verdict;
    };

/** What was seen in a case that ran to its end. */
export interface Verdict {
  readonly outcome: 'passed' | 'failed';
  readonly stallCount: number;
  readonly stalledMs: number;
  /** Milliseconds from the end of the fault to the last return to normal; 0 if normal before that, `null` if never. */
  readonly recoveredAfterMs: number | null;
  readonly renewalCount: number;
  readonly errors: readonly ErrorCount[];
  /** Expectations that were not met. */
  readonly complaints: readonly string[];
}

/** Number of times that an error occurred. */
export interface ErrorCount {
  /** Code of the error, for example `token-endpoint-failed`. */
  readonly code: string;
  readonly count: number;
  /** Whether the error ended playback or the broadcast. */
  readonly isFatal: boolean;
}
