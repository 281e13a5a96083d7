/** An event of the vendor's client. Older builds wrap its fields in `data`. */
export interface RtcUserEvent {
  readonly message?: string;
  readonly data?: { readonly message?: string };
  readonly error?: { readonly code?: number; readonly message?: string };
}

/**
 * The part of the vendor's Webcaster v5 that is used here, as its documentation describes it.
 *
 * @see https://docs.nanocosmos.de/docs/webrtc-v5/nanostream_webrtc_api
 */
export interface RtcUser {
  on(name: string, listener: (event: RtcUserEvent) => void): void;
  signIn(options: { server: string; jwt: string }): void;
  startPreview(options: PreviewOptions): void;
  /** Since 5.11. */
  setMediaStream?(stream: MediaStream): void;
  setConfig?(config: { bitrates: { videoSendBitrate: number; audioSendBitrate: number } }): void;
  startBroadcast(options: { jwt: string }): void;
  stopBroadcast(): void;
  signOut(): void;
  muteDevice(options: { kind: 'audio' | 'video'; mute: boolean }): void;
}

export interface PreviewOptions {
  videoDeviceConfig: {
    device: number;
    source: 'camera' | 'screen';
    width: number;
    height: number;
    framerate: number;
  };
  audioDeviceConfig: { device: number };
  /** Id of a video element in the document, not in a shadow tree. */
  elementId: string;
}

export type RtcUserClass = new () => RtcUser;
