import { VIDEO_FORMATS } from '../codecs/video-codec.js';
import type { VideoCodec } from '../codecs/video-codec.js';
import type { LiveFile, PlaylistReply, PlaylistRequest } from './live-stream.js';
import { buildMediaFragment } from './media-fragment.js';
import type { TrackRun } from './media-fragment.js';
import { concat } from './mp4-box-writer.js';
import { renderMediaPlaylist, TARGET_DURATION_SECONDS } from './media-playlist.js';
import type { PlaylistPart } from './media-playlist.js';

/** Start of a period: media with one init segment. */
export interface PeriodStart {
  readonly initSegment: Uint8Array<ArrayBuffer>;
  readonly contentType: LiveFile['contentType'];
  /** Wall clock at the first sample, in milliseconds since the epoch. */
  readonly wallClockMs: number;
}

/** A partial segment to publish. */
export interface PublishedPart {
  readonly runs: readonly TrackRun[];
  readonly durationMs: number;
  readonly isIndependent: boolean;
  readonly endsSegment: boolean;
}

interface ChannelSegment {
  readonly sequence: number;
  readonly initFile: string;
  readonly contentType: LiveFile['contentType'];
  readonly isDiscontinuity: boolean;
  readonly programDateTimeMs: number;
  readonly parts: (PlaylistPart & { readonly bytes: Uint8Array<ArrayBuffer> })[];
  isComplete: boolean;
}

interface Period {
  readonly initFile: string;
  readonly contentType: LiveFile['contentType'];
  readonly wallClockMs: number;
  readonly startMs: number;
}

/** Segments in the playlist. More are kept in memory, for players with an earlier version of the playlist. */
const LISTED_SEGMENTS = 12;
const KEPT_SEGMENTS = 16;
/**
 * Limit for a blocking playlist reload, after which the current playlist is sent. hls.js times out after 0.8 target
 * durations, and the third timeout is fatal.
 */
const MAX_RELOAD_MS = 0.7 * TARGET_DURATION_SECONDS * 1000;
/** Limit for waiting for the first playlist of a new publisher, and for a part in the preload hint. */
const MAX_START_MS = 6000;

/**
 * Holds the playlist and media of a stream in memory. When a publisher returns, media sequence and timeline continue
 * after a discontinuity, so players need no restart.
 *
 * Serve the media playlist at `/live/<name>.m3u8`. It refers to its files as `<name>/<file>`, relative to that URL. The
 * origin must check the token, then call `file` with `<file>`.
 */
export class LiveChannel {
  readonly name: string;
  readonly #segments: ChannelSegment[] = [];
  readonly #initSegments = new Map<string, LiveFile>();
  readonly #waiters = new Set<() => void>();
  #period: Period | undefined;
  #periodCount = 0;
  #isPeriodFresh = false;
  #nextSequence = 0;
  #fragmentCount = 0;
  #removedDiscontinuities = 0;
  #lastUnlisted = -1;
  #endMs = 0;
  #isEnded = false;
  #codecOutside: VideoCodec | undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** `false` once the playlist has `EXT-X-ENDLIST`. */
  get isLive(): boolean {
    return !this.#isEnded;
  }

  /** End of the timeline in ms, where the next period must begin. */
  get endMs(): number {
    return this.#endMs;
  }

  /** Whether a part has been published. Nothing can be played before that. */
  get hasMedia(): boolean {
    return this.#segments.length > 0;
  }

  /** Starts a period with its own init segment. Opens an ended playlist again. */
  startPeriod({ initSegment, contentType, wallClockMs }: PeriodStart): void {
    this.#completeSegment();
    const initFile = `init-${this.#periodCount}.mp4`;
    this.#periodCount += 1;
    this.#initSegments.set(initFile, { contentType, bytes: initSegment });
    this.#period = { initFile, contentType, wallClockMs, startMs: this.#endMs };
    this.#isPeriodFresh = true;
    this.#isEnded = false;
  }

  /** Says that the broadcast has a codec of which no HLS is made. `undefined`: it has one that is served. */
  setCodecOutside(codec: VideoCodec | undefined): void {
    // A playlist that has ended without media was never seen: the next publisher begins it.
    if (this.#codecOutside && !codec && !this.hasMedia) this.#isEnded = false;
    this.#codecOutside = codec;
    if (codec) this.end();
  }

  /** Publishes a part of the current period. */
  addPart({ runs, durationMs, isIndependent, endsSegment }: PublishedPart): void {
    const segment = this.#openSegment();
    this.#fragmentCount += 1;
    segment.parts.push({ durationMs, isIndependent, bytes: buildMediaFragment(this.#fragmentCount, runs) });
    this.#endMs += durationMs;
    if (endsSegment) segment.isComplete = true;
    this.#trim();
    this.#wake();
  }

  /** Ends the playlist with `EXT-X-ENDLIST`. A new period opens it again. */
  end(): void {
    this.#completeSegment();
    this.#isEnded = true;
    this.#wake();
  }

  /** Returns the playlist when the requested part is listed, the stream ends, or the time limit is reached. */
  async playlist(request: PlaylistRequest = {}): Promise<PlaylistReply> {
    const { mediaSequence, part, signal } = request;
    if (![mediaSequence ?? 0, part ?? 0].every((count) => Number.isSafeInteger(count) && count >= 0)) {
      return { status: 400, detail: '_HLS_msn and _HLS_part must be whole numbers' };
    }
    if (this.#codecOutside) return { status: 409, detail: describeOutside(this.#codecOutside) };
    if (mediaSequence === undefined) {
      if (part !== undefined) return { status: 400, detail: '_HLS_part needs _HLS_msn' };
      // Players treat a playlist without a complete segment as empty.
      await this.#waitFor(() => this.#segments[0]?.isComplete === true, MAX_START_MS, signal);
    } else {
      if (mediaSequence > this.#nextSequence + 1) {
        return { status: 400, detail: '_HLS_msn is too far ahead of the live edge' };
      }
      await this.#waitFor(() => this.#hasReached(mediaSequence, part), MAX_RELOAD_MS, signal);
    }
    if (!this.hasMedia) return { status: 404, detail: 'The publisher has sent no media yet' };
    return { status: 200, body: this.#render() };
  }

  /** Returns a file of the playlist; waits for a part in the preload hint. `undefined` if there is no such file. */
  async file(name: string, signal?: AbortSignal): Promise<LiveFile | undefined> {
    const init = this.#initSegments.get(name);
    if (init) return init;
    const match = /^(\d{1,15})(?:\.(\d{1,6}))?\.m4s$/.exec(name);
    if (!match) return undefined;
    const sequence = Number(match[1]);
    if (match[2] === undefined) return this.#segmentFile(sequence);
    const part = Number(match[2]);
    if (this.#isHinted(sequence, part))
      await this.#waitFor(() => !this.#isHinted(sequence, part), MAX_START_MS, signal);
    const segment = this.#find(sequence);
    const bytes = segment?.parts[part]?.bytes;
    return segment && bytes ? { contentType: segment.contentType, bytes } : undefined;
  }

  #segmentFile(sequence: number): LiveFile | undefined {
    const segment = this.#find(sequence);
    if (!segment?.isComplete) return undefined;
    return { contentType: segment.contentType, bytes: concat(segment.parts.map((part) => part.bytes)) };
  }

  #find(sequence: number): ChannelSegment | undefined {
    return this.#segments.find((segment) => segment.sequence === sequence);
  }

  /** Whether a part is the next one, which the playlist has as preload hint. */
  #isHinted(sequence: number, part: number): boolean {
    if (this.#isEnded) return false;
    const last = this.#segments.at(-1);
    if (!last || last.isComplete) return sequence === this.#nextSequence && part === 0;
    return sequence === last.sequence && part === last.parts.length;
  }

  #hasReached(mediaSequence: number, part: number | undefined): boolean {
    const last = this.#segments.at(-1);
    if (!last || last.sequence < mediaSequence) return false;
    if (last.sequence > mediaSequence || last.isComplete) return true;
    return part !== undefined && last.parts.length > part;
  }

  #openSegment(): ChannelSegment {
    const last = this.#segments.at(-1);
    if (last && !last.isComplete) return last;
    if (!this.#period) throw new Error('A part was added before startPeriod() was called.');
    const { initFile, contentType, wallClockMs, startMs } = this.#period;
    const segment: ChannelSegment = {
      sequence: this.#nextSequence,
      initFile,
      contentType,
      isDiscontinuity: this.#isPeriodFresh && this.#nextSequence > 0,
      programDateTimeMs: wallClockMs + this.#endMs - startMs,
      parts: [],
      isComplete: false,
    };
    this.#nextSequence += 1;
    this.#isPeriodFresh = false;
    this.#segments.push(segment);
    return segment;
  }

  #completeSegment(): void {
    const last = this.#segments.at(-1);
    if (last) last.isComplete = true;
  }

  #trim(): void {
    while (this.#segments.length > KEPT_SEGMENTS) this.#segments.shift();
    // Count a discontinuity when it leaves the playlist: its segment stays in memory for longer.
    const leaving = this.#segments[this.#segments.length - LISTED_SEGMENTS - 1];
    if (leaving?.isDiscontinuity && leaving.sequence > this.#lastUnlisted) this.#removedDiscontinuities += 1;
    if (leaving) this.#lastUnlisted = leaving.sequence;
    const inUse = new Set(this.#segments.map((segment) => segment.initFile));
    if (this.#period) inUse.add(this.#period.initFile);
    for (const initFile of this.#initSegments.keys()) {
      if (!inUse.has(initFile)) this.#initSegments.delete(initFile);
    }
  }

  #render(): string {
    return renderMediaPlaylist({
      folder: this.name,
      segments: this.#segments.slice(-LISTED_SEGMENTS),
      discontinuitySequence: this.#removedDiscontinuities,
      isEnded: this.#isEnded,
    });
  }

  #wake(): void {
    for (const waiter of [...this.#waiters]) waiter();
  }

  /** Resolves when the condition is met, the stream ends, the signal aborts, or the time limit is reached. */
  #waitFor(isMet: () => boolean, limitMs: number, signal: AbortSignal | undefined): Promise<void> {
    if (isMet() || this.#isEnded || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.#waiters.delete(check);
        signal?.removeEventListener('abort', finish);
        resolve();
      };
      const check = () => {
        if (isMet() || this.#isEnded) finish();
      };
      const timer = setTimeout(finish, limitMs);
      timer.unref();
      this.#waiters.add(check);
      signal?.addEventListener('abort', finish);
    });
  }
}

function describeOutside(codec: VideoCodec): string {
  return `This broadcast is sent as ${VIDEO_FORMATS[codec].title}, and HLS has H.264 only: play it by WHEP`;
}
