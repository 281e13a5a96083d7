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
  /** `lazy`: request nothing before the element comes near what the viewer sees, or `play()` is called. */
  loading: 'eager' | 'lazy' = 'eager';
  /** Seconds from the beginning at which to start; negative: from the end, or from live. Not with `nanoplayer`. */
  startTime: number | null = null;
  /** What to remember on this device, separated by spaces: `position` of recordings, `volume`. */
  remember = '';
  /**
   * Title for the keys of the keyboard and the lock screen, which then control the player; with `poster` as picture. Screen
   * readers read it after “Video player”, which tells several players of a page apart.
   */
  videoTitle = '';
  /** Which of its controls the skin shows: `default`, `minimal` (without seek bar and settings) or `audio` (a bar, no picture). */
  theme: 'default' | 'minimal' | 'audio' = 'default';
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
  declare readonly fastSeek: HTMLVideoElement['fastSeek'];
  declare readonly mediaKeys: MediaKeys | null;
  declare readonly setMediaKeys: HTMLVideoElement['setMediaKeys'];
  declare readonly sinkId: string;
  declare readonly setSinkId: HTMLVideoElement['setSinkId'];
  /** Not in all browsers. */
  declare readonly captureStream?: (frameRate?: number) => MediaStream;
  declare onencrypted: HTMLVideoElement['onencrypted'];
  declare onwaitingforkey: HTMLVideoElement['onwaitingforkey'];
  declare onenterpictureinpicture: HTMLVideoElement['onenterpictureinpicture'];
  declare onleavepictureinpicture: HTMLVideoElement['onleavepictureinpicture'];
  declare autoplay: boolean;
  declare loop: boolean;
  declare playsInline: boolean;
  declare poster: string;
  declare preload: HTMLMediaElement['preload'];
  declare crossOrigin: string | null;
  declare readonly HAVE_NOTHING: 0;
  declare readonly HAVE_METADATA: 1;
  declare readonly HAVE_CURRENT_DATA: 2;
  declare readonly HAVE_FUTURE_DATA: 3;
  declare readonly HAVE_ENOUGH_DATA: 4;
  declare readonly NETWORK_EMPTY: 0;
  declare readonly NETWORK_IDLE: 1;
  declare readonly NETWORK_LOADING: 2;
  declare readonly NETWORK_NO_SOURCE: 3;

  protected readonly output: MediaOutput = new MediaOutput(this);
  /** The element's own video element. */
  protected readonly video: HTMLVideoElement = this.output.video;

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, ...PASSED_ATTRIBUTES];
  }

  constructor() {
    super();
    for (const name of Object.keys(this)) {
      if (name in this.video) this.#adopt(name);
    }
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
  #adopt(name: string): void {
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

  get muted(): boolean {
    return this.media.muted;
  }

  set muted(value: boolean) {
    const { external, video } = this.output;
    if (external) external.setMuted(value);
    else video.muted = value;
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

/** Attributes with a value, by the name of their property. */
for (const name of ['poster', 'preload', 'crossOrigin'] as const) {
  Object.defineProperty(MediaElement.prototype, name, {
    configurable: true,
    enumerable: true,
    get(this: MediaElement): unknown {
      return this.media[name];
    },
    set(this: MediaElement, value: string | null) {
      if (value === null) this.removeAttribute(name);
      else this.setAttribute(name, value);
    },
  });
}

for (const name of ['autoplay', 'loop', 'playsInline']) {
  Object.defineProperty(MediaElement.prototype, name, {
    configurable: true,
    enumerable: true,
    get(this: MediaElement): boolean {
      return this.hasAttribute(name);
    },
    set(this: MediaElement, value: boolean) {
      this.toggleAttribute(name, value);
    },
  });
}

/** Members that the element does not forward: it has attributes of its own, with these names. */
const OWN: readonly string[] = ['constructor', 'width', 'height'];

/** Every other member of the browser's own media elements, so that none is missing that a later browser adds. */
for (const Interface of 'HTMLVideoElement' in globalThis ? [HTMLVideoElement, HTMLMediaElement] : []) {
  for (const [name, member] of Object.entries(Object.getOwnPropertyDescriptors(Interface.prototype))) {
    if (OWN.includes(name) || Object.hasOwn(MediaElement.prototype, name)) continue;
    Object.defineProperty(MediaElement.prototype, name, forward(name, member));
  }
}

function forward(name: string, member: PropertyDescriptor): PropertyDescriptor {
  if (typeof member.value === 'function') {
    return {
      ...member,
      value(this: MediaElement, ...args: unknown[]): unknown {
        const method = Reflect.get(this.media, name) as (...args: unknown[]) => unknown;
        return method.apply(this.media, args);
      },
    };
  }
  if (!member.get) return member;
  if (name.startsWith('on')) return eventHandler(name.slice(2));
  return {
    ...member,
    get(this: MediaElement): unknown {
      return Reflect.get(this.media, name);
    },
    ...(member.set && {
      set(this: MediaElement, value: unknown) {
        Reflect.set(this.media, name, value);
      },
    }),
  };
}

/** As the handlers of other events, which every HTML element has. */
function eventHandler(type: string): PropertyDescriptor {
  const handlers = new WeakMap<object, EventListener | null>();
  return {
    configurable: true,
    enumerable: true,
    get(): EventListener | null {
      return handlers.get(this) ?? null;
    },
    set(this: MediaElement, value: unknown) {
      if (!handlers.has(this)) this.addEventListener(type, (event) => handlers.get(this)?.call(this, event));
      handlers.set(this, typeof value === 'function' ? (value as EventListener) : null);
    },
  };
}
