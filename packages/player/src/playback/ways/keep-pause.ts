import type { MediaOutput } from '../../media/media-output.js';

/** What of a media output a pause needs. */
export interface PausedOutput extends Pick<MediaOutput, 'intent'> {
  readonly video: Pick<HTMLMediaElement, 'addEventListener' | 'pause'>;
}

/**
 * Keeps a `pause()` of the time in which nothing is loaded, because another engine takes over: the media element is paused then, has no
 * event for it, and would go on as it was. Call it once the next engine has been started.
 *
 * @param signal - aborts with the source
 */
export function keepPause(output: PausedOutput, signal: AbortSignal): void {
  const { intent } = output;
  const onLoaded = (): void => {
    // An end of the access pauses, too, and what goes on after it plays.
    if (output.intent === 'pause' && intent !== 'pause') output.video.pause();
  };
  output.video.addEventListener('loadedmetadata', onLoaded, { once: true, signal });
}
