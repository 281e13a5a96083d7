import type { GatecastError, RefreshReason } from '@gatecast/token';

const BUBBLING: EventInit = { bubbles: true, composed: true };

/** A stream has a new token. Carries no token. */
export class SecureTokenRefreshedEvent extends Event {
  static readonly type = 'secure-token-refreshed';
  readonly stream: string;
  readonly reason: RefreshReason;
  /** Milliseconds since the epoch by the server's clock; `null` when the token's end is unknown. */
  readonly expiresAtMs: number | null;
  /** How long the token request took, in milliseconds; 0 for a token that the page provided. */
  readonly durationMs: number;

  constructor(details: {
    stream: string;
    reason: RefreshReason;
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

/** A token request failed; the old token, if there is one, stays in use until its end. */
export class SecureTokenFailedEvent extends Event {
  static readonly type = 'secure-token-failed';
  readonly stream: string;
  readonly error: GatecastError;
  /** Milliseconds until the next attempt; `null` when there is none until the page acts. */
  readonly willRetryInMs: number | null;

  constructor(details: { stream: string; error: GatecastError; willRetryInMs: number | null }) {
    super(SecureTokenFailedEvent.type, BUBBLING);
    this.stream = details.stream;
    this.error = details.error;
    this.willRetryInMs = details.willRetryInMs;
  }
}

/** Playback or broadcast ended with an error that the element could not recover from by itself. */
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
