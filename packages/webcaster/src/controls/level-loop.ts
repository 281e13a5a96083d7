import { LevelMeter } from '../capture/level-meter.js';

/** Shortest time between two levels for a screen reader. */
const SPOKEN_INTERVAL_MS = 1000;

/** Draws the microphone's level once a frame, without a render of the templates. */
export class LevelLoop {
  readonly #getTrack: () => MediaStreamTrack | null;
  readonly #getBar: () => HTMLElement | null;
  #meter: LevelMeter | null = null;
  #frame = 0;
  #spokenAtMs = 0;

  constructor(getTrack: () => MediaStreamTrack | null, getBar: () => HTMLElement | null) {
    this.#getTrack = getTrack;
    this.#getBar = getBar;
  }

  /** Starts the loop if there is a microphone, and stops it otherwise. */
  update(): void {
    if (this.#getTrack()) {
      this.#meter ??= new LevelMeter();
      if (this.#frame === 0) this.#frame = requestAnimationFrame((nowMs) => this.#draw(nowMs));
    } else this.stop();
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#meter?.close();
    this.#meter = null;
  }

  #draw(nowMs: number): void {
    const bar = this.#getBar();
    const level = this.#meter?.read(this.#getTrack()) ?? 0;
    bar?.style.setProperty('--level', level.toFixed(3));
    if (bar && nowMs - this.#spokenAtMs > SPOKEN_INTERVAL_MS) {
      this.#spokenAtMs = nowMs;
      bar.setAttribute('aria-valuenow', String(Math.round(level * 100)));
    }
    this.#frame = requestAnimationFrame((nextMs) => this.#draw(nextMs));
  }
}
