import type Hls from 'hls.js';

/**
 * After a pause longer than the live window, the next segments are gone: playback continues at the live position. A media
 * source that is new has no position yet: hls.js sets it.
 */
export function rejoinLive(hls: Hls | null, media: HTMLMediaElement): void {
  const details = hls?.latestLevelDetails;
  const position = hls?.liveSyncPosition ?? null;
  if (!details?.live || position === null || media.readyState === HTMLMediaElement.HAVE_NOTHING) return;
  const isBehind = media.currentTime < details.fragmentStart - details.targetduration;
  if (isBehind) media.currentTime = position;
}
