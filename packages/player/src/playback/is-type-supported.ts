/** Does this browser decode an RFC 6381 codecs string in MP4? */
export function isTypeSupported(codecs: string): boolean {
  const { ManagedMediaSource, MediaSource } = globalThis as {
    ManagedMediaSource?: typeof globalThis.MediaSource;
    MediaSource?: typeof globalThis.MediaSource;
  };
  const type = `video/mp4; codecs="${codecs}"`;
  const Source = ManagedMediaSource ?? MediaSource;
  return Source ? Source.isTypeSupported(type) : document.createElement('video').canPlayType(type) !== '';
}
