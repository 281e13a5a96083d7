import type { OverlayHost } from '../../overlay-host.js';
import type { CaptionPreferences } from './caption-preferences.js';
import { captionDeclarations } from './caption-style.js';

/** The browsers' own size of captions, as a part of the shorter side of the video (5vh in WebVTT). */
export const USUAL_SIZE = 0.05;

/**
 * Gives the captions of a video element in a shadow root the look that the viewer has chosen. The browser draws them, also
 * those in the stream.
 *
 * @returns a function that stops this.
 */
export function applyCaptionLook(
  { root, video }: Pick<OverlayHost, 'root' | 'video'>,
  preferences: CaptionPreferences,
): () => void {
  // Not a constructed style sheet: this one moves with the element into another document.
  const element = document.createElement('style');
  const update = (): void => {
    const usualSizePx = Math.min(video.clientWidth, video.clientHeight) * USUAL_SIZE;
    const declarations = captionDeclarations(preferences.style, usualSizePx);
    // Without a choice, no rule: the style of the browser or the system applies.
    const text = declarations === '' ? '' : `video::cue { ${declarations} }`;
    if (element.textContent !== text) element.textContent = text;
  };
  root.append(element);
  update();
  const stopListening = preferences.onChanged(update);
  const sizes = new ResizeObserver(update);
  sizes.observe(video);
  return () => {
    sizes.disconnect();
    stopListening();
    element.remove();
  };
}
