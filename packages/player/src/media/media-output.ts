import type { ExternalMedia } from './external-media.js';
import { showNativeControls } from './native-controls.js';

/** Media events that the element dispatches again; not `error`, because the element recovers from most errors. */
export const MEDIA_EVENTS = [
  'abort',
  'canplay',
  'canplaythrough',
  'durationchange',
  'emptied',
  'encrypted',
  'ended',
  'loadeddata',
  'loadedmetadata',
  'loadstart',
  'pause',
  'play',
  'playing',
  'progress',
  'ratechange',
  'resize',
  'seeked',
  'seeking',
  'stalled',
  'suspend',
  'timeupdate',
  'volumechange',
  'waiting',
  'waitingforkey',
  'enterpictureinpicture',
  'leavepictureinpicture',
] as const;

/** Where an element plays: its own video element, or the media element of a vendor's player in its place. */
export class MediaOutput {
  /** The element's own video element. */
  readonly video: HTMLVideoElement = document.createElement('video');
  /** What the page or the viewer did last; `null` before either did anything: then `autoplay` decides. */
  intent: 'play' | 'pause' | null = null;
  /** Called at the first frame of a source. */
  onLoadedData: (() => void) | null = null;
  readonly #target: EventTarget;
  #external: ExternalMedia | null = null;
  #externalEvents = new AbortController();

  /** @param target - the element that dispatches the media events again. */
  constructor(target: EventTarget) {
    this.#target = target;
    showNativeControls(this.video, false);
    // The video element has the same lifetime as the element, so its listeners are not removed.
    this.#passEvents(this.video, {});
  }

  /** The media element that plays. */
  get media(): HTMLVideoElement {
    return this.#external?.media ?? this.video;
  }

  /** The vendor's player that plays; `null` while the element's own video element plays. */
  get external(): ExternalMedia | null {
    return this.#external;
  }

  /**
   * Replaces the element's own video element by that of a vendor's player; `null` restores it.
   *
   * @throws TypeError for what is not a media element: all readers of `media` depend on its members.
   */
  replace(external: ExternalMedia | null): void {
    if (external && !(external.media instanceof HTMLMediaElement))
      throw new TypeError(
        'Only a media element, or a facade of one, can take the place of the video element.',
      );
    const { volume, muted } = this.media;
    const { video } = this;
    this.#externalEvents.abort();
    this.#external = external;
    video.hidden = external !== null;
    if (external) {
      this.#externalEvents = new AbortController();
      this.#passEvents(external.media, { signal: this.#externalEvents.signal });
    } else {
      video.volume = volume;
      video.muted = muted;
    }
  }

  #passEvents(media: HTMLVideoElement, options: AddEventListenerOptions): void {
    for (const type of MEDIA_EVENTS) {
      media.addEventListener(
        type,
        (event) => {
          if (media !== this.media || this.#external?.passes(type) === false) return;
          if (type === 'play' || (type === 'pause' && !media.ended && !media.error)) this.intent = type;
          // Each new source of a video element starts by `autoplay`; a paused one stays paused.
          if (type === 'loadstart' && this.intent === 'pause') media.pause();
          if (type === 'loadeddata') this.onLoadedData?.();
          // A copy: `encrypted` and others have members of their own.
          const Type = event.constructor as typeof Event;
          this.#target.dispatchEvent(new Type(type, event));
        },
        options,
      );
    }
  }
}
