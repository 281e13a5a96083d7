import type { ErrorCode } from '@gatecast/token';

/** What is known of a view so far. All times are monotonic: setting the clock of the device does not change them. */
export interface ViewTotals {
  /** Milliseconds from the wish to play to the first picture that moves; `null` before it. */
  readonly startupMs: number | null;
  /** Milliseconds of playback, at any speed. */
  readonly watchedMs: number;
  /** Milliseconds without playback because media was missing, after the first picture and apart from seeking. */
  readonly stalledMs: number;
  readonly stalls: number;
}

/** In every observation. None contains a token, an address or a message. */
export interface ObservationContext {
  /** Random, one for each view. */
  readonly viewId: string;
  /** Counts the observations of a view from 0, so that a lost one is noticed. */
  readonly sequence: number;
  /** Milliseconds since the view began. */
  readonly atMs: number;
  /** Name of the stream that its token is asked for. */
  readonly stream: string;
  readonly streamType: 'live' | 'on-demand' | 'unknown';
  /** Seconds of media time. */
  readonly positionS: number;
}

/** Why a view ended: the media has ended, another source, the element or the page has gone, or nobody observes any more. */
export type ViewEndReason = 'ended' | 'source' | 'removed' | 'page' | 'stopped';

/** What happened. */
export type ObservedEvent =
  /** Playback is wanted: by `autoplay`, by `play()` or by the viewer. */
  | { readonly type: 'view-start'; readonly isAutoplay: boolean }
  | { readonly type: 'first-frame'; readonly startupMs: number }
  | { readonly type: 'stall-start' }
  | { readonly type: 'stall-end'; readonly durationMs: number }
  /** Another rendition plays, or the first one. */
  | {
      readonly type: 'rendition';
      readonly label: string;
      readonly bitrateKbps: number | null;
      readonly width: number | null;
      readonly height: number | null;
      readonly reason: 'abr' | 'manual' | 'start';
    }
  | { readonly type: 'token-refreshed'; readonly reason: string; readonly durationMs: number }
  | { readonly type: 'token-failed'; readonly code: ErrorCode; readonly willRetry: boolean }
  | { readonly type: 'error'; readonly code: ErrorCode; readonly retryable: boolean }
  /** Regularly while it plays. */
  | ({ readonly type: 'heartbeat' } & ViewTotals)
  | ({ readonly type: 'view-end'; readonly reason: ViewEndReason } & ViewTotals);

/** An event of a view, as plain JSON. */
export type PlaybackObservation = ObservedEvent & ObservationContext;
