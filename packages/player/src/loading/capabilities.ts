/** What this browser offers to play HLS with. */
export interface Capabilities {
  /** Media Source Extensions or ManagedMediaSource, with H.264 and AAC: what hls.js needs. */
  readonly hasMediaSource: boolean;
  readonly hasNativeHls: boolean;
}

type MediaSourceClass = typeof globalThis.MediaSource;

/** What hls.js asks too, before it was loaded. */
const PROBE_TYPE = 'video/mp4; codecs="avc1.42E01E,mp4a.40.2"';

/** Looks at this browser. `canPlayType` promises nothing: it is only asked where there is no media source. */
export function findCapabilities(): Capabilities {
  const { ManagedMediaSource, MediaSource } = globalThis as {
    ManagedMediaSource?: MediaSourceClass;
    MediaSource?: MediaSourceClass;
  };
  const Source = ManagedMediaSource ?? MediaSource;
  return {
    hasMediaSource: Source?.isTypeSupported(PROBE_TYPE) ?? false,
    hasNativeHls: document.createElement('video').canPlayType('application/vnd.apple.mpegurl') !== '',
  };
}
