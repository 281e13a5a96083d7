import { VIDEO_FORMATS } from '../codecs/video-codec.js';
import type { PictureSize, VideoCodec } from '../codecs/video-codec.js';
import type { LivePublisher, MediaPacket, MediaSink, TrackKind } from '../media-packet.js';
import { BitrateMeter } from './bitrate-meter.js';
import { ntpOrigin } from './server-clock.js';
import { RelayTrack } from './relay-track.js';
import type { RelayedPacket, RelayedReport } from './relay-track.js';

/** Gets the media of a stream. */
export interface RelayViewer {
  onPacket(kind: TrackKind, packet: RelayedPacket): void;
  onReport(kind: TrackKind, report: RelayedReport): void;
  /** The publisher's media begins, or ends. */
  onActive(isActive: boolean): void;
  /** Video of this codec begins: called once for each publisher, before its first packet. */
  onCodec(codec: VideoCodec): void;
  /** The picture has another size. */
  onLayer(): void;
}

/** The encoding that a publisher sends. */
export interface RelayedLayer {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** Of the last seconds, in bits per second. */
  readonly bitrate: number;
}

/** Sends the packets of a stream's publisher to all viewers, without changes to the media. */
export class StreamRelay {
  readonly tracks: Readonly<Record<TrackKind, RelayTrack>> = {
    video: new RelayTrack('video'),
    audio: new RelayTrack('audio'),
  };
  readonly #viewers = new Set<RelayViewer>();
  #publisher: LivePublisher | undefined;
  readonly #meter = new BitrateMeter();
  #isActive = false;
  #size: PictureSize | undefined;
  #codec: VideoCodec | undefined;
  #isCodecTold = false;

  /** The encoding of the video. `undefined` without video. */
  layer(nowMs: number): RelayedLayer | undefined {
    return this.#isActive && this.#size ? { ...this.#size, bitrate: this.#meter.bitrate(nowMs) } : undefined;
  }

  /** Whether media of a publisher arrives. */
  get isActive(): boolean {
    return this.#isActive;
  }

  /** The publisher whose media arrives or is awaited. */
  get publisher(): LivePublisher | undefined {
    return this.#publisher;
  }

  /** Codec of the video: of the publisher, or of the last one that sent a picture. `undefined` before that. */
  get videoCodec(): VideoCodec | undefined {
    return this.#codec;
  }

  /** Takes the media of a publisher, in place of the one before. */
  publish(publisher: LivePublisher): MediaSink {
    this.#publisher = publisher;
    this.#size = undefined;
    this.#codec = publisher.videoCodec ?? this.#codec;
    this.#isCodecTold = false;
    for (const track of Object.values(this.tracks)) track.reset(this.#codec);
    const toServerClock = ntpOrigin();
    const isPresent = () => this.#publisher === publisher;
    return {
      onRtp: (kind, packet, nowMs) => {
        if (isPresent()) this.#relay(kind, packet, nowMs);
      },
      onSenderReport: (kind, ssrc, timestamp, senderTimeMs) => {
        if (!isPresent()) return;
        const report = this.tracks[kind].report(ssrc, timestamp, toServerClock(senderTimeMs));
        if (report) for (const viewer of this.#viewers) viewer.onReport(kind, report);
      },
      onEnd: () => {
        if (!isPresent()) return;
        this.#publisher = undefined;
        this.#setActive(false);
      },
    };
  }

  /** Adds a viewer. @returns a function that removes it */
  join(viewer: RelayViewer): () => void {
    this.#viewers.add(viewer);
    return () => void this.#viewers.delete(viewer);
  }

  requestKeyframe(): void {
    this.#publisher?.requestKeyframe();
  }

  #relay(kind: TrackKind, packet: MediaPacket, nowMs: number): void {
    const relayed = this.tracks[kind].push(packet, nowMs);
    if (!relayed) return;
    this.#setActive(true);
    if (kind === 'video') this.#tellCodec();
    for (const viewer of this.#viewers) viewer.onPacket(kind, relayed);
    if (kind === 'video') this.#measure(relayed);
  }

  #tellCodec(): void {
    if (this.#isCodecTold || !this.#codec) return;
    this.#isCodecTold = true;
    for (const viewer of [...this.#viewers]) viewer.onCodec(this.#codec);
  }

  #measure({ payload, startsKeyframe, arrivedAtMs }: RelayedPacket): void {
    this.#meter.add(payload.length, arrivedAtMs);
    const size = startsKeyframe && this.#codec ? readSize(this.#codec, payload) : undefined;
    if (!size || (this.#size?.width === size.width && this.#size.height === size.height)) return;
    this.#size = size;
    for (const viewer of this.#viewers) viewer.onLayer();
  }

  #setActive(isActive: boolean): void {
    if (this.#isActive === isActive) return;
    this.#isActive = isActive;
    for (const viewer of this.#viewers) viewer.onActive(isActive);
  }
}

/** What a publisher sends may be invalid. Viewers then learn no size. */
function readSize(codec: VideoCodec, payload: Uint8Array): PictureSize | undefined {
  try {
    return VIDEO_FORMATS[codec].pictureSize(payload);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
