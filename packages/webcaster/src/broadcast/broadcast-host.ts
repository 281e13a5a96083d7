import type { WebcasterOptions } from '../element/webcaster-options.js';

/** The element, as far as a broadcast needs it. */
export interface BroadcastHost extends HTMLElement, WebcasterOptions {
  requestUpdate(): void;
}
