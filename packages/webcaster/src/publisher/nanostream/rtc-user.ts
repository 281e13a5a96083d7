/** An event of the vendor's client. Where a field is depends on the build. */
export interface RtcUserEvent {
  /** A status in builds that do not wrap it. */
  readonly message?: string;
  readonly data?: RtcUserEventData;
  /** An error since 5.6. Builds before it have `data.text` or `data.error`. */
  readonly error?: RtcUserEventError;
}

export interface RtcUserEventData {
  /** `signalling`, `connected`, `broadcasting`, `reconnecting` (server), `reconnecting_broadcast` (client). */
  readonly message?: string;
  readonly text?: string;
  /** The same as a number: 4 signalling, 5 connected, 6 broadcasting, 7 reconnecting. */
  readonly state?: number;
  readonly code?: number;
  readonly error?: string | RtcUserEventError;
  readonly devices?: {
    readonly audiodevices?: readonly RtcUserDevice[];
    readonly videodevices?: readonly RtcUserDevice[];
  };
  /** The media of a preview. */
  readonly stream?: unknown;
  /** Statistics, as in the vendor's example. */
  readonly results?: RtcUserResults;
  /** Statistics, as in the vendor's table. */
  readonly stats?: { readonly results?: RtcUserResults };
}

/** In kbps. Which are there depends on the browser. */
export interface RtcUserResults {
  readonly audioBitrate?: number;
  readonly videoBitrate?: number;
}

export interface RtcUserEventError {
  readonly code?: number;
  readonly message?: string;
  /** Older than `message`. */
  readonly text?: string;
}

export interface RtcUserDevice {
  readonly id?: string;
  readonly index?: number;
}

export interface SignInOptions {
  server: string;
  jwt: string;
  /** Without blanks. Required by 5.1.2 (error 1001), ignored by newer builds. */
  userName: string;
  /** Without blanks. Required by 5.1.2 (error 1001), ignored by newer builds. */
  room: string;
}

export interface PreviewOptions {
  videoDeviceConfig: {
    /** Index in the vendor's list of devices; `false` for no video. */
    device: number | false;
    source: 'camera' | 'screen';
    width: number;
    height: number;
    framerate: number;
  };
  audioDeviceConfig: { device: number | false };
  /** Id of a video element in the document, not in a shadow tree. */
  elementId: string;
}

/** Media of the page, for builds since 5.11. Sizes outside the vendor's ranges are left out. */
export interface MediaStreamOptions {
  stream: MediaStream;
  /** Pixels, 320 to 3840. */
  width?: number;
  /** Pixels, 240 to 2160. */
  height?: number;
  /** Frames per second, 0 to 60. */
  framerate?: number;
}

/** Where the vendor's server sends the broadcast. Builds that read it from the token ignore it. */
export interface TranscodingTargets {
  /** RTMP address. */
  output?: string;
  streamname?: string;
}

export interface BroadcastOptions {
  jwt: string;
  transcodingTargets?: TranscodingTargets;
}

/** In kbps. */
export interface RtcUserBitrates {
  bitrates: { videoSendBitrate: number; audioSendBitrate: number };
}

/**
 * The part of the vendor's Webcaster v5 that is used here. Optional methods are missing in some builds, and a broadcast
 * does without them.
 *
 * @see https://docs.nanocosmos.de/docs/webrtc-v5/nanostream_webrtc_api
 */
export interface RtcUser {
  /** Some events of success have no payload. */
  on(name: string, listener: (event?: RtcUserEvent) => void): void;
  signIn(options: SignInOptions): void;
  signOut?(): void;
  setConfig?(config: RtcUserBitrates): void;
  /** Fires `ReceivedWebRTCStats` during a broadcast. `interval` is in milliseconds, at least 1000. */
  enableStats?(enable: boolean, interval: number): void;
  /** 5.1.2 needs it before `startPreview` (error 1000). */
  getDevices?(): void;
  startPreview(options: PreviewOptions): void;
  stopPreview?(): void;
  /** Since 5.11. */
  setMediaStream?(options: MediaStreamOptions): void;
  startBroadcast(options: BroadcastOptions): void;
  stopBroadcast?(): void;
  /** Missing in 5.1.2. */
  muteDevice?(options: { kind: 'audioinput' | 'videoinput'; mute: boolean }): void;
  /** Documented since 5.0.6; deprecated by `muteDevice`. */
  muteAudio?(mute: boolean): void;
  muteVideo?(mute: boolean): void;
}
