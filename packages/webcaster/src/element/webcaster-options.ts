import type { TokenFunction, TokenValue } from '@gatecast/token';
import type { CaptureOptions } from '../capture/capture-request.js';
import type { Overlays } from '../composition/overlay.js';
import type { PictureLayout } from '../composition/layout-names.js';
import type { DegradationSetting } from '../publisher/broadcast-target.js';
import type { VideoCodec } from '../publisher/video-codecs.js';
import type { PublisherName } from '../publisher/registry.js';

/**
 * What viewers get when a camera or microphone is gone: `slate` is a still picture and silence; `switch` is another device,
 * or a slate if there is none; `none` is nothing new, which most players show as a frozen picture.
 */
export type DeviceLoss = 'slate' | 'switch' | 'none';

/** The settings of the element, as its attributes and properties hold them. */
export interface WebcasterOptions extends CaptureOptions {
  publisher: PublisherName;
  endpoint: string | null;
  stream: string | null;
  tokenUrl: string | null;
  tokenCredentials: RequestCredentials;
  dpop?: boolean | undefined;
  tokenSession?: string | null | undefined;
  tokenPlacement: string;
  tokenOrigins: string;
  /** Seconds. */
  refreshLead: number;
  token: TokenValue | null;
  tokenSource: TokenFunction | null;
  /** Kilobits per second. */
  videoBitrate: number;
  /** Kilobits per second; `null` for the usual one of `audioMode`. */
  audioBitrate: number | null;
  codec: VideoCodec;
  degradationPreference?: DegradationSetting | undefined;
  simulcast?: boolean | undefined;
  allowPartial?: boolean | undefined;
  deviceLoss: DeviceLoss;
  /** URL of an image. */
  slate: string | null;
  layout?: PictureLayout | undefined;
  inset?: string | undefined;
  overlay?: Overlays | null | undefined;
  showSlate?: boolean | undefined;
  /** Seconds. */
  reconnectFor: number;
  /** Seconds. */
  countdown?: number | undefined;
  /** URL that says whether the stream is on air. */
  statusUrl?: string | null | undefined;
  /** URL that takes test uploads. */
  uploadTestUrl?: string | null | undefined;
  publisherSrc: string | null;
  publisherConfig: Readonly<Record<string, unknown>>;
}
