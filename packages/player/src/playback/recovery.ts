import { retryDelayMs } from '@gatecast/token';

export interface RecoveryQuestion {
  /** How many recoveries have been tried in a row, without success between. */
  readonly attempts: number;
  /** Has this source played before? Then it is worth more patience. */
  readonly hasPlayed: boolean;
  /** A number in [0, 1). */
  readonly random: number;
}

const ATTEMPTS_BEFORE_PLAYING = 3;
const ATTEMPTS_AFTER_PLAYING = 8;

/** Milliseconds until the next attempt to recover; `null` when it is time to say that there is an error. */
export function recoveryDelayMs({ attempts, hasPlayed, random }: RecoveryQuestion): number | null {
  if (attempts >= (hasPlayed ? ATTEMPTS_AFTER_PLAYING : ATTEMPTS_BEFORE_PLAYING)) return null;
  return retryDelayMs({ attempt: attempts + 1, random, remainingLifeMs: 0 });
}
