/**
 * The members of the vendor's player that are used here. Its code is not part of this project: pages load it from the
 * vendor.
 *
 * @see https://docs.nanocosmos.de/docs/nanoplayer/nanoplayer_api
 */
export interface VendorPlayer {
  readonly version: string;
  setup(config: VendorConfig): Promise<unknown>;
  /** Settles before the outcome is known; an event reports the outcome. */
  updateSource(source: VendorSource): Promise<unknown>;
  play(): void;
  pause(): void;
  mute(): void;
  unmute(): void;
  /** @param volume - 0 to 1 */
  setVolume(volume: number): void;
  destroy(): void;
}

/** Takes the id of an element in the document. */
export type VendorPlayerClass = new (elementId: string) => VendorPlayer;

/** Security of an entry or a group. All members are strings: the player silently drops numbers. */
export type VendorSecurity = Readonly<Record<string, string>>;

export interface VendorEntry {
  readonly index: number;
  readonly [member: string]: unknown;
}

export interface VendorSource {
  readonly entries?: readonly VendorEntry[];
  readonly startIndex?: number;
  readonly options: {
    readonly adaption: { readonly rule: string; readonly [option: string]: unknown };
    readonly switch: {
      readonly method: 'client';
      readonly forcePlay: boolean;
      readonly [option: string]: unknown;
    };
    readonly [option: string]: unknown;
  };
  readonly [member: string]: unknown;
}

export interface VendorConfig {
  readonly source: VendorSource;
  readonly playback: Readonly<Record<string, unknown>>;
  readonly events: Readonly<Record<string, VendorListener>>;
  readonly [member: string]: unknown;
}

export interface VendorEvent {
  readonly name: string;
  readonly data?: VendorEventData;
}

/** The members that are used of event data; each event has some of them. */
export interface VendorEventData {
  readonly id?: number;
  readonly code?: number;
  readonly reason?: string;
  readonly type?: string;
  readonly connectDelay?: number;
  readonly entry?: { readonly index?: number };
  /** Configuration and source as the player has completed them. */
  readonly config?: unknown;
  readonly source?: unknown;
  /** A `<video>`; in version 5 a `<canvas>` with Media over QUIC. */
  readonly activeVideoElement?: Element;
  /** 0 to 1 */
  readonly volume?: number;
  readonly stats?: {
    /** Seconds, as the times below. */
    readonly currentTime?: number;
    readonly buffer?: { readonly start?: number; readonly end?: number };
  };
  readonly streamInfo?: {
    readonly rtmp?: { readonly streamname?: string };
    readonly videoInfo?: { readonly width?: number | null; readonly height?: number | null } | null;
  };
}

export type VendorListener = (event: VendorEvent) => void;
