import type { Clock, Token } from '@gatecast/token';
import type { BroadcastTarget } from '../broadcast/broadcast-settings.js';
import type { CaptureRequest, TrackKind } from '../capture/capture-request.js';
import type { MuteChange } from '../element/webcaster-options.js';

/** Tokens for a publisher: always fresh at the moment of use, never kept. */
export interface IngestTokens {
  /**
   * A token that is good now, for vendors' clients that want the value itself.
   *
   * @throws GatecastError why there is none.
   */
  get(signal?: AbortSignal): Promise<Token>;
  /**
   * Tells that a token was refused; gives another.
   *
   * @throws GatecastError `token-rejected` when that one had itself just replaced a refused one.
   */
  rejected(token: Token, signal?: AbortSignal): Promise<Token>;
  accepted(token: Token): void;
  /** May this address have the token? */
  isAllowedOrigin(url: string): boolean;
  /** `fetch` with the token in place; a refusal is answered with a fresh token, once. */
  fetch(url: string, init: RequestInit, fetch?: typeof globalThis.fetch): Promise<Response>;
}

/** What a publisher is given once. */
export interface PublisherContext {
  readonly host: HTMLElement;
  readonly tokens: IngestTokens;
  readonly clock: Clock;
  /** Settings of this moment; what changes while on air counts from the next connection on. */
  readonly target: () => BroadcastTarget;
  readonly wish: () => CaptureRequest;
  /** Writes into the element's diagnostics. */
  readonly note: (type: string, details?: Record<string, unknown>) => void;
}

/** What happens to a connection after it was opened. */
export interface SessionEvents {
  /** Media no longer flows, but the same session may be repaired. */
  onInterrupted(): void;
  /** The session is over. */
  onLost(error: Error): void;
}

export interface OpenRequest extends SessionEvents {
  readonly media: MediaStream | null;
  /** Ends the attempt, and only that: an open session is closed by `close()`. */
  readonly signal: AbortSignal;
}

/** One way to publish: a folder under `publisher/` and a line in the registry. */
export interface Publisher {
  /** Signs in ahead of the first broadcast, where there is such a step. */
  signIn?(signal: AbortSignal): Promise<void>;
  /** The token was renewed while nothing is on air. */
  renewSignIn?(signal: AbortSignal): Promise<void>;
  signOut?(): Promise<void>;
  /**
   * Opens a session with a fresh token; resolves when media flows. A failed or aborted attempt cleans up after itself
   * before it rejects.
   *
   * @throws GatecastError whose `retryable` says whether another attempt makes sense.
   */
  open(request: OpenRequest): Promise<PublisherSession>;
  /** Frees what is kept between sessions. */
  dispose(): void;
}

export interface PublisherSession {
  /**
   * Repairs an interrupted connection in place; resolves when media flows again. Bounded in time.
   *
   * @throws GatecastError when only a new session can help.
   */
  restart?(signal: AbortSignal): Promise<void>;
  /** Exchanges what is sent without a new connection; `false` when that needs one. */
  replaceTrack(kind: TrackKind, track: MediaStreamTrack | null): Promise<boolean>;
  /** Only where muting the tracks that were handed over does not reach what is sent. */
  setMuted?(muted: Readonly<Required<MuteChange>>): void;
  /** Applies bitrates and frame rate of the current target. */
  updateEncoding?(): Promise<void>;
  /** Statistics as WebRTC reports them; `null` where a vendor keeps them to itself. */
  getStats(): Promise<RTCStatsReport | null>;
  /** Ends the session. The farewell leaves in the same turn when a fresh token is in hand, as on leaving the page. */
  close(): Promise<void>;
}
