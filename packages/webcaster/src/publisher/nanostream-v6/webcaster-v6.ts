/**
 * The part of the vendor's `WebcasterApiV6.Webcaster` that is used here.
 *
 * The callbacks are methods that a page replaces by assignment. The client calls them at any time, also after
 * `dispose()`, so they are always functions.
 *
 * @see https://docs.nanocosmos.de/docs/webrtc/nanostream_webrtc_introduction
 */
export interface WebcasterV6 {
  /** Gets the state of the peer connection. Only `connected` says that media can flow. */
  onConnectionStateChange: (state: RTCPeerConnectionState) => void;
  onError: (error: unknown) => void;
  /** Called on an interval from `startBroadcast()` on. Its length is not documented. */
  onMetrics: (metrics: WebcasterV6Metrics) => void;
  /** Comes before every other call. */
  setup(): Promise<unknown>;
  /** Resolves after offer and answer, before ICE connects. */
  startBroadcast(): Promise<unknown>;
  stopBroadcast(): Promise<unknown>;
  /** @param withMediaStream - stops the tracks of the stream, too. */
  dispose(withMediaStream?: boolean): Promise<unknown>;
}

/** The vendor refuses unknown keys: only these are sent, and those that the page adds. */
export interface WebcasterV6Config {
  serverUrl: string;
  streamName: string;
  /** RTMP address to which the vendor's server sends the stream. */
  ingestUrl?: string;
  auth: { token: string };
  inputCfg: {
    mediaStream: MediaStream | null;
    broadcastCfg: { maxVideoBitrateBps: number; maxAudioBitrateBps: number; maxEncodingFramerate: number };
  };
  /** The vendor's own reconnect sends the first token again. */
  reconnect: false;
}

/**
 * The part of a report that is used here. Every value may be undefined.
 *
 * @see https://docs.nanocosmos.de/docs/webrtc/nanostream_webrtc_stats_and_metrics
 */
export interface WebcasterV6Metrics {
  /** Reports of errors come between the regular ones. */
  readonly errorCode?: number;
  readonly rtcstats?: {
    readonly audio?: { readonly bitrate?: WebcasterV6Value };
    readonly video?: { readonly bitrate?: WebcasterV6Value };
  };
}

export interface WebcasterV6Value {
  readonly value: number | string | undefined;
}

export type WebcasterV6Class = new (config: WebcasterV6Config) => WebcasterV6;
