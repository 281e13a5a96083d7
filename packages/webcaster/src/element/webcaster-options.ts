import type { TokenFunction, TokenValue } from '@gatecast/token';

export type PublisherName = 'whip' | 'nanostream' | 'nanostream-v6';

/** What is shown and sent: a camera with a microphone, a screen with one, only a microphone, or nothing of ours. */
export type CaptureKind = 'camera' | 'screen' | 'audio' | 'none';

/** `auto` prefers H.264 and offers the rest too; a named codec is the only one offered. */
export type VideoCodec = 'auto' | 'h264' | 'vp8' | 'vp9' | 'av1';

/** A camera or a microphone. Labels are empty until the user has allowed one. */
export interface BroadcastDevice {
  readonly id: string;
  readonly label: string;
}

export interface BroadcastDevices {
  readonly video: readonly BroadcastDevice[];
  readonly audio: readonly BroadcastDevice[];
}

/** `true` is muted; what is left out stays as it is. */
export interface MuteChange {
  audio?: boolean;
  video?: boolean;
}

export interface DeviceChange {
  /** Device id of a camera; the empty string is the browser's choice, `none` no video. */
  video?: string;
  /** Device id of a microphone; the empty string is the browser's choice, `none` no sound. */
  audio?: string;
  capture?: CaptureKind;
}

/** The element's settings as its attributes and properties say them. */
export interface WebcasterOptions {
  publisher: PublisherName;
  endpoint: string | null;
  stream: string | null;
  tokenUrl: string | null;
  tokenCredentials: RequestCredentials;
  tokenPlacement: string;
  tokenOrigins: string;
  refreshLead: number;
  token: TokenValue | null;
  tokenSource: TokenFunction | null;
  capture: CaptureKind;
  video: string;
  audio: string;
  resolution: string;
  framerate: number;
  videoBitrate: number;
  audioBitrate: number;
  codec: VideoCodec;
  reconnectFor: number;
  mediaStream: MediaStream | null;
  publisherSrc: string | null;
  publisherConfig: Readonly<Record<string, unknown>>;
}
