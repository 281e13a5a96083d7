import type { AudioChain } from './audio-chain.js';
import { AvSync } from './av-sync.js';
import type { MediaPacket, TrackKind } from '../media-packet.js';
import { NAL, nalType } from './h264-depacketizer.js';
import { parseSequenceParameters } from '../codecs/h264-parameter-sets.js';
import type { SequenceParameters } from '../codecs/h264-parameter-sets.js';
import { buildInitSegment, VIDEO_CLOCK_RATE } from './init-segment.js';
import type { TrackSetup } from './init-segment.js';
import type { LiveChannel } from './live-channel.js';
import { lengthPrefixed } from './media-fragment.js';
import { PART_MS } from './media-playlist.js';
import { OPUS_CLOCK_RATE } from './opus-packet.js';
import { PartCutter } from './part-cutter.js';
import { ReorderBuffer } from './reorder-buffer.js';
import { VideoSource } from './video-source.js';
import type { ParameterSets, Picture } from './video-source.js';

export interface MediaReceiverOptions {
  readonly channel: LiveChannel;
  /** Tracks that the SDP answer accepted. Silence replaces audio that does not arrive. */
  readonly hasVideo: boolean;
  readonly hasAudio: boolean;
  /**
   * Is the picture sent in several encodings? Then the one of `select` is published. @defaultValue the first one that comes is
   * published
   */
  readonly isLayered?: boolean;
  /** Requests a keyframe of an encoding from the sender. Called when the next pictures cannot be decoded. */
  readonly requestKeyframe: (rid: string) => void;
  /** Called when a period starts: at the first media, and after each change of parameters or break of the timeline. */
  readonly onPeriod?: (picture: SequenceParameters | undefined) => void;
}

interface PeriodVideo {
  readonly source: VideoSource;
  readonly sets: ParameterSets;
}

interface Period {
  readonly cutter: PartCutter;
  /** The period's video; `undefined` for audio only. */
  readonly video: PeriodVideo | undefined;
  /** Offset in ms from the sender's clock to the channel's timeline. */
  readonly shiftMs: number;
  lastVideoMs: number;
}

/** After this time with audio and without a picture, the stream starts with audio only. */
const VIDEO_START_LIMIT_MS = 5000;
/** A longer pause starts a new period. A shorter one is played as a still picture. */
const VIDEO_BREAK_MS = 2000;
/** The pictures of two encodings do not come in step. */
const MOST_OVERLAP_MS = 1000;

/** Converts the RTP packets of one publisher to parts of a channel. */
export class MediaReceiver {
  readonly #options: MediaReceiverOptions;
  readonly #sync = new AvSync({ video: VIDEO_CLOCK_RATE, audio: OPUS_CLOCK_RATE });
  readonly #audioBuffer = new ReorderBuffer<MediaPacket>();
  readonly #sources = new Map<string, VideoSource>();
  #audioSsrc: number | undefined;
  #selected: string | undefined;
  /** The encoding that is published. */
  #source: VideoSource | undefined;
  #period: Period | undefined;
  #isAwaitingKeyframe = true;
  #firstAudioAtMs: number | undefined;

  constructor(options: MediaReceiverOptions) {
    this.#options = options;
  }

  /** The encoding that is published; `undefined` before its first picture. */
  get rid(): string | undefined {
    return this.#source?.rid;
  }

  /** Publishes another encoding from its next keyframe on. Until that has come as a whole, the one before goes on. */
  select(rid: string): void {
    this.#selected = rid;
    if (rid !== this.rid) this.#options.requestKeyframe(rid);
  }

  /** Processes a packet in arrival order. `nowMs` is the wall clock in milliseconds since the epoch. */
  onRtp(kind: TrackKind, packet: MediaPacket, nowMs: number): void {
    if (kind === 'video') this.#onVideo(packet, nowMs);
    else this.#onSound(packet, nowMs);
  }

  /** Processes the pair of RTP and wall-clock time in an RTCP sender report. */
  onSenderReport(kind: TrackKind, ssrc: number, timestamp: number, senderTimeMs: number): void {
    if (kind === 'audio' && ssrc === this.#audioSsrc) {
      this.#sync.onSenderReport(kind, timestamp, senderTimeMs);
    } else if (kind === 'video') {
      const source = [...this.#sources.values()].find((each) => each.ssrc === ssrc);
      source?.sync.onSenderReport(kind, timestamp, senderTimeMs);
    }
  }

  /** Publishes the last part. */
  close(): void {
    this.#period?.cutter.flush();
    this.#period = undefined;
  }

  #onSound(packet: MediaPacket, nowMs: number): void {
    this.#audioSsrc ??= packet.ssrc;
    if (this.#audioSsrc !== packet.ssrc) return;
    this.#sync.onPacket('audio', packet.timestamp, nowMs);
    for (const ordered of this.#audioBuffer.push(packet, nowMs)) this.#onAudio(ordered.packet, nowMs);
  }

  /** All encodings are read, so that each of them can be published from its next keyframe on. */
  #onVideo(packet: MediaPacket, nowMs: number): void {
    const rid = packet.rid ?? '';
    if (!this.#options.isLayered) this.#selected ??= rid;
    const source = this.#sources.get(rid) ?? new VideoSource(rid, this.#sync.forOtherVideo());
    this.#sources.set(rid, source);
    for (const { pictures, isDamaged } of source.push(packet, nowMs)) {
      // If one packet completes a picture and shows a loss, the picture was sent before the loss.
      for (const picture of pictures) this.#onPicture(source, picture, nowMs);
      if (isDamaged) this.#onDamage(source);
    }
  }

  #onDamage(source: VideoSource): void {
    if (source === this.#source) this.#isAwaitingKeyframe = true;
    if (source === this.#source || source.rid === this.#selected) this.#options.requestKeyframe(source.rid);
  }

  #onPicture(source: VideoSource, { timestamp, nalUnits, isKeyframe, sets }: Picture, nowMs: number): void {
    if (source.rid === this.#selected && isKeyframe && sets) this.#source = source;
    if (source !== this.#source) return;
    const senderMs = source.sync.videoMs(timestamp);
    if (isKeyframe) {
      if (!sets) return;
      this.#isAwaitingKeyframe = false;
      const video = { source, sets };
      if (!this.#isContinuation(video, senderMs)) this.#startPeriod(senderMs, nowMs, video);
    } else if (this.#isAwaitingKeyframe) {
      return;
    }
    const period = this.#period;
    if (!period?.video) return;
    const timeMs = senderMs + period.shiftMs;
    if (isBreak(timeMs, period.lastVideoMs)) {
      this.#onDamage(source);
      return;
    }
    period.lastVideoMs = timeMs;
    period.cutter.pushVideo(lengthPrefixed(nalUnits.filter(isSampleData)), timeMs, isKeyframe);
  }

  /** Whether a keyframe belongs to the current period. */
  #isContinuation({ source, sets }: PeriodVideo, senderMs: number): boolean {
    const period = this.#period;
    if (period?.video?.source !== source) return false;
    return (
      equalBytes(period.video.sets.sps, sets.sps) &&
      equalBytes(period.video.sets.pps, sets.pps) &&
      !isBreak(senderMs + period.shiftMs, period.lastVideoMs)
    );
  }

  #onAudio(packet: MediaPacket, nowMs: number): void {
    if (!this.#options.hasAudio || packet.payload.length === 0) return;
    this.#firstAudioAtMs ??= nowMs;
    if (!this.#period && this.#isAudioAlone(nowMs)) {
      this.#startPeriod(this.#sync.audioOnlyMs(packet.timestamp), nowMs, undefined);
    }
    const period = this.#period;
    if (!period) return;
    const senderMs = period.video
      ? period.video.source.sync.audioMs(packet.timestamp)
      : this.#sync.audioOnlyMs(packet.timestamp);
    period.cutter.pushAudio(packet.payload, senderMs + period.shiftMs);
  }

  #isAudioAlone(nowMs: number): boolean {
    if (!this.#options.hasVideo) return true;
    return this.#firstAudioAtMs !== undefined && nowMs - this.#firstAudioAtMs > VIDEO_START_LIMIT_MS;
  }

  #startPeriod(senderMs: number, nowMs: number, video: PeriodVideo | undefined): void {
    const { channel, hasAudio, onPeriod } = this.#options;
    const setup: TrackSetup = {
      ...(video && { video: video.sets }),
      ...(hasAudio && { audio: { channels: 2 } }),
    };
    const initSegment = buildInitSegment(setup);
    const sound = this.#endPeriod(senderMs, video);
    channel.startPeriod({
      initSegment,
      contentType: video ? 'video/mp4' : 'audio/mp4',
      wallClockMs: nowMs,
    });
    const startMs = channel.endMs;
    const cutter = new PartCutter({
      hasVideo: video !== undefined,
      hasAudio,
      startMs,
      sound,
      partMs: PART_MS,
      onPart: (part) => {
        channel.addPart(part);
      },
    });
    this.#period = { cutter, video, shiftMs: startMs - senderMs, lastVideoMs: startMs };
    onPeriod?.(video ? parseSequenceParameters(video.sets.sps) : undefined);
  }

  /** Returns the sound that goes on in the next period, which begins with this picture; `undefined` after a break. */
  #endPeriod(senderMs: number, next: PeriodVideo | undefined): AudioChain | undefined {
    const period = this.#period;
    if (!period?.video || !next) {
      period?.cutter.flush();
      return undefined;
    }
    const untilMs = next.source.sync.toVideoOf(period.video.source.sync, senderMs) + period.shiftMs;
    const pauseMs = untilMs - period.lastVideoMs;
    const isBroken = pauseMs < -MOST_OVERLAP_MS || pauseMs > VIDEO_BREAK_MS;
    period.cutter.flush(isBroken ? undefined : untilMs);
    return isBroken ? undefined : period.cutter.sound;
  }
}

function isBreak(timeMs: number, lastMs: number): boolean {
  return timeMs < lastMs || timeMs - lastMs > VIDEO_BREAK_MS;
}

/** Parameter sets are in the init segment, and MP4 has no access unit delimiters. */
function isSampleData(nalUnit: Uint8Array): boolean {
  const type = nalType(nalUnit);
  return type !== NAL.sps && type !== NAL.pps && type !== NAL.delimiter;
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
