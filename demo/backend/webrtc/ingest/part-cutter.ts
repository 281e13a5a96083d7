import { AudioChain } from './audio-chain.js';
import { TRACK, VIDEO_CLOCK_RATE } from './init-segment.js';
import type { Sample, TrackRun } from './media-fragment.js';
import { OPUS_CLOCK_RATE, OPUS_SILENCE_TICKS } from './opus-packet.js';

/** Media of one partial segment. */
export interface CutPart {
  readonly runs: readonly TrackRun[];
  readonly durationMs: number;
  /** A player can start decoding in this part. */
  readonly isIndependent: boolean;
  /** The part is the last of its segment. */
  readonly endsSegment: boolean;
}

export interface PartCutterOptions {
  readonly hasVideo: boolean;
  readonly hasAudio: boolean;
  /** Start of the period on the stream's timeline, in ms. */
  readonly startMs: number;
  /** Audio that goes on from the period before. @defaultValue audio that begins with the period */
  readonly sound?: AudioChain | undefined;
  readonly onPart: (part: CutPart) => void;
  /** Target duration of a part in ms. @defaultValue 200 */
  readonly partMs?: number;
}

/** Keyframes are requested every second. An earlier one than this does not start a segment. */
const MIN_SEGMENT_MS = 700;
/** A segment ends here even without a keyframe, so that it does not exceed `EXT-X-TARGETDURATION`. */
const MAX_SEGMENT_MS = 2000;
/** Audio that is further behind the video than this counts as missing, not as late. */
const AUDIO_MISSING_MS = 400;
const AUDIO_MARGIN_MS = 100;

const VIDEO_TICKS_PER_MS = VIDEO_CLOCK_RATE / 1000;
const AUDIO_TICKS_PER_MS = OPUS_CLOCK_RATE / 1000;

interface VideoFrame {
  readonly ticks: number;
  readonly bytes: Uint8Array;
  readonly isKeyframe: boolean;
}

/**
 * Cuts a period into parts and segments. Tracks and parameters do not change within a period. If there is video, parts
 * end at video frames. The duration of a frame is known when the next one arrives.
 */
export class PartCutter {
  readonly #options: PartCutterOptions;
  readonly #partMs: number;
  readonly #audio: AudioChain;
  #pending: VideoFrame | undefined;
  #video: Sample[] = [];
  #videoStartTicks: number;
  #frameTicks = VIDEO_CLOCK_RATE / 30;
  #partStartMs: number;
  #segmentStartMs: number;

  constructor(options: PartCutterOptions) {
    this.#options = options;
    this.#partMs = options.partMs ?? 200;
    this.#partStartMs = options.startMs;
    this.#segmentStartMs = options.startMs;
    this.#videoStartTicks = Math.round(options.startMs * VIDEO_TICKS_PER_MS);
    this.#audio = options.sound ?? new AudioChain(Math.round(options.startMs * AUDIO_TICKS_PER_MS));
  }

  /** End of the last part, in ms on the stream's timeline. */
  get endMs(): number {
    return this.#partStartMs;
  }

  /** The audio, of which a flush leaves what comes after the last picture. */
  get sound(): AudioChain {
    return this.#audio;
  }

  /** Adds the next picture. `timeMs` of the first one must be the start of the period. */
  pushVideo(bytes: Uint8Array, timeMs: number, isKeyframe: boolean): void {
    const previous = this.#pending;
    let ticks = Math.round(timeMs * VIDEO_TICKS_PER_MS);
    if (previous) {
      // Players reject samples with a duration of 0, which two frames with the same time would produce.
      ticks = Math.max(ticks, previous.ticks + 1);
      this.#frameTicks = ticks - previous.ticks;
      this.#video.push({ ticks: this.#frameTicks, bytes: previous.bytes, isKeyframe: previous.isKeyframe });
      this.#cutAt(ticks, isKeyframe);
    }
    this.#pending = { ticks, bytes, isKeyframe };
  }

  /** Adds an audio packet to be played at `timeMs`. */
  pushAudio(packet: Uint8Array, timeMs: number): void {
    if (!this.#options.hasAudio) return;
    this.#audio.push(packet, Math.round(timeMs * AUDIO_TICKS_PER_MS));
    if (this.#options.hasVideo) return;
    const endMs = this.#audio.endTicks / AUDIO_TICKS_PER_MS;
    if (endMs - this.#partStartMs < this.#partMs) return;
    const endsSegment = endMs - this.#segmentStartMs >= 1000;
    this.#close(endMs, endsSegment);
  }

  /**
   * Ends the last part and segment. Call it when the period or the stream ends.
   *
   * @param untilMs time of the picture that comes next, in another period. The last one is shown until then, or not at all if it has
   *   the same time. @defaultValue the duration of the picture before
   */
  flush(untilMs?: number): void {
    if (this.#options.hasVideo) {
      if (this.#pending) this.#flushVideo(this.#pending, untilMs);
      this.#pending = undefined;
      return;
    }
    const endMs = this.#audio.endTicks / AUDIO_TICKS_PER_MS;
    if (endMs > this.#partStartMs) this.#close(endMs, true);
  }

  #flushVideo({ ticks, bytes, isKeyframe }: VideoFrame, untilMs: number | undefined): void {
    const nextTicks =
      untilMs === undefined ? ticks + this.#frameTicks : Math.round(untilMs * VIDEO_TICKS_PER_MS);
    const endTicks = Math.max(ticks, nextTicks);
    const endMs = endTicks / VIDEO_TICKS_PER_MS;
    if (endMs - this.#segmentStartMs > MAX_SEGMENT_MS && this.#video.length > 0) {
      this.#close(ticks / VIDEO_TICKS_PER_MS, true);
    }
    if (endTicks > ticks) this.#video.push({ ticks: endTicks - ticks, bytes, isKeyframe });
    if (this.#video.length === 0) return;
    this.#padAudio(endTicks);
    this.#close(endMs, true);
  }

  /** Ends the part, or the segment, before a frame if necessary. */
  #cutAt(frameTicks: number, isKeyframe: boolean): void {
    const frameMs = frameTicks / VIDEO_TICKS_PER_MS;
    const segmentMs = frameMs - this.#segmentStartMs;
    const frameLengthMs = this.#frameTicks / VIDEO_TICKS_PER_MS;
    const endsSegment =
      (isKeyframe && segmentMs >= MIN_SEGMENT_MS) || segmentMs + frameLengthMs > MAX_SEGMENT_MS;
    // The part must have room for one more frame. The tolerance of 1 ms covers rounding.
    const isPartFull = frameMs + frameLengthMs - this.#partStartMs > this.#partMs + 1;
    if (endsSegment || isPartFull) this.#close(frameMs, endsSegment);
  }

  /** Adds silence to the end of the video: a player stops where the audio ends. */
  #padAudio(videoTicks: number): void {
    const audioTicks = (videoTicks / VIDEO_TICKS_PER_MS) * AUDIO_TICKS_PER_MS;
    this.#audio.padTo(audioTicks + OPUS_SILENCE_TICKS);
  }

  #close(endMs: number, endsSegment: boolean): void {
    const runs: TrackRun[] = [];
    if (this.#options.hasVideo) {
      runs.push({ trackId: TRACK.video, startTicks: this.#videoStartTicks, samples: this.#video });
    }
    if (this.#options.hasAudio) {
      const endTicks = endMs * AUDIO_TICKS_PER_MS;
      if (endTicks - this.#audio.endTicks > AUDIO_MISSING_MS * AUDIO_TICKS_PER_MS) {
        this.#audio.padTo(endTicks - AUDIO_MARGIN_MS * AUDIO_TICKS_PER_MS);
      }
      runs.push({ trackId: TRACK.audio, ...this.#audio.takeUntil(endTicks) });
    }
    const isIndependent = this.#options.hasVideo ? this.#video.some((sample) => sample.isKeyframe) : true;
    const durationMs = endMs - this.#partStartMs;
    this.#videoStartTicks += this.#video.reduce((sum, sample) => sum + sample.ticks, 0);
    this.#video = [];
    this.#partStartMs = endMs;
    if (endsSegment) this.#segmentStartMs = endMs;
    this.#options.onPart({ runs, durationMs, isIndependent, endsSegment });
  }
}
