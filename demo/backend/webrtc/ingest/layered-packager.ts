import type { MediaPacket, TrackKind } from '../media-packet.js';
import { EncodingChoice } from '../encoding-choice.js';
import type { MediaReceiver } from './media-receiver.js';

/** The encodings of a picture do not begin at once. */
const START_MS = 1500;
/** A change is a break in the playlist: an encoding must have been the best one for this time. */
const SETTLE_MS = 3000;

/** What makes a playlist of one encoding. */
export type Packager = Pick<MediaReceiver, 'onRtp' | 'onSenderReport' | 'close'>;

/** Packages the best encoding of a broadcast that has several. A change begins a new period of the playlist. */
export class LayeredPackager implements Packager {
  readonly #create: () => Packager;
  readonly #count: number;
  readonly #choice = new EncodingChoice();
  #receiver: Packager;
  #rid: string | undefined;
  #startedAtMs: number | undefined;
  #better: { readonly rid: string; readonly sinceMs: number } | undefined;

  /** @param count number of encodings */
  constructor(create: () => Packager, count: number) {
    this.#create = create;
    this.#count = count;
    this.#receiver = create();
  }

  onRtp(kind: TrackKind, packet: MediaPacket, nowMs: number): void {
    if (kind === 'video') {
      const rid = packet.rid ?? '';
      this.#choice.onPacket('h264', rid, packet.payload, nowMs);
      this.#choose(nowMs);
      if (rid !== this.#rid) return;
    }
    this.#receiver.onRtp(kind, packet, nowMs);
  }

  onSenderReport(kind: TrackKind, ssrc: number, timestamp: number, senderTimeMs: number): void {
    this.#receiver.onSenderReport(kind, ssrc, timestamp, senderTimeMs);
  }

  close(): void {
    this.#receiver.close();
  }

  #choose(nowMs: number): void {
    this.#startedAtMs ??= nowMs;
    const alive = this.#choice.alive(nowMs);
    const best = alive[0]?.rid;
    if (best === undefined || best === this.#rid) {
      this.#better = undefined;
      return;
    }
    if (this.#rid === undefined) {
      const isComplete = alive.length === this.#count && alive.every(({ size }) => size !== undefined);
      if (isComplete || nowMs - this.#startedAtMs >= START_MS) this.#rid = best;
      return;
    }
    if (this.#better?.rid !== best) this.#better = { rid: best, sinceMs: nowMs };
    const isLost = alive.every(({ rid }) => rid !== this.#rid);
    if (!isLost && nowMs - this.#better.sinceMs < SETTLE_MS) return;
    this.#better = undefined;
    this.#rid = best;
    this.#receiver.close();
    this.#receiver = this.#create();
  }
}
