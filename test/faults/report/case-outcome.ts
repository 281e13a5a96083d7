import type { PlayerRequests } from '../origin/player-servers.js';

/** What one player did in a case. Spans are in milliseconds. */
export interface PlayerOutcome {
  /** From the end of the fault to the end of the last stall; 0 without a stall, null if it did not play again. */
  readonly backMs: number | null;
  /** Without progress, from the beginning of the fault to the end of the case. */
  readonly stalledMs: number;
  /** Jumps back to media that had been played. */
  readonly rewinds: number;
  /** Seconds from the position to the end of the seekable range when the case ended. */
  readonly behindS: number | null;
  /** Codes of `secure-error`, or details of the control's fatal errors. */
  readonly errors: readonly string[];
  /** Codes of `secure-token-failed`. */
  readonly tokenErrors: readonly string[];
}

export interface CaseOutcome {
  readonly name: string;
  readonly ours: PlayerOutcome & PlayerRequests;
  readonly control: PlayerOutcome & PlayerRequests;
  /** From the end of the fault to the end of the case, in milliseconds. */
  readonly watchedMs: number;
}

/** Sent by the page: a case with its outcome, or why it could not run. */
export type CaseReport = Omit<CaseOutcome, 'ours' | 'control'> & {
  readonly ours: PlayerOutcome;
  readonly control: PlayerOutcome;
};
