/** Streams or a device to count for a user. */
export interface StreamClaim {
  readonly user: string;
  /** Names that count as one each: a stream of a playback session, or a device. They may contain any character. */
  readonly watched: readonly string[];
  /** Largest number of names that may count for the user at the same time. */
  readonly max: number;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** Expiry of the tokens, in milliseconds since the epoch. After that, the names no longer count. */
  readonly untilMs: number;
}

/** Streams or a device that a user starts to watch, or goes on watching, where the newest ones count. */
export interface PlaceClaim extends StreamClaim {
  /** Does the viewer start now? Then the names take the places of the oldest ones. Otherwise they only keep their own. */
  readonly isStart: boolean;
}

/** What a {@link PlaceClaim} has led to. */
export interface PlaceResult {
  /** Do all names have a place? */
  readonly isAllowed: boolean;
  /** Names that have lost their place to them. */
  readonly lost: readonly string[];
  /** Refused: had one of the names a place, and has lost it to a newer viewer? @defaultValue false */
  readonly hasMoved?: boolean;
}
