/** What this browser can play with. */
export interface Capabilities {
  /** Media Source Extensions or ManagedMediaSource, with H.264 and AAC: what hls.js needs. */
  readonly hasMediaSource: boolean;
  readonly hasNativeHls: boolean;
  readonly hasWebRtc: boolean;
}

/** hls.js checks the same type. */
const PROBE_CODECS = 'avc1.42E01E,mp4a.40.2';

/** Detects what this browser can play with. `canPlayType` is only a guess, so media source comes first. */
export function findCapabilities(): Capabilities {
  return {
    hasMediaSource: mediaSource()?.isTypeSupported(mp4(PROBE_CODECS)) ?? false,
    hasNativeHls: canPlay('application/vnd.apple.mpegurl'),
    hasWebRtc: 'RTCPeerConnection' in globalThis,
  };
}

/** Does this browser decode an RFC 6381 codecs string in MP4? */
export function isTypeSupported(codecs: string): boolean {
  const type = mp4(codecs);
  return mediaSource()?.isTypeSupported(type) ?? canPlay(type);
}

function mediaSource(): typeof globalThis.MediaSource | undefined {
  const { ManagedMediaSource, MediaSource } = globalThis as {
    ManagedMediaSource?: typeof globalThis.MediaSource;
    MediaSource?: typeof globalThis.MediaSource;
  };
  return ManagedMediaSource ?? MediaSource;
}

function mp4(codecs: string): string {
  return `video/mp4; codecs="${codecs}"`;
}

function canPlay(type: string): boolean {
  return document.createElement('video').canPlayType(type) !== '';
}
