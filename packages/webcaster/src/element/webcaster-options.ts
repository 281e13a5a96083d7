import type { TokenFunction, TokenValue } from '@gatecast/token';
import type { CaptureOptions } from '../capture/capture-request.js';
import type { VideoCodec } from '../publisher/broadcast-target.js';
import type { PublisherName } from '../publisher/registry.js';

/** The settings of the element, as its attributes and properties hold them. */
export interface WebcasterOptions extends CaptureOptions {
  publisher: PublisherName;
  endpoint: string | null;
  stream: string | null;
  tokenUrl: string | null;
  tokenCredentials: RequestCredentials;
  dpop?: boolean | undefined;
  tokenPlacement: string;
  tokenOrigins: string;
  /** Seconds. */
  refreshLead: number;
  token: TokenValue | null;
  tokenSource: TokenFunction | null;
  /** Kilobits per second. */
  videoBitrate: number;
  /** Kilobits per second. */
  audioBitrate: number;
  codec: VideoCodec;
  /** Seconds. */
  reconnectFor: number;
  publisherSrc: string | null;
  publisherConfig: Readonly<Record<string, unknown>>;
}
