import { AvSync } from './av-sync.js';
import type { MediaPacket, TrackKind } from '../media-packet.js';
import { H264Depacketizer, NAL, nalType } from './h264-depacketizer.js';
import type { AccessUnit } from './h264-depacketizer.js';
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

export interface MediaReceiverOptions {
  readonly channel: LiveChannel;
  /** Tracks that the SDP answer accepted. Silence replaces audio that does not arrive. */
  readonly hasVideo: boolean;
  readonly hasAudio: boolean;
  /** Requests a keyframe from the sender. Called when the next pictures cannot be decoded. */
  readonly requestKeyframe: () => void;
  /** Called when a period starts: at the first media, and after each change of parameters or break of the timeline. */
  readonly onPeriod?: (picture: SequenceParameters | undefined) => void;
}

interface ParameterSets {
  readonly sps: Uint8Array;
  readonly pps: Uint8Array;
}

interface Period {
  readonly cutter: PartCutter;
  /** Parameter sets of the period's video; `undefined` for audio only. */
  readonly video: ParameterSets | undefined;
  /** Offset in ms from the sender's clock to the channel's timeline. */
  readonly shiftMs: number;
  lastVideoMs: number;
}

/** After this time with audio and without a picture, the stream starts with audio only. */
const VIDEO_START_LIMIT_MS = 5000;
/** A longer pause starts a new period. A shorter one is played as a still picture. */
const VIDEO_BREAK_MS = 2000;

/** Converts the RTP packets of one publisher to parts of a channel. */
export class MediaReceiver {
  readonly #options: MediaReceiverOptions;
  readonly #sync = new AvSync({ video: VIDEO_CLOCK_RATE, audio: OPUS_CLOCK_RATE });
  readonly #buffers = {
    video: new ReorderBuffer<MediaPacket>(),
    audio: new ReorderBuffer<MediaPacket>(),
  };
  readonly #ssrcs: Partial<Record<TrackKind, number>> = {};
  readonly #depacketizer = new H264Depacketizer();
  #sps: Uint8Array | undefined;
  #pps: Uint8Array | undefined;
  #period: Period | undefined;
  #isAwaitingKeyframe = true;
  #firstAudioAtMs: number | undefined;

  constructor(options: MediaReceiverOptions) {
    this.#options = options;
  }

  /** Processes a packet in arrival order. `nowMs` is the wall clock in milliseconds since the epoch. */
  onRtp(kind: TrackKind, packet: MediaPacket, nowMs: number): void {
    // With simulcast, use the first layer that arrives: layers cannot be mixed in one track.
    this.#ssrcs[kind] ??= packet.ssrc;
    if (this.#ssrcs[kind] !== packet.ssrc) return;
    this.#sync.onPacket(kind, packet.timestamp, nowMs);
    for (const ordered of this.#buffers[kind].push(packet, nowMs)) {
      if (kind === 'audio') {
        this.#onAudio(ordered.packet, nowMs);
      } else {
        const { accessUnits, isDamaged } = this.#depacketizer.push(ordered.packet, ordered.isAfterLoss);
        // If one packet completes a picture and shows a loss, the picture was sent before the loss.
        for (const accessUnit of accessUnits) this.#onPicture(accessUnit, nowMs);
        if (isDamaged) this.#loseVideo();
      }
    }
  }

  /** Processes the pair of RTP and wall-clock time in an RTCP sender report. */
  onSenderReport(kind: TrackKind, ssrc: number, timestamp: number, senderTimeMs: number): void {
    if (this.#ssrcs[kind] === ssrc) this.#sync.onSenderReport(kind, timestamp, senderTimeMs);
  }

  /** Publishes the last part. */
  close(): void {
    this.#period?.cutter.flush();
    this.#period = undefined;
  }

  #loseVideo(): void {
    this.#isAwaitingKeyframe = true;
    this.#options.requestKeyframe();
  }

  #onPicture({ timestamp, nalUnits, isKeyframe }: AccessUnit, nowMs: number): void {
    for (const nalUnit of nalUnits) {
      if (nalType(nalUnit) === NAL.sps) this.#sps = nalUnit;
      else if (nalType(nalUnit) === NAL.pps) this.#pps = nalUnit;
    }
    const senderMs = this.#sync.videoMs(timestamp);
    if (isKeyframe) {
      if (!this.#sps || !this.#pps) return;
      this.#isAwaitingKeyframe = false;
      const sets = { sps: this.#sps, pps: this.#pps };
      if (!this.#isContinuation(sets, senderMs)) this.#startPeriod(senderMs, nowMs, sets);
    } else if (this.#isAwaitingKeyframe) {
      return;
    }
    const period = this.#period;
    if (!period?.video) return;
    const timeMs = senderMs + period.shiftMs;
    if (isBreak(timeMs, period.lastVideoMs)) {
      this.#loseVideo();
      return;
    }
    period.lastVideoMs = timeMs;
    period.cutter.pushVideo(lengthPrefixed(nalUnits.filter(isSampleData)), timeMs, isKeyframe);
  }

  /** Whether a keyframe belongs to the current period. */
  #isContinuation(sets: ParameterSets, senderMs: number): boolean {
    const period = this.#period;
    if (!period?.video) return false;
    return (
      equalBytes(period.video.sps, sets.sps) &&
      equalBytes(period.video.pps, sets.pps) &&
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
      ? this.#sync.audioMs(packet.timestamp)
      : this.#sync.audioOnlyMs(packet.timestamp);
    period.cutter.pushAudio(packet.payload, senderMs + period.shiftMs);
  }

  #isAudioAlone(nowMs: number): boolean {
    if (!this.#options.hasVideo) return true;
    return this.#firstAudioAtMs !== undefined && nowMs - this.#firstAudioAtMs > VIDEO_START_LIMIT_MS;
  }

  #startPeriod(senderMs: number, nowMs: number, video: ParameterSets | undefined): void {
    const { channel, hasAudio, onPeriod } = this.#options;
    const setup: TrackSetup = { ...(video && { video }), ...(hasAudio && { audio: { channels: 2 } }) };
    const initSegment = buildInitSegment(setup);
    this.#period?.cutter.flush();
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
      partMs: PART_MS,
      onPart: (part) => {
        channel.addPart(part);
      },
    });
    this.#period = { cutter, video, shiftMs: startMs - senderMs, lastVideoMs: startMs };
    onPeriod?.(video ? parseSequenceParameters(video.sps) : undefined);
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
