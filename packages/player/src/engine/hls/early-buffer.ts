import { delay, systemClock } from '@gatecast/token';
import type { MediaAttachingData } from 'hls.js';
import type { EarlyRequests } from '../../loading/early-requests.js';
import type { FirstSegments } from '../../loading/plan-start.js';
import { readDecodeTime, readTracks, type Fmp4Track } from '../../media/read-fmp4.js';

/** A page that loads hls.js for longer than this begins at the live position of then. */
const LONGEST_MS = 15_000;
/** hls.js waits for the first picture for so long, and then requests what is missing itself. */
const PICTURE_LIMIT_MS = 1000;

/**
 * Shows the first segments while hls.js is still loading: opens a media source and appends them. hls.js then takes the media
 * source over, and appends the same segments once more at the same time, so that it knows them.
 */
export class EarlyBuffer {
  readonly #video: HTMLVideoElement;
  readonly #mediaSource = new MediaSource();
  readonly #url = URL.createObjectURL(this.#mediaSource);
  readonly #openedAtMs = performance.now();
  /** Rejects when the engine stops, or the media element leaves the media source. */
  readonly #closed: Promise<never>;
  readonly #finished: Promise<void>;
  #first: FirstSegments | null = null;
  #buffer: SourceBuffer | null = null;
  #track: 'audiovideo' | 'video' = 'video';
  #appending: Promise<void> = Promise.resolve();
  #hasMedia = false;
  #isEnded = false;
  #isHandedOver = false;
  #hasFailed = false;

  /**
   * @param first - resolves with what to show, or `null`: then hls.js takes over a media source that is empty and open.
   * @param early - has the responses, which stay there for hls.js.
   * @param signal - closes it, unless it has been handed over.
   */
  constructor(
    video: HTMLVideoElement,
    first: Promise<FirstSegments | null>,
    early: Pick<EarlyRequests, 'find'>,
    signal: AbortSignal,
  ) {
    this.#video = video;
    const isOpen = new Promise((resolve) => {
      this.#mediaSource.addEventListener('sourceopen', resolve, { once: true });
    });
    this.#closed = new Promise((_, reject) => {
      const close = (): void => {
        reject(new DOMException('The media source was closed.', 'AbortError'));
        if (!this.#isHandedOver) this.close();
      };
      signal.addEventListener('abort', close, { once: true });
      this.#mediaSource.addEventListener('sourceclose', close, { once: true });
    });
    video.src = this.#url;
    this.#finished = Promise.race([this.#fill(first, early, isOpen), this.#closed]).catch(() => {
      this.#hasFailed = true;
    });
  }

  /** The segments that it shows; `null` while they are not here, and if there are none. */
  get shown(): FirstSegments | null {
    return this.#hasMedia ? this.#first : null;
  }

  /**
   * Resolves when the first picture is shown, or when there will be none soon. hls.js needs the processor for tens of
   * milliseconds, by which the picture would come later.
   */
  async picture(): Promise<void> {
    const shown = this.#finished.then(() => this.#hasMedia && firstPicture(this.#video));
    const limit = new AbortController();
    const late = delay(systemClock, PICTURE_LIMIT_MS, limit.signal).catch(() => undefined);
    await Promise.race([shown, late, this.#closed]).catch(() => undefined);
    limit.abort();
  }

  /**
   * Ends appending.
   *
   * @returns what hls.js takes over; `null` if it must begin with a media source of its own.
   */
  async handOver(): Promise<MediaAttachingData | null> {
    if (this.#hasMedia) await this.#finished;
    this.#isEnded = true;
    await Promise.race([this.#appending, this.#closed]).catch(() => {
      this.#hasFailed = true;
    });
    const media = this.#video;
    const mediaSource = this.#mediaSource;
    const buffer = this.#buffer;
    const isLate = this.shown?.isLive === true && performance.now() - this.#openedAtMs > LONGEST_MS;
    if (this.#hasFailed || isLate || media.error || media.src !== this.#url) {
      this.close();
      return null;
    }
    this.#isHandedOver = true;
    if (!buffer) return { media, mediaSource };
    if (buffer.timestampOffset !== 0) buffer.timestampOffset = 0;
    const codec = this.#first?.codecs;
    const track = { id: 'main', container: 'video/mp4', ...(codec && { codec }), buffer } as const;
    return { media, mediaSource, tracks: { [this.#track]: { ...track, listeners: [] } } };
  }

  /** Ends it, and takes its source away from the media element. */
  close(): void {
    this.#isEnded = true;
    URL.revokeObjectURL(this.#url);
    if (this.#video.src !== this.#url) return;
    this.#video.removeAttribute('src');
    this.#video.load();
  }

  async #fill(
    segments: Promise<FirstSegments | null>,
    early: Pick<EarlyRequests, 'find'>,
    isOpen: Promise<unknown>,
  ): Promise<void> {
    const first = await segments;
    if (!first) return;
    const initRequest = early.find(first.init);
    const mediaRequest = early.find(first.media);
    if (!initRequest || !mediaRequest) return;
    const [{ data: init }] = await Promise.all([initRequest, isOpen]);
    if (this.#isOver() || !(init instanceof ArrayBuffer)) return;
    const tracks = readTracks(init);
    if (!isAsAnnounced(tracks, first.codecs)) return;
    this.#first = first;
    this.#track = tracks.length > 1 ? 'audiovideo' : 'video';
    this.#setDuration(first);
    this.#buffer = this.#mediaSource.addSourceBuffer(`video/mp4; codecs="${first.codecs}"`);
    await this.#append(this.#buffer, init);
    const { data: media } = await mediaRequest;
    if (this.#isOver() || !(media instanceof ArrayBuffer)) return;
    const decodeS = readDecodeTime(media, tracks);
    if (decodeS === null) return;
    this.#hasMedia = true;
    const { segmentS, positionS } = first.begin;
    this.#buffer.timestampOffset = segmentS - decodeS;
    if (positionS > 0) this.#video.currentTime = positionS;
    await this.#append(this.#buffer, media);
    // Its first picture may be shown later than it is decoded.
    const startS = this.#buffer.buffered.length > 0 ? this.#buffer.buffered.start(0) : 0;
    if (this.#video.currentTime < startS) this.#video.currentTime = startS;
  }

  /** A function, because TypeScript would assume that a value read before an `await` is unchanged after it. */
  #isOver(): boolean {
    return this.#isEnded;
  }

  /** As hls.js does, so that it changes nothing: a live stream has a window to seek in, and no duration. */
  #setDuration({ isLive, begin }: FirstSegments): void {
    this.#mediaSource.duration = isLive ? Infinity : begin.totalS;
    if (isLive && 'setLiveSeekableRange' in this.#mediaSource)
      this.#mediaSource.setLiveSeekableRange(0, begin.totalS);
  }

  #append(buffer: SourceBuffer, data: ArrayBuffer): Promise<void> {
    this.#appending = new Promise((resolve, reject) => {
      const settle = ({ type }: Event): void => {
        if (type === 'error') reject(new TypeError('The media cannot be appended.'));
        else resolve();
      };
      buffer.addEventListener('error', settle, { once: true });
      buffer.addEventListener('updateend', settle, { once: true });
      buffer.appendBuffer(data);
    });
    return this.#appending;
  }
}

/** Resolves when the picture is on the screen, or would be if the page were. */
function firstPicture(video: HTMLVideoElement): Promise<unknown> {
  return new Promise((resolve) => {
    const loaded = (): void => {
      // A hidden page draws nothing.
      if (document.hidden || !('requestVideoFrameCallback' in video)) resolve(true);
      else video.requestVideoFrameCallback(resolve);
    };
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) loaded();
    else video.addEventListener('loadeddata', loaded, { once: true });
  });
}

/** Are they one video track and at most one with sound, as the codecs say? */
function isAsAnnounced(tracks: readonly Fmp4Track[], codecs: string): boolean {
  const names = codecs.split(',').map((codec) => codec.trim().slice(0, 4));
  const count = (handler: string) => tracks.filter((track) => track.handler === handler).length;
  return (
    count('vide') === 1 &&
    count('soun') === tracks.length - 1 &&
    tracks.length === names.length &&
    tracks.length <= 2 &&
    tracks.every(({ entry }) => names.includes(entry))
  );
}
