import { VIDEO_FORMATS } from '../codecs/video-codec.js';
import type { TrackKind } from '../media-packet.js';
import type { PublishedMedia } from './sdp-offer.js';

export const PUBLISHER_EVENTS = ['active', 'inactive'] as const;

/**
 * Time in ms without packets after which a track has stopped. Sound comes many times a second; of a picture that does not
 * change, some senders send one each second.
 */
const QUIET_MS: Readonly<Record<TrackKind, number>> = { audio: 1500, video: 3000 };

/** Decides whether viewers have something to see and hear: media of each accepted track, from the first keyframe on. */
export class ActivityMeter {
  readonly #media: PublishedMedia;
  readonly #onChange: () => void;
  readonly #heardAtMs: Partial<Record<TrackKind, number>> = {};
  #hasKeyframe = false;
  #isActive = false;

  constructor(media: PublishedMedia, onChange: () => void) {
    this.#media = media;
    this.#onChange = onChange;
  }

  get isActive(): boolean {
    return this.#isActive;
  }

  onPacket(kind: TrackKind, payload: Uint8Array, nowMs: number): void {
    const { videoCodec } = this.#media;
    if (kind === 'video' && videoCodec && !this.#hasKeyframe) {
      this.#hasKeyframe = VIDEO_FORMATS[videoCodec].startsKeyframe(payload);
    }
    this.#heardAtMs[kind] = nowMs;
    if (!this.#isActive) this.look(nowMs);
  }

  /** Call it from time to time: silence has no packet. */
  look(nowMs: number): void {
    const { hasAudio, hasVideo } = this.#media;
    const comes = (kind: TrackKind) => nowMs - (this.#heardAtMs[kind] ?? -Infinity) < QUIET_MS[kind];
    const isActive = (!hasAudio || comes('audio')) && (!hasVideo || (this.#hasKeyframe && comes('video')));
    if (isActive === this.#isActive) return;
    this.#isActive = isActive;
    this.#onChange();
  }
}
