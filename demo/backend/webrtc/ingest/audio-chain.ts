import type { Sample } from './media-fragment.js';
import { OPUS_CLOCK_RATE, OPUS_SILENCE, OPUS_SILENCE_TICKS, opusPacketTicks } from './opus-packet.js';

/** 60 ms. A larger timing error means a late or lost packet. A smaller one is corrected gradually and inaudibly. */
const JUMP_TICKS = OPUS_CLOCK_RATE * 0.06;
/** Largest correction of a packet: 5 % of 20 ms. It removes an error of 40 ms in about a second. */
const MAX_BEND_TICKS = 48;
/** 10 s. A longer gap is caused by a clock that jumped, not by lost packets. */
const MAX_FILL_TICKS = OPUS_CLOCK_RATE * 10;

/**
 * Builds an audio track without gaps, because players stop at a gap in either track. Silence replaces lost packets and
 * a muted or missing track. Sample durations are adjusted to correct the drift between the clocks.
 */
export class AudioChain {
  #queue: Sample[] = [];
  #startTicks: number;
  #endTicks: number;

  constructor(startTicks: number) {
    this.#startTicks = startTicks;
    this.#endTicks = startTicks;
  }

  get startTicks(): number {
    return this.#startTicks;
  }

  /** End of the track so far, where the next packet begins. In ticks of 48 kHz. */
  get endTicks(): number {
    return this.#endTicks;
  }

  /** Adds a packet to be played at `wantedTicks`. Drops it if it is too late. */
  push(packet: Uint8Array, wantedTicks: number): void {
    const ticks = opusPacketTicks(packet);
    if (ticks === 0) return;
    const isAhead = wantedTicks - this.#endTicks > JUMP_TICKS;
    if (isAhead) this.padTo(Math.min(wantedTicks, this.#endTicks + MAX_FILL_TICKS));
    const error = wantedTicks - this.#endTicks;
    if (error < -JUMP_TICKS) return;
    const bend = Math.max(-MAX_BEND_TICKS, Math.min(MAX_BEND_TICKS, Math.round(error / 8)));
    this.#append(packet, ticks + bend);
  }

  /** Adds silence until less than one packet (20 ms) is missing before `ticks`. */
  padTo(ticks: number): void {
    while (ticks - this.#endTicks >= OPUS_SILENCE_TICKS) this.#append(OPUS_SILENCE, OPUS_SILENCE_TICKS);
  }

  /** Removes and returns the samples that begin before `ticks`. */
  takeUntil(ticks: number): { startTicks: number; samples: Sample[] } {
    const startTicks = this.#startTicks;
    const samples: Sample[] = [];
    for (let next = this.#queue[0]; next && this.#startTicks < ticks; next = this.#queue[0]) {
      this.#queue.shift();
      this.#startTicks += next.ticks;
      samples.push(next);
    }
    return { startTicks, samples };
  }

  #append(bytes: Uint8Array, ticks: number): void {
    this.#queue.push({ ticks, bytes, isKeyframe: true });
    this.#endTicks += ticks;
  }
}
