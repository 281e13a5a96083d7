/**
 * Must this track send something all the time? Not if the user has muted it, or the system holds its device back. A canvas
 * and a shared screen may send nothing while they do not change.
 */
export function isExpectedToSend(track: MediaStreamTrack | null): boolean {
  if (track?.readyState !== 'live' || !track.enabled || track.muted || 'canvas' in track) return false;
  return track.getSettings().displaySurface === undefined;
}
