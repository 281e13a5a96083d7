import type { VideoCodec } from '../codecs/video-codec.js';
import { EncodingChoice } from '../encoding-choice.js';
import type { LivePublisher, MediaPacket, MediaSink, TrackKind } from '../media-packet.js';
import { BitrateMeter } from './bitrate-meter.js';
import { ntpOrigin } from './server-clock.js';
import { RelayTrack } from './relay-track.js';
import type { RelayedPacket, RelayedReport } from './relay-track.js';

/** Gets the media of a stream. `rid` is the encoding, an empty text if there is only one. */
export interface RelayViewer {
  onPacket(kind: TrackKind, packet: RelayedPacket, rid: string): void;
  onReport(kind: TrackKind, report: RelayedReport, rid: string): void;
  /** The publisher's media begins, or ends. */
  onActive(isActive: boolean): void;
  /** Video of this codec begins: called once for each publisher, before its first packet. */
  onCodec(codec: VideoCodec): void;
  /** The picture of an encoding has another size. */
  onLayer(): void;
}

/** An encoding that a publisher sends. */
export interface RelayedLayer {
  /** Name of the encoding, an empty text if there is only one. */
  readonly rid: string;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** Of the last seconds, in bits per second. */
  readonly bitrate: number;
}

interface Encoding {
  readonly track: RelayTrack;
  readonly meter: BitrateMeter;
}

/** Sends the packets of a stream's publisher to all viewers, without changes to the media. */
export class StreamRelay {
  readonly #audio = new RelayTrack('audio');
  /** Encodings of the video, by name. */
  readonly #video = new Map<string, Encoding>();
  readonly #choice = new EncodingChoice();
  readonly #viewers = new Set<RelayViewer>();
  #publisher: LivePublisher | undefined;
  #isActive = false;
  #codec: VideoCodec | undefined;
  #isCodecTold = false;

  /** Encodings of the video that come, largest first. Empty without video. */
  layers(nowMs: number): RelayedLayer[] {
    if (!this.#isActive) return [];
    return this.#choice.alive(nowMs).flatMap(({ rid, size }) => {
      const bitrate = this.#video.get(rid)?.meter.bitrate(nowMs) ?? 0;
      return size ? [{ rid, ...size, bitrate }] : [];
    });
  }

  /** The encoding to send to a viewer: the one that it wants while that comes, else the largest. */
  encodingFor(wanted: string | undefined, nowMs: number): string | undefined {
    const alive = this.#choice.alive(nowMs);
    return (alive.find(({ rid }) => rid === wanted) ?? alive[0])?.rid;
  }

  /** A track. `undefined` if nothing of it has come. */
  track(kind: TrackKind, rid: string): RelayTrack | undefined {
    return kind === 'audio' ? this.#audio : this.#video.get(rid)?.track;
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
    this.#codec = publisher.videoCodec ?? this.#codec;
    this.#isCodecTold = false;
    this.#choice.reset();
    this.#audio.reset();
    // The publisher chooses their names, so those of the one before would stay. The viewers' numbers continue.
    this.#video.clear();
    const toServerClock = ntpOrigin();
    const isPresent = () => this.#publisher === publisher;
    return {
      onRtp: (kind, packet, nowMs) => {
        if (isPresent()) this.#relay(kind, packet, nowMs);
      },
      onSenderReport: (kind, ssrc, timestamp, senderTimeMs) => {
        if (!isPresent()) return;
        const wallClockMs = toServerClock(senderTimeMs);
        for (const [rid, track] of this.#tracks(kind)) {
          const report = track.report(ssrc, timestamp, wallClockMs);
          if (report) for (const viewer of this.#viewers) viewer.onReport(kind, report, rid);
        }
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

  /** Requests a keyframe of an encoding, or of all. */
  requestKeyframe(rid?: string): void {
    this.#publisher?.requestKeyframe(rid);
  }

  #tracks(kind: TrackKind): (readonly [rid: string, track: RelayTrack])[] {
    if (kind === 'audio') return [['', this.#audio]];
    return [...this.#video].map(([rid, { track }]) => [rid, track]);
  }

  #relay(kind: TrackKind, packet: MediaPacket, nowMs: number): void {
    const rid = packet.rid ?? '';
    const encoding = kind === 'video' ? this.#encoding(rid) : undefined;
    const relayed = (encoding?.track ?? this.#audio).push(packet, nowMs);
    if (!relayed) return;
    this.#setActive(true);
    let isResized = false;
    if (encoding && this.#codec) {
      this.#tellCodec();
      encoding.meter.add(packet.payload.length, nowMs);
      isResized = this.#choice.onPacket(this.#codec, rid, packet.payload, nowMs);
    }
    for (const viewer of this.#viewers) viewer.onPacket(kind, relayed, rid);
    if (isResized) for (const viewer of this.#viewers) viewer.onLayer();
  }

  #encoding(rid: string): Encoding {
    const present = this.#video.get(rid);
    if (present) return present;
    const made = { track: new RelayTrack('video'), meter: new BitrateMeter() };
    made.track.reset(this.#codec);
    this.#video.set(rid, made);
    return made;
  }

  #tellCodec(): void {
    if (this.#isCodecTold || !this.#codec) return;
    this.#isCodecTold = true;
    for (const viewer of [...this.#viewers]) viewer.onCodec(this.#codec);
  }

  #setActive(isActive: boolean): void {
    if (this.#isActive === isActive) return;
    this.#isActive = isActive;
    for (const viewer of this.#viewers) viewer.onActive(isActive);
  }
}
