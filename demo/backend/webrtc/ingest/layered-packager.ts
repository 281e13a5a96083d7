import type { MediaPacket, TrackKind } from '../media-packet.js';
import { EncodingChoice } from '../encoding-choice.js';
import type { MediaReceiver } from './media-receiver.js';

/** The encodings of a picture do not begin at once. */
const START_MS = 1500;
/** A change is a break in the playlist: an encoding must have been the best one for this time. */
const SETTLE_MS = 3000;
/** A better encoding that stops so soon may do so again: the next one must last twice as long before it is taken. */
const FAILED_WITHIN_MS = 20_000;
const LONGEST_SETTLE_MS = 48_000;
/** An encoding has stopped when others have come for this time without it. */
const LOST_MS = 500;

/** What makes a playlist of one encoding. */
export type Packager = Pick<MediaReceiver, 'onRtp' | 'onSenderReport' | 'close' | 'select' | 'rid'>;

/**
 * Packages the best encoding of a broadcast that has several. A change begins a new period of the playlist, with a keyframe of the
 * new encoding; the sound goes on.
 */
export class LayeredPackager implements Pick<Packager, 'onRtp' | 'onSenderReport' | 'close'> {
  readonly #receiver: Packager;
  readonly #count: number;
  readonly #choice = new EncodingChoice();
  #rid: string | undefined;
  #startedAtMs: number | undefined;
  #better: { readonly rid: string; readonly sinceMs: number } | undefined;
  /** Since when others come without the chosen one. */
  #missingSinceMs: number | undefined;
  /** Was a smaller one chosen because the one before had stopped? */
  #isFalling = false;
  #raisedAtMs = -Infinity;
  #settleMs = SETTLE_MS;

  /**
   * @param receiver is to publish the encoding of `select` only.
   * @param count number of encodings
   */
  constructor(receiver: Packager, count: number) {
    this.#receiver = receiver;
    this.#count = count;
  }

  onRtp(kind: TrackKind, packet: MediaPacket, nowMs: number): void {
    if (kind === 'video') {
      const rid = packet.rid ?? '';
      this.#choice.onPacket('h264', rid, packet.payload, nowMs);
      if (this.#rid === undefined) this.#begin(nowMs);
      else this.#follow(this.#rid, rid, nowMs);
    }
    this.#receiver.onRtp(kind, packet, nowMs);
  }

  onSenderReport(kind: TrackKind, ssrc: number, timestamp: number, senderTimeMs: number): void {
    this.#receiver.onSenderReport(kind, ssrc, timestamp, senderTimeMs);
  }

  close(): void {
    this.#receiver.close();
  }

  #begin(nowMs: number): void {
    this.#startedAtMs ??= nowMs;
    const alive = this.#choice.alive(nowMs);
    const isComplete = alive.length === this.#count && alive.every(({ size }) => size !== undefined);
    const best = alive[0]?.rid;
    if (best !== undefined && (isComplete || nowMs - this.#startedAtMs >= START_MS)) this.#select(best);
  }

  #follow(chosen: string, rid: string, nowMs: number): void {
    if (rid === chosen) this.#missingSinceMs = undefined;
    else this.#missingSinceMs ??= nowMs;
    if (this.#isFalling && rid !== chosen && rid === this.#receiver.rid) {
      // It has come back before a keyframe of the smaller one.
      this.#raisedAtMs = nowMs;
      this.#select(rid);
    } else if (this.#missingSinceMs !== undefined && nowMs - this.#missingSinceMs >= LOST_MS) {
      this.#lower(chosen, nowMs);
    } else {
      this.#raise(chosen, rid, nowMs);
    }
  }

  #lower(chosen: string, nowMs: number): void {
    const next = this.#choice.alive(nowMs).find(({ rid }) => rid !== chosen);
    if (!next) return;
    const hasFailed = nowMs - this.#raisedAtMs < FAILED_WITHIN_MS;
    this.#settleMs = hasFailed ? Math.min(this.#settleMs * 2, LONGEST_SETTLE_MS) : SETTLE_MS;
    this.#raisedAtMs = -Infinity;
    this.#select(next.rid);
    this.#isFalling = true;
  }

  #raise(chosen: string, rid: string, nowMs: number): void {
    const best = this.#choice.best(nowMs);
    if (best === undefined || best === chosen) {
      this.#better = undefined;
      return;
    }
    if (this.#better?.rid !== best) {
      // It counts from its first packet.
      if (rid !== best) return;
      this.#better = { rid, sinceMs: nowMs };
    }
    if (nowMs - this.#better.sinceMs < this.#settleMs) return;
    this.#raisedAtMs = nowMs;
    this.#select(best);
  }

  #select(rid: string): void {
    this.#rid = rid;
    this.#better = this.#missingSinceMs = undefined;
    this.#isFalling = false;
    this.#receiver.select(rid);
  }
}
