import type { GatecastError, RenewalReason } from '@gatecast/token';

const BUBBLING: EventInit = { bubbles: true, composed: true };

/** A stream has a new token. The event does not contain the token. */
export class SecureTokenRefreshedEvent extends Event {
  static readonly type = 'secure-token-refreshed';
  /** Name of the stream. */
  readonly stream: string;
  /** Why the token was requested; `origin` if it was not: the media origin has renewed it with a response. */
  readonly reason: RenewalReason;
  /** End of the token, in milliseconds since the epoch by the server's clock; `null` when it is unknown. */
  readonly expiresAtMs: number | null;
  /** How long the token request took, in milliseconds; 0 for a token that was not requested. */
  readonly durationMs: number;

  constructor(details: {
    stream: string;
    reason: RenewalReason;
    expiresAtMs: number | null;
    durationMs: number;
  }) {
    super(SecureTokenRefreshedEvent.type, BUBBLING);
    this.stream = details.stream;
    this.reason = details.reason;
    this.expiresAtMs = details.expiresAtMs;
    this.durationMs = details.durationMs;
  }
}

/** A token request failed, or a token was refused. An earlier token stays in use until its end. */
export class SecureTokenFailedEvent extends Event {
  static readonly type = 'secure-token-failed';
  /** Name of the stream. */
  readonly stream: string;
  readonly error: GatecastError;
  /** Milliseconds until the next attempt; `null` when there is none before the page calls `refreshToken()`. */
  readonly willRetryInMs: number | null;

  constructor(details: { stream: string; error: GatecastError; willRetryInMs: number | null }) {
    super(SecureTokenFailedEvent.type, BUBBLING);
    this.stream = details.stream;
    this.error = details.error;
    this.willRetryInMs = details.willRetryInMs;
  }
}

/** Playback or the broadcast ended with an error from which the element could not recover. */
export class SecureErrorEvent extends Event {
  static readonly type = 'secure-error';
  readonly error: GatecastError;

  constructor(error: GatecastError) {
    super(SecureErrorEvent.type, BUBBLING);
    this.error = error;
  }
}

declare global {
  interface HTMLElementEventMap {
    'secure-token-refreshed': SecureTokenRefreshedEvent;
    'secure-token-failed': SecureTokenFailedEvent;
    'secure-error': SecureErrorEvent;
  }
}
