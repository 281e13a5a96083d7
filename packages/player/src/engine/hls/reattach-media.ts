import type Hls from 'hls.js';

/**
 * Replaces the media source; position, play or pause are kept. `recoverMediaError()` of hls.js alone does not load again
 * after a fatal error, which has stopped it, and leaves the media element paused, because a new source pauses it.
 */
export function reattachMedia(hls: Hls): void {
  const { media } = hls;
  if (!media) return;
  const { currentTime, paused } = media;
  hls.recoverMediaError();
  hls.startLoad(currentTime || -1);
  // If the browser blocks autoplay, the viewer sees the paused picture and a play button.
  if (!paused) media.play().catch(() => undefined);
}
