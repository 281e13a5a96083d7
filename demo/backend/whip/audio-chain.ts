import type { Sample } from './media-fragment.js';
import { OPUS_CLOCK_RATE, OPUS_SILENCE, OPUS_SILENCE_TICKS, opusPacketTicks } from './opus-packet.js';

/** Beyond this a packet is late or lost; below, the chain bends towards it unheard. */
const JUMP_TICKS = OPUS_CLOCK_RATE * 0.06;
/** 5 % of a 20 ms packet: 40 ms of error are gone in under a second. */
const MAX_BEND_TICKS = 48;
/** A gap that would need more silence than this is a clock that jumped, not lost packets. */
const MAX_FILL_TICKS = OPUS_CLOCK_RATE * 10;

/**
 * Audio without holes: players stop at a hole in either track, so lost packets and a muted or
 * missing track become silence, and drift between the clocks is taken up in sample lengths.
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

  /** Where the next packet will be put. */
  get endTicks(): number {
    return this.#endTicks;
  }

  /** Adds a packet that should sound at `wantedTicks`; one that comes too late is dropped. */
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

  /** Fills with silence until less than one packet is missing. */
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
