import type { RefreshReason, TokenPurpose } from '@gatecast/token';

/** Version of the messages. A frame and a page with different versions do not connect. */
export const EMBED_VERSION = 1;

/** The only message between windows: it hands a port to the frame, on which all others go. */
export interface ConnectMessage {
  readonly gatecast: 'embed';
  readonly type: 'connect';
  readonly version: number;
  /** Does the page fetch the tokens of each stream alone? @defaultValue false */
  readonly perStream?: boolean;
}

/** What the player is to play. At least one of the addresses is there, and `allowedSources` of the embed page allows each. */
export interface EmbedSource {
  /** HLS address, absolute or relative to the embed page; with `engine="whep"` on the player there, a WHEP address. */
  readonly src?: string | undefined;
  /** WHEP address of the same stream, which plays first. */
  readonly whep?: string | undefined;
  /** Name that the token is asked for. @defaultValue as of an entry of `<secure-player>` with both addresses */
  readonly stream?: string | undefined;
}

/** What a page around the frame can ask the player to do. */
export type EmbedCommand =
  | { readonly name: 'play' | 'pause' }
  | { readonly name: 'set-muted'; readonly muted: boolean }
  | { readonly name: 'refresh-token'; readonly stream?: string | undefined }
  | ({ readonly name: 'load' } & EmbedSource);

/** Messages of the page to the frame. */
export type HostMessage =
  | {
      readonly type: 'token-response';
      readonly id: number;
      /** HTTP status of the token endpoint; 0 if it did not respond. */
      readonly status: number;
      /** Body of the response, as text. */
      readonly body: string;
      readonly contentType: string;
      /** Value of `Retry-After`, or empty. */
      readonly retryAfter: string;
    }
  | { readonly type: 'command'; readonly id: number; readonly command: EmbedCommand };

/** State of the player. Times are in seconds. */
export interface EmbedState {
  readonly paused: boolean;
  readonly ended: boolean;
  readonly muted: boolean;
  readonly volume: number;
  readonly currentTime: number;
  /** `null` before the duration is known, and for live. */
  readonly duration: number | null;
  /** As on `<video>`. */
  readonly readyState: number;
}

/** An error of the player as plain data; the members of `GatecastError` without cause and reason. */
export interface EmbedProblem {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly retryable: boolean;
  readonly status: number | null;
}

/** Messages of the frame to the page. None contains a token. */
export type FrameMessage =
  | { readonly type: 'connected'; readonly version: number }
  | { readonly type: 'version-refused'; readonly version: number }
  /** A new connection has replaced this one. */
  | { readonly type: 'disconnected' }
  | {
      readonly type: 'token-request';
      readonly id: number;
      readonly purpose: TokenPurpose;
      readonly streams: readonly string[];
      readonly reason: RefreshReason;
    }
  | { readonly type: 'token-cancel'; readonly id: number }
  | { readonly type: 'result'; readonly id: number; readonly problem: EmbedProblem | null }
  | { readonly type: 'state'; readonly state: EmbedState }
  | {
      readonly type: 'token-refreshed';
      readonly stream: string;
      readonly reason: string;
      /** Milliseconds since the epoch by the server's clock; `null` when it is unknown. */
      readonly expiresAtMs: number | null;
    }
  | {
      readonly type: 'token-failed';
      readonly stream: string;
      readonly problem: EmbedProblem;
      readonly willRetryInMs: number | null;
    }
  | { readonly type: 'error'; readonly problem: EmbedProblem };
