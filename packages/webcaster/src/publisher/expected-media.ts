/**
 * Must this track send something all the time? Not if it is muted. A canvas and a shared screen may send nothing while they
 * do not change.
 */
export function isExpectedToSend(track: MediaStreamTrack | null): boolean {
  if (track?.readyState !== 'live' || !track.enabled || 'canvas' in track) return false;
  return track.getSettings().displaySurface === undefined;
}
