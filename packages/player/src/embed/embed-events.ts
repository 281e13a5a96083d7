import type { EmbedProblem, EmbedState } from './embed-messages.js';

/** The frame has accepted the page, after each load of the frame. */
export class EmbedConnectedEvent extends Event {
  static readonly type = 'embed-connected';

  constructor() {
    super(EmbedConnectedEvent.type);
  }
}

/** The player in the frame plays, pauses, waits or changes its sound; with playback each second. */
export class EmbedStateEvent extends Event {
  static readonly type = 'embed-state';
  readonly state: EmbedState;

  constructor(state: EmbedState) {
    super(EmbedStateEvent.type);
    this.state = state;
  }
}

/** The player in the frame has a new token for a stream. The event does not contain the token. */
export class EmbedTokenRefreshedEvent extends Event {
  static readonly type = 'embed-token-refreshed';
  readonly stream: string;
  readonly reason: string;
  /** Milliseconds since the epoch by the server's clock; `null` when it is unknown. */
  readonly expiresAtMs: number | null;

  constructor(stream: string, reason: string, expiresAtMs: number | null) {
    super(EmbedTokenRefreshedEvent.type);
    this.stream = stream;
    this.reason = reason;
    this.expiresAtMs = expiresAtMs;
  }
}

/** A token request of the player in the frame failed. */
export class EmbedTokenFailedEvent extends Event {
  static readonly type = 'embed-token-failed';
  readonly stream: string;
  readonly problem: EmbedProblem;
  /** Milliseconds until the next attempt; `null` when there is none before the page calls `refreshToken()`. */
  readonly willRetryInMs: number | null;

  constructor(stream: string, problem: EmbedProblem, willRetryInMs: number | null) {
    super(EmbedTokenFailedEvent.type);
    this.stream = stream;
    this.problem = problem;
    this.willRetryInMs = willRetryInMs;
  }
}

/** Playback in the frame ended with an error, or the frame does not understand this page. */
export class EmbedErrorEvent extends Event {
  static readonly type = 'embed-error';
  readonly problem: EmbedProblem;

  constructor(problem: EmbedProblem) {
    super(EmbedErrorEvent.type);
    this.problem = problem;
  }
}

/** Events of an `EmbedConnection` by their type. */
export interface EmbedEventMap {
  'embed-connected': EmbedConnectedEvent;
  'embed-state': EmbedStateEvent;
  'embed-token-refreshed': EmbedTokenRefreshedEvent;
  'embed-token-failed': EmbedTokenFailedEvent;
  'embed-error': EmbedErrorEvent;
}
