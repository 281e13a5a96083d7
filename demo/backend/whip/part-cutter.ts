import { AudioChain } from './audio-chain.js';
import { TRACK, VIDEO_CLOCK_RATE } from './init-segment.js';
import type { Sample, TrackRun } from './media-fragment.js';
import { OPUS_CLOCK_RATE, OPUS_SILENCE_TICKS } from './opus-packet.js';

/** A stretch of media that becomes one partial segment. */
export interface CutPart {
  readonly runs: readonly TrackRun[];
  readonly durationMs: number;
  /** A player may begin decoding in this part. */
  readonly isIndependent: boolean;
  /** The part is the last of its segment. */
  readonly endsSegment: boolean;
}

export interface PartCutterOptions {
  readonly hasVideo: boolean;
  readonly hasAudio: boolean;
  /** Where on the stream's timeline this period begins. */
  readonly startMs: number;
  readonly onPart: (part: CutPart) => void;
  /** @defaultValue 200 */
  readonly partMs?: number;
}

/** Keyframes are asked for every second; one that comes earlier than this does not cut. */
const MIN_SEGMENT_MS = 700;
/** Without a keyframe the segment ends here all the same, so that TARGETDURATION holds. */
const MAX_SEGMENT_MS = 2000;
/** Audio this far behind the picture is not late any more but missing. */
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
 * Cuts a period, a stretch with one set of tracks and parameters, into parts and segments.
 * Video leads where there is any: a frame's length is known when the next one comes.
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
    this.#audio = new AudioChain(Math.round(options.startMs * AUDIO_TICKS_PER_MS));
  }

  /** End of what has been cut so far, in ms on the stream's timeline. */
  get endMs(): number {
    return this.#partStartMs;
  }

  /** Takes the next picture; `timeMs` of the first one is the period's start. */
  pushVideo(bytes: Uint8Array, timeMs: number, isKeyframe: boolean): void {
    const previous = this.#pending;
    let ticks = Math.round(timeMs * VIDEO_TICKS_PER_MS);
    if (previous) {
      // Two frames at one instant would be a sample without length, which players reject.
      ticks = Math.max(ticks, previous.ticks + 1);
      this.#frameTicks = ticks - previous.ticks;
      this.#video.push({ ticks: this.#frameTicks, bytes: previous.bytes, isKeyframe: previous.isKeyframe });
      this.#cutAt(ticks, isKeyframe);
    }
    this.#pending = { ticks, bytes, isKeyframe };
  }

  /** Takes an audio packet that should sound at `timeMs`. */
  pushAudio(packet: Uint8Array, timeMs: number): void {
    if (!this.#options.hasAudio) return;
    this.#audio.push(packet, Math.round(timeMs * AUDIO_TICKS_PER_MS));
    if (this.#options.hasVideo) return;
    const endMs = this.#audio.endTicks / AUDIO_TICKS_PER_MS;
    if (endMs - this.#partStartMs < this.#partMs) return;
    const endsSegment = endMs - this.#segmentStartMs >= 1000;
    this.#close(endMs, endsSegment);
  }

  /** Closes what is there; called when the period or the stream ends. */
  flush(): void {
    if (this.#options.hasVideo) {
      if (this.#pending) {
        const { ticks, bytes, isKeyframe } = this.#pending;
        this.#video.push({ ticks: this.#frameTicks, bytes, isKeyframe });
        this.#pending = undefined;
        this.#padAudio(ticks + this.#frameTicks);
        this.#close((ticks + this.#frameTicks) / VIDEO_TICKS_PER_MS, true);
      }
      return;
    }
    const endMs = this.#audio.endTicks / AUDIO_TICKS_PER_MS;
    if (endMs > this.#partStartMs) this.#close(endMs, true);
  }

  /** Decides at the start of a frame whether the part, or the segment, ends before it. */
  #cutAt(frameTicks: number, isKeyframe: boolean): void {
    const frameMs = frameTicks / VIDEO_TICKS_PER_MS;
    const segmentMs = frameMs - this.#segmentStartMs;
    const frameLengthMs = this.#frameTicks / VIDEO_TICKS_PER_MS;
    const endsSegment =
      (isKeyframe && segmentMs >= MIN_SEGMENT_MS) || segmentMs + frameLengthMs > MAX_SEGMENT_MS;
    // One frame more must still fit; half a tick of rounding must not decide.
    const isPartFull = frameMs + frameLengthMs - this.#partStartMs > this.#partMs + 1;
    if (endsSegment || isPartFull) this.#close(frameMs, endsSegment);
  }

  /** Sound must reach the end of the picture, or a player never gets there. */
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
