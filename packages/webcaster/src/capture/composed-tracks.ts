const composed = new WeakSet<MediaStreamTrack>();

/** Notes that a track shows a picture that was drawn in the page. */
export function markComposed(track: MediaStreamTrack): void {
  composed.add(track);
}

/** Does one of these tracks show a picture that was drawn in the page? A client that opens the camera itself cannot send it. */
export function hasComposedTrack(tracks: readonly MediaStreamTrack[]): boolean {
  return tracks.some((track) => composed.has(track));
}
