import type { Clock, GatecastError, Token } from '@gatecast/token';
import type { SessionTokens } from '@gatecast/webrtc';
import type { MuteChange } from '../capture/capture.js';
import type { CaptureRequest, TrackKind } from '../capture/capture-request.js';
import type { BroadcastStats } from '../stats/broadcast-stats.js';
import type { BroadcastTarget } from './broadcast-target.js';

/** Tokens for a publisher. Each call gives a token that is valid now, so a publisher never keeps one. */
export interface IngestTokens extends SessionTokens {
  /**
   * A token that is valid now, for vendors' clients that need the value itself.
   *
   * @throws GatecastError why there is none.
   */
  get(signal?: AbortSignal): Promise<Token>;
  /**
   * Reports that the server refused a token; resolves with another.
   *
   * @throws GatecastError `token-rejected` when that token had itself just replaced a refused one.
   */
  rejected(token: Token, signal?: AbortSignal): Promise<Token>;
  /** Reports that the server accepted a token, so its next refusal counts as the first one. */
  accepted(token: Token): void;
}

/** What a publisher gets when it is created. */
export interface PublisherContext {
  readonly host: HTMLElement;
  readonly tokens: IngestTokens;
  readonly clock: Clock;
  /** The current settings. A change during a broadcast applies from the next connection on. */
  readonly target: () => BroadcastTarget;
  /** What the element captures now. */
  readonly captureRequest: () => CaptureRequest;
  /** Adds an entry to the element's diagnostics. */
  readonly log: (type: string, details?: Record<string, unknown>) => void;
}

/** Why media no longer flows. With `media-stopped` the connection is established, but nothing is sent over it. */
export type Interruption = 'connection-lost' | 'media-stopped';

/** Callbacks of an open connection. */
export interface SessionEvents {
  /**
   * Media no longer flows, but the session may be repaired.
   *
   * @param reason - `connection-lost` if left out.
   */
  onInterrupted(reason?: Interruption): void;
  /** The session is over. */
  onLost(error: Error): void;
}

export interface OpenRequest extends SessionEvents {
  readonly media: MediaStream | null;
  /** The session of the same broadcast that this one replaces. It is over. */
  readonly previous?: PublisherSession | null;
  /** Ends the attempt only. An open session is closed by `close()`. */
  readonly signal: AbortSignal;
}

/**
 * A way to publish: a folder under `publisher/` and a line in the registry.
 *
 * The element is `live` while media flows. Media flows when the media connection to the server is established (ICE and
 * DTLS) and packets are sent over it. A response of the server, or a vendor's event that the broadcast has started, is not
 * enough. For a client that does not report what it sends, an established connection counts; the publisher's page in the
 * documentation then has a note about it.
 */
export interface Publisher {
  /** Signs in before the first broadcast, for vendors that have such a step. */
  signIn?(signal: AbortSignal): Promise<void>;
  /** Called when the token was renewed while no broadcast runs. */
  renewSignIn?(signal: AbortSignal): Promise<void>;
  signOut?(): Promise<void>;
  /**
   * Opens a session with a fresh token; resolves when media flows, and not before. A failed or aborted attempt cleans up
   * after itself before it rejects: no connection, timer or session of the server remains.
   *
   * @throws GatecastError its `retryable` says whether another attempt makes sense. It throws `connection-lost` within
   *   20 s if no media connection is established.
   */
  open(request: OpenRequest): Promise<PublisherSession>;
  /** What `open` throws for a response of the endpoint; only if it makes HTTP requests there. */
  readonly errorOf?: (response: Response) => GatecastError;
  /** Frees what is kept between sessions. */
  dispose(): void;
}

export interface PublisherSession {
  /** Names of the video codecs that are wanted, such as `h264`, by preference. Empty without video. */
  readonly wantedCodecs?: readonly string[];
  /** Sizes in which the picture is sent at once; 1 if the server has not taken a simulcast. */
  readonly layers?: number;
  /** Does `followNetwork` send less than the settings allow? */
  readonly isReduced?: boolean;
  /** What the server does not receive, although it was offered. Only with {@link BroadcastTarget.allowsPartial}. */
  readonly refusedKinds?: readonly TrackKind[];
  /** Address of the server's events about this session, if it has announced one; without a token. */
  readonly serverEventsUrl?: string | null;
  /**
   * Does the server say that it has no such session? Asked before a session is replaced that its connection shows to be well.
   * `false` if the server cannot be asked.
   */
  isGone?(signal: AbortSignal): Promise<boolean>;
  /**
   * Repairs a session after `onInterrupted`; resolves when media flows again. The attempt has a time limit.
   *
   * @throws GatecastError when a new session is needed.
   */
  restart?(signal: AbortSignal): Promise<void>;
  /** Replaces what is sent without a new connection; `false` if that needs one. */
  replaceTrack(kind: TrackKind, track: MediaStreamTrack | null): Promise<boolean>;
  /** For clients that do not send the tracks they were given, so that muting those has no effect. */
  setMuted?(muted: Readonly<Required<MuteChange>>): void;
  /** Applies bitrates, frame rate and degradation preference of the current target. */
  updateEncoding?(): Promise<void>;
  /** Fits what is sent to what the network takes. Called once a second while live. */
  followNetwork?(stats: BroadcastStats): Promise<void>;
  /** WebRTC's own statistics; `null` if a vendor's client does not give access to them. */
  getStats(): Promise<RTCStatsReport | null>;
  /**
   * Ends the session. If a valid token is available, the request to the server is sent in the same task, because the page
   * may be closed after it.
   */
  close(): Promise<void>;
}
