import { FORCED_PAUSES } from './play-state.js';
import type { VendorEventData, VendorPlayer } from './vendor-player.js';

/** Least change of media time, in seconds, between two `timeupdate` events: browsers send at most four a second. */
const TIME_UPDATE_S = 0.25;
/** Values of `readyState` and `networkState`; there is no `HTMLMediaElement` outside of browsers. */
const [HAVE_NOTHING, HAVE_CURRENT_DATA, HAVE_ENOUGH_DATA, NETWORK_LOADING] = [0, 2, 4, 2] as const;

interface PlaybackCalls {
  readonly play: () => Promise<void>;
  readonly pause: () => void;
}

export interface CanvasMediaOptions {
  readonly isMuted: boolean;
  /** 0 to 1 */
  readonly volume: number;
}

/**
 * The media state of a vendor's player that shows a canvas instead of a media element: version 5 does so with Media over
 * QUIC. The state comes from the player's events.
 *
 * The page gets it as a facade: a `<video>` outside of the document whose members give this state, and which dispatches
 * the media events.
 *
 * @see https://docs.nanocosmos.de/docs/nanoplayer/nanoplayer_api
 */
export class CanvasMedia {
  #canvas: Element | null = null;
  #facade: HTMLVideoElement | null = null;
  #isPaused = true;
  #isMuted: boolean;
  #volume: number;
  #readyState: number = HAVE_NOTHING;
  /** Seconds; `null` until the player has reported statistics. */
  #timeS: number | null = null;
  #lastUpdateS = 0;
  #buffer: readonly (readonly [start: number, end: number])[] = [];
  #size: readonly [width: number, height: number] | null = null;
  /** Times of the page, in milliseconds, for the media time of a player without statistics. */
  #playedMs = 0;
  #resumedMs = 0;

  constructor({ isMuted, volume }: CanvasMediaOptions) {
    this.#isMuted = isMuted;
    this.#volume = volume;
  }

  /** Takes an event of the player, whether or not it shows a canvas now. */
  onEvent(name: string, data: VendorEventData): void {
    switch (name) {
      case 'onPlay':
        this.#onPlay();
        break;
      case 'onPause':
        this.#onPause(data.reason ?? '');
        break;
      case 'onStartBuffering':
        this.#wait();
        break;
      case 'onStopBuffering':
        if (!this.#isPaused) this.#onPlay();
        break;
      case 'onStats':
        this.#onStats(data.stats ?? {});
        break;
      case 'onMute':
      case 'onUnmute':
      case 'onVolumeChange':
        this.#setSound(name === 'onVolumeChange' ? this.#isMuted : name === 'onMute', data.volume);
        break;
      case 'onStreamInfo':
      case 'onStreamInfoUpdate':
        this.#onStreamInfo(data.streamInfo?.videoInfo);
        break;
      default:
      // The others do not change what a media element says.
    }
  }

  /** The facade of what the player shows. Its calls go through the player. */
  show(canvas: Element, player: VendorPlayer, calls: PlaybackCalls): HTMLVideoElement {
    this.#canvas = canvas;
    this.#facade ??= this.#createFacade(player, calls);
    return this.#facade;
  }

  #createFacade(player: VendorPlayer, { play, pause }: PlaybackCalls): HTMLVideoElement {
    const facade = document.createElement('video');
    // There is no video that could be shown elsewhere.
    facade.disablePictureInPicture = true;
    facade.disableRemotePlayback = true;
    const getters: Readonly<Record<string, () => unknown>> = {
      paused: () => this.#isPaused,
      duration: () => (this.#readyState === HAVE_NOTHING ? NaN : Infinity),
      readyState: () => this.#readyState,
      networkState: () => NETWORK_LOADING,
      videoWidth: () => this.#pictureSize[0],
      videoHeight: () => this.#pictureSize[1],
      buffered: () => timeRanges(this.#buffer),
    };
    for (const [name, get] of Object.entries(getters))
      Object.defineProperty(facade, name, { configurable: true, get });
    Object.defineProperties(facade, {
      // A live player: it does not seek.
      currentTime: { configurable: true, get: () => this.#currentTimeS, set: () => undefined },
      muted: {
        configurable: true,
        get: () => this.#isMuted,
        set: (isMuted: boolean) => {
          this.setMuted(player, isMuted);
        },
      },
      volume: {
        configurable: true,
        get: () => this.#volume,
        set: (volume: number) => {
          this.setVolume(player, volume);
        },
      },
      // Nor does the player let the page choose a device.
      setSinkId: {
        configurable: true,
        value: (deviceId: string) =>
          deviceId === ''
            ? Promise.resolve()
            : Promise.reject(
                new DOMException(
                  'A player that shows a canvas plays on the default device.',
                  'NotSupportedError',
                ),
              ),
      },
      play: { configurable: true, value: play },
      pause: { configurable: true, value: pause },
    });
    return facade;
  }

  setMuted(player: VendorPlayer, isMuted: boolean): void {
    if (isMuted) player.mute();
    else player.unmute();
    this.#setSound(isMuted, this.#volume);
  }

  setVolume(player: VendorPlayer, volume: number): void {
    player.setVolume(volume);
    this.#setSound(this.#isMuted, volume);
  }

  get #currentTimeS(): number {
    if (this.#timeS !== null) return this.#timeS;
    return (this.#playedMs + (this.#isPaused ? 0 : performance.now() - this.#resumedMs)) / 1000;
  }

  get #pictureSize(): readonly [number, number] {
    const canvas = this.#canvas;
    if (this.#size || this.#readyState === HAVE_NOTHING) return this.#size ?? [0, 0];
    return canvas instanceof HTMLCanvasElement ? [canvas.width, canvas.height] : [0, 0];
  }

  #onPlay(): void {
    const [wasPaused, wasReady] = [this.#isPaused, this.#readyState];
    if (wasPaused) this.#resumedMs = performance.now();
    this.#isPaused = false;
    this.#readyState = HAVE_ENOUGH_DATA;
    if (wasPaused) this.#dispatch('play');
    if (wasReady === HAVE_NOTHING) this.#dispatch('durationchange', 'loadedmetadata', 'loadeddata');
    if (wasReady < HAVE_ENOUGH_DATA) this.#dispatch('canplay', 'canplaythrough');
    this.#dispatch('playing');
  }

  #onPause(reason: string): void {
    if (FORCED_PAUSES.has(reason)) {
      this.#wait();
      return;
    }
    if (this.#isPaused) return;
    this.#playedMs += performance.now() - this.#resumedMs;
    this.#isPaused = true;
    this.#dispatch('timeupdate', 'pause');
  }

  #wait(): void {
    if (this.#readyState <= HAVE_CURRENT_DATA) return;
    this.#readyState = HAVE_CURRENT_DATA;
    if (!this.#isPaused) this.#dispatch('waiting');
  }

  #onStats({ currentTime, buffer }: NonNullable<VendorEventData['stats']>): void {
    const { start, end } = buffer ?? {};
    if (isTime(start) && isTime(end)) this.#buffer = [[start, end]];
    if (!isTime(currentTime)) return;
    this.#timeS = currentTime;
    if (Math.abs(currentTime - this.#lastUpdateS) < TIME_UPDATE_S) return;
    this.#lastUpdateS = currentTime;
    this.#dispatch('timeupdate');
  }

  #onStreamInfo(
    info: { readonly width?: number | null; readonly height?: number | null } | null = null,
  ): void {
    const { width, height } = info ?? {};
    if (!width || !height || (this.#size?.[0] === width && this.#size[1] === height)) return;
    this.#size = [width, height];
    this.#dispatch('resize');
  }

  #setSound(isMuted: boolean, volume: number | undefined): void {
    const next = Number.isFinite(volume) ? Math.min(1, Math.max(0, volume ?? 0)) : this.#volume;
    if (isMuted === this.#isMuted && next === this.#volume) return;
    this.#isMuted = isMuted;
    this.#volume = next;
    this.#dispatch('volumechange');
  }

  #dispatch(...types: readonly string[]): void {
    for (const type of types) this.#facade?.dispatchEvent(new Event(type));
  }
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** As `HTMLMediaElement.buffered`. */
function timeRanges(ranges: readonly (readonly [number, number])[]): TimeRanges {
  const read = (index: number, part: 0 | 1): number => {
    const range = ranges[index];
    if (range) return range[part];
    throw new DOMException(
      `Range ${String(index)} does not exist; length is ${String(ranges.length)}.`,
      'IndexSizeError',
    );
  };
  return { length: ranges.length, start: (index) => read(index, 0), end: (index) => read(index, 1) };
}
