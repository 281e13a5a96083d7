import { GatecastError } from '@gatecast/token';
import type { OverlayHost, OverlayPlayback } from '../overlay-host.js';
import { requestSideFile } from '../request-side-file.js';
import { cueAt, readThumbnail } from './read-thumbnail.js';

/** Images that are kept. One image usually has the pictures of some minutes. */
const MAX_IMAGES = 12;
/** Browsers decode an image completely: 16 Mpx are 64 MiB. */
const MAX_PIXELS = 16_000_000;
/** With an address that failed, another attempt comes no sooner than this. */
const RETRY_MS = 10_000;

/** An image that is loaded. */
interface LoadedImage {
  /** Its `blob:` address. */
  readonly src: string;
  readonly width: number;
  readonly height: number;
}

/** What media-chrome shows over the seek bar. */
export interface ThumbnailState {
  readonly mediaPreviewImage: string | undefined;
  readonly mediaPreviewCoords: [string, string, string, string] | undefined;
}

const NOTHING: ThumbnailState = { mediaPreviewImage: undefined, mediaPreviewCoords: undefined };

/**
 * The pictures of `<track kind="metadata" label="thumbnails">` for the time under the pointer. Images are requested with the
 * token of the stream where their origin may have it, one at a time, and the page sees `blob:` addresses only.
 */
export class Storyboard {
  readonly #host: OverlayHost;
  readonly #onLoaded: () => void;
  readonly #life = new AbortController();
  /** By address; the one that was used last is the last. */
  readonly #images = new Map<string, LoadedImage>();
  readonly #failedAtMs = new Map<string, number>();
  #isLoading = false;

  /** @param onLoaded - called when the image of the last asked time can be shown. */
  constructor(host: OverlayHost, onLoaded: () => void) {
    this.#host = host;
    this.#onLoaded = onLoaded;
  }

  /** The picture for a media time in seconds. Where it is not loaded yet, it is requested. */
  at(timeS: number | undefined): ThumbnailState {
    if (timeS === undefined) return NOTHING;
    const selector = 'track[kind="metadata"][label="thumbnails"]';
    const track = this.#host.player.querySelector<HTMLTrackElement>(`:scope > ${selector}`);
    const cues = this.#host.video.querySelector<HTMLTrackElement>(selector)?.track.cues;
    const cue = cues && cueAt(cues, timeS);
    const thumbnail = cue && track ? readThumbnail((cue as VTTCue).text, track.src) : null;
    if (!thumbnail || !track) return NOTHING;
    const image = this.#images.get(thumbnail.url);
    if (!image) {
      void this.#load(thumbnail.url, track);
      return NOTHING;
    }
    this.#images.delete(thumbnail.url);
    this.#images.set(thumbnail.url, image);
    const [x, y, width, height] = thumbnail.area ?? [0, 0, image.width, image.height];
    return {
      mediaPreviewImage: image.src,
      mediaPreviewCoords: [String(x), String(y), String(width), String(height)],
    };
  }

  /** Ends its request and releases its images. */
  stop(): void {
    this.#life.abort();
    for (const { src } of this.#images.values()) URL.revokeObjectURL(src);
    this.#images.clear();
  }

  async #load(url: string, track: HTMLTrackElement): Promise<void> {
    const { playback } = this.#host.state();
    const isStopped = (): boolean => this.#life.signal.aborted;
    const failedAtMs = this.#failedAtMs.get(url) ?? -Infinity;
    if (!playback || isStopped() || this.#isLoading || performance.now() - failedAtMs < RETRY_MS) return;
    this.#isLoading = true;
    const image = await this.#request(url, track, playback).catch((error: unknown) => {
      const code = error instanceof GatecastError ? error.code : 'not an image';
      if (!isStopped()) this.#host.log.add('thumbnail-failed', { code });
      return null;
    });
    this.#isLoading = false;
    if (!image) {
      remember(this.#failedAtMs, url, performance.now());
    } else if (isStopped()) {
      URL.revokeObjectURL(image.src);
    } else {
      const dropped = remember(this.#images, url, image);
      if (dropped) URL.revokeObjectURL(dropped.src);
    }
    if (!isStopped()) this.#onLoaded();
  }

  /** @throws GatecastError; DOMException for a file that is not an image, and for one that is too large. */
  async #request(url: string, track: HTMLTrackElement, playback: OverlayPlayback): Promise<LoadedImage> {
    const src = await requestSideFile(this.#host, playback, { url, track }, this.#life.signal);
    try {
      const image = new Image();
      image.src = src;
      await image.decode();
      const { naturalWidth: width, naturalHeight: height } = image;
      if (width * height > MAX_PIXELS) throw new DOMException('The image is too large.', 'DataError');
      return { src, width, height };
    } catch (error) {
      URL.revokeObjectURL(src);
      throw error;
    }
  }
}

/** Adds a value to a map of limited size. @returns the value that was removed for it. */
function remember<Value>(map: Map<string, Value>, key: string, value: Value): Value | undefined {
  map.set(key, value);
  if (map.size <= MAX_IMAGES) return undefined;
  const [oldest = ''] = map.keys();
  const dropped = map.get(oldest);
  map.delete(oldest);
  return dropped;
}
