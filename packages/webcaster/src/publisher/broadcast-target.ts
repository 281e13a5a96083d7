/** `auto` prefers H.264 and offers the other codecs after it. Any other value is the only codec that is offered. */
export type VideoCodec = 'auto' | 'h264' | 'vp8' | 'vp9' | 'av1';

/** How media is encoded. */
export interface EncodingSettings {
  readonly codec: VideoCodec;
  readonly videoBitrateKbps: number;
  readonly audioBitrateKbps: number;
  /** Frames per second. */
  readonly framerate: number;
}

/** Where a broadcast goes. */
export interface BroadcastTarget {
  /** Name of the stream that tokens are requested for. */
  readonly stream: string;
  /** Absolute URL of the WHIP endpoint, or of the vendor's server. */
  readonly endpoint: string;
  readonly encoding: EncodingSettings;
  /** Does the broadcast go on if the server receives only sound or only video? */
  readonly allowsPartial: boolean;
  /** Absolute URL of the vendor's script, if there is one. */
  readonly scriptUrl: string | null;
  /** The property `publisherConfig`. */
  readonly config: Readonly<Record<string, unknown>>;
}
