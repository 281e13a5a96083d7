import { ReactiveElement, type PropertyDeclarations, type PropertyValues } from '@lit/reactive-element';
import { MediaOutput } from './media-output.js';

/** Attributes with the same meaning as on `<video>`. */
const PASSED_ATTRIBUTES = [
  'autoplay',
  'muted',
  'loop',
  'playsinline',
  'poster',
  'preload',
  'crossorigin',
] as const;

/** Members that are forwarded to the media element: declared in the class, defined below it. */
const READ_ONLY = [
  'buffered',
  'currentSrc',
  'duration',
  'ended',
  'networkState',
  'played',
  'readyState',
  'remote',
  'seekable',
  'seeking',
  'textTracks',
  'videoHeight',
  'videoWidth',
] as const;
const READ_WRITE = [
  'currentTime',
  'defaultMuted',
  'defaultPlaybackRate',
  'disablePictureInPicture',
  'disableRemotePlayback',
  'playbackRate',
  'preservesPitch',
] as const;
const METHODS = [
  'canPlayType',
  'addTextTrack',
  'getVideoPlaybackQuality',
  'requestVideoFrameCallback',
  'cancelVideoFrameCallback',
  'requestPictureInPicture',
] as const;

/** Accessors that a page may have set before the element was defined. */
const SETTABLE = [
  ...READ_WRITE,
  'autoplay',
  'crossOrigin',
  'loop',
  'muted',
  'playsInline',
  'poster',
  'preload',
  'volume',
] as const;

/**
 * A custom element with the members and events of the `HTMLVideoElement` inside it, for pages and for libraries that
 * expect a media element.
 *
 * @see https://html.spec.whatwg.org/multipage/media.html#htmlmediaelement
 */
export class MediaElement extends ReactiveElement {
  static override properties: PropertyDeclarations = { width: { type: Number }, height: { type: Number } };

  /** Width in CSS pixels, as on `<video>`. */
  width: number | null = null;
  /** Height in CSS pixels, as on `<video>`; with `width` it sets the aspect ratio. */
  height: number | null = null;
  declare readonly buffered: TimeRanges;
  declare readonly currentSrc: string;
  declare readonly duration: number;
  declare readonly ended: boolean;
  declare readonly networkState: number;
  declare readonly played: TimeRanges;
  declare readonly readyState: number;
  declare readonly remote: RemotePlayback;
  declare readonly seekable: TimeRanges;
  declare readonly seeking: boolean;
  declare readonly textTracks: TextTrackList;
  declare readonly videoHeight: number;
  declare readonly videoWidth: number;
  declare currentTime: number;
  declare defaultMuted: boolean;
  declare defaultPlaybackRate: number;
  declare disablePictureInPicture: boolean;
  declare disableRemotePlayback: boolean;
  declare playbackRate: number;
  declare preservesPitch: boolean;
  declare readonly canPlayType: HTMLVideoElement['canPlayType'];
  declare readonly addTextTrack: HTMLVideoElement['addTextTrack'];
  declare readonly getVideoPlaybackQuality: HTMLVideoElement['getVideoPlaybackQuality'];
  declare readonly requestVideoFrameCallback: HTMLVideoElement['requestVideoFrameCallback'];
  declare readonly cancelVideoFrameCallback: HTMLVideoElement['cancelVideoFrameCallback'];
  declare readonly requestPictureInPicture: HTMLVideoElement['requestPictureInPicture'];

  protected readonly output: MediaOutput = new MediaOutput(this);
  /** The element's own video element. */
  protected readonly video: HTMLVideoElement = this.output.video;

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, ...PASSED_ATTRIBUTES];
  }

  constructor() {
    super();
    for (const name of SETTABLE) this.#adopt(name);
  }

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    super.attributeChangedCallback(name, old, value);
    if (!(PASSED_ATTRIBUTES as readonly string[]).includes(name) || old === value) return;
    if (value === null) this.video.removeAttribute(name);
    else this.video.setAttribute(name, value);
    if (name === 'muted') this.muted = value !== null;
  }

  protected override updated(_changed: PropertyValues): void {
    const { width, height, style } = this;
    // Custom properties, so that the page's own styles override these attributes.
    style.setProperty('--_width', width ? `${width}px` : '');
    style.setProperty('--_ratio', width && height ? `${width} / ${height}` : '');
  }

  /** The media element that plays: the one inside, or that of a vendor's player in its place. */
  get media(): HTMLVideoElement {
    return this.output.media;
  }

  /** A property that was set before the element was defined hides the accessor; it is set again through it. */
  #adopt(name: (typeof SETTABLE)[number]): void {
    if (!Object.hasOwn(this, name)) return;
    const value: unknown = Reflect.get(this, name);
    Reflect.deleteProperty(this, name);
    Reflect.set(this, name, value);
  }

  get paused(): boolean {
    const { external, video } = this.output;
    return external ? external.isPaused() : video.paused;
  }

  get volume(): number {
    return this.media.volume;
  }

  set volume(value: number) {
    const { external, video } = this.output;
    if (external) external.setVolume(value);
    else video.volume = value;
  }

  get autoplay(): boolean {
    return this.hasAttribute('autoplay');
  }

  set autoplay(value: boolean) {
    this.toggleAttribute('autoplay', value);
  }

  get loop(): boolean {
    return this.hasAttribute('loop');
  }

  set loop(value: boolean) {
    this.toggleAttribute('loop', value);
  }

  get playsInline(): boolean {
    return this.hasAttribute('playsinline');
  }

  set playsInline(value: boolean) {
    this.toggleAttribute('playsinline', value);
  }

  get muted(): boolean {
    return this.media.muted;
  }

  set muted(value: boolean) {
    const { external, video } = this.output;
    if (external) external.setMuted(value);
    else video.muted = value;
  }

  get poster(): string {
    return this.video.poster;
  }

  set poster(value: string) {
    this.setAttribute('poster', value);
  }

  get preload(): HTMLMediaElement['preload'] {
    return this.video.preload;
  }

  set preload(value: HTMLMediaElement['preload']) {
    this.setAttribute('preload', value);
  }

  get crossOrigin(): string | null {
    return this.media.crossOrigin;
  }

  set crossOrigin(value: string | null) {
    if (value === null) this.removeAttribute('crossorigin');
    else this.setAttribute('crossorigin', value);
  }

  play(): Promise<void> {
    this.output.intent = 'play';
    return (this.output.external ?? this.video).play();
  }

  pause(): void {
    this.output.intent = 'pause';
    (this.output.external ?? this.video).pause();
  }
}

for (const name of [...READ_ONLY, ...READ_WRITE]) {
  const isWritable = (READ_WRITE as readonly string[]).includes(name);
  Object.defineProperty(MediaElement.prototype, name, {
    configurable: true,
    enumerable: true,
    get(this: MediaElement): unknown {
      return this.media[name];
    },
    ...(isWritable && {
      set(this: MediaElement, value: unknown) {
        Reflect.set(this.media, name, value);
      },
    }),
  });
}

for (const name of METHODS) {
  Object.defineProperty(MediaElement.prototype, name, {
    configurable: true,
    writable: true,
    value(this: MediaElement, ...args: unknown[]): unknown {
      const method = Reflect.get(this.media, name) as (...args: unknown[]) => unknown;
      return method.apply(this.media, args);
    },
  });
}
