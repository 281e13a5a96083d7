import type { AudioMode } from '../capture/capture-request.js';
import type { VideoCodec } from './video-codecs.js';

/**
 * What the picture keeps when the network or the device takes less: frame rate, size, or some of both.
 *
 * @see https://www.w3.org/TR/mst-content-hint/#degradation-preference-when-encoding
 */
export type DegradationPreference = 'balanced' | 'maintain-framerate' | 'maintain-resolution';

/** As the attribute has it: `auto` keeps the resolution of a screen. */
export type DegradationSetting = DegradationPreference | 'auto';

/** How media is encoded. */
export interface EncodingSettings {
  readonly codec: VideoCodec;
  readonly videoBitrateKbps: number;
  readonly audioBitrateKbps: number;
  readonly audioMode: AudioMode;
  /** Frames per second. */
  readonly framerate: number;
  readonly degradationPreference: DegradationPreference;
  /** Is the picture offered in several sizes at once (RFC 8853)? */
  readonly simulcast: boolean;
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
