/** The members of the vendor's configuration that the double reads. Pages pass them, so each may be missing. */
export interface PlayerConfig {
  readonly source: PlayerSource;
  readonly playback: {
    readonly autoplay?: boolean;
    readonly automute?: boolean;
    readonly muted?: boolean;
    readonly volume?: number;
    readonly faststart?: boolean;
    readonly enableMediaOverQuic?: boolean;
    readonly enableQuicConnectionProbe?: boolean;
    readonly reconnect?: ReconnectOptions;
  };
  readonly events?: Readonly<Record<string, ((event: object) => void) | undefined>>;
}

export interface PlayerSource {
  readonly entries?: readonly SourceEntry[];
  readonly startIndex?: number;
  readonly group?: {
    readonly id?: string;
    readonly apiurl?: string;
    readonly startQuality?: string;
    readonly security?: Security;
  };
  readonly defaults?: { readonly service?: string };
  readonly general?: { readonly serverDomain?: string };
  readonly options?: {
    readonly switch?: { readonly forcePlay?: boolean; readonly method?: string };
    readonly adaption?: { readonly rule?: string };
  };
  readonly h5live?: H5live;
  readonly bintu?: Bintu;
}

export interface SourceEntry {
  readonly index?: number;
  readonly label?: string;
  readonly tag?: string;
  readonly info?: object;
  readonly hls?: string;
  readonly h5live?: H5live;
  readonly bintu?: Bintu;
}

export interface H5live {
  readonly server?: H5liveServer;
  readonly rtmp?: { readonly url?: string; readonly streamname?: string };
  readonly security?: Security;
  readonly params?: Readonly<Record<string, string>>;
}

export interface H5liveServer {
  readonly websocket?: string;
  readonly webtransport?: string;
  readonly hls?: string;
  readonly progressive?: string;
}

export interface Bintu {
  readonly streamid?: string;
  readonly apiurl?: string;
}

/** A token of the vendor; what is not a non-empty string is dropped. */
export type Security = Readonly<Record<string, unknown>>;

/** Seconds and counts. */
export interface ReconnectOptions {
  readonly minDelay?: number;
  readonly maxDelay?: number;
  readonly delaySteps?: number;
  readonly maxRetries?: number;
}
