import type { SecurePlayer } from '@gatecast/player';
import Hls from 'hls.js/light';
import { openMediaOrigin } from '../../support/backend.js';
import { pause, until } from '../../support/wait.js';

/** The control may play this much, in milliseconds of media, while the player under test does not. */
export const TOLERATED_MS = 250;

const STEP_MS = 10;

const running = new Set<StallMeter>();

/** Bare hls.js on an unsigned copy of the live stream. */
class Control {
  readonly media = document.createElement('video');
  readonly #hls = new Hls();

  constructor() {
    this.media.muted = true;
    this.media.style.width = '160px';
    document.body.append(this.media);
    this.#hls.attachMedia(this.media);
    this.#hls.loadSource(`${openMediaOrigin()}/live/demo-low.m3u8`);
  }

  remove(): void {
    this.#hls.destroy();
    this.media.remove();
  }
}

/** The control of all measurements that run: each further one would cost as much as a player. */
let shared: Control | null = null;

/**
 * Measures how long a player stalls while a control in the same page plays. On a busy machine both stall, which is not
 * counted.
 */
export class StallMeter {
  readonly #player: SecurePlayer;
  readonly #control: HTMLVideoElement;
  #isRunning = true;
  #playerTime = 0;
  #controlTime = 0;
  #sampledAtMs = 0;
  /** Milliseconds of media that the control has played: during the current stall, the longest one, and in total. */
  #stalledMs = 0;
  #longestMs = 0;
  #controlMs = 0;
  #playerMs = 0;

  private constructor(player: SecurePlayer) {
    this.#player = player;
    shared ??= new Control();
    this.#control = shared.media;
    running.add(this);
  }

  /** Resolves when the control plays and the measurement has begun. */
  static async start(player: SecurePlayer): Promise<StallMeter> {
    const meter = new StallMeter(player);
    const control = meter.#control;
    await until(() => control.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA, 'the control to have media');
    await control.play();
    await until(() => control.currentTime > 0 && !control.paused, 'the control to play');
    const begunAt = control.currentTime;
    await until(() => control.currentTime > begunAt + 0.2, 'the control to keep playing');
    void meter.#watch();
    return meter;
  }

  /**
   * Ends the measurement.
   * @returns the most milliseconds of media that the control played during one stall of the player
   * @throws Error when the control itself played too little for a comparison
   */
  stop(): number {
    this.remove();
    if (this.#controlMs < this.#playerMs / 2)
      throw new Error(`The control played ${this.#controlMs} ms and the player ${this.#playerMs} ms.`);
    return this.#longestMs;
  }

  remove(): void {
    this.#isRunning = false;
    running.delete(this);
    if (running.size > 0) return;
    shared?.remove();
    shared = null;
  }

  async #watch(): Promise<void> {
    this.#playerTime = this.#player.currentTime;
    this.#controlTime = this.#control.currentTime;
    this.#sampledAtMs = performance.now();
    while (this.#isRunning) {
      await pause(STEP_MS);
      this.#sample();
    }
  }

  #sample(): void {
    const nowMs = performance.now();
    const elapsedMs = nowMs - this.#sampledAtMs;
    this.#sampledAtMs = nowMs;
    const played = (from: number, to: number): number =>
      // A jump to another place in the stream does not count as playback.
      Math.min(Math.max(0, (to - from) * 1000), elapsedMs * 1.5);
    const { currentTime } = this.#player;
    const controlMs = played(this.#controlTime, this.#control.currentTime);
    this.#controlMs += controlMs;
    this.#playerMs += played(this.#playerTime, currentTime);
    this.#stalledMs = currentTime === this.#playerTime ? this.#stalledMs + controlMs : 0;
    this.#longestMs = Math.max(this.#longestMs, this.#stalledMs);
    this.#playerTime = currentTime;
    this.#controlTime = this.#control.currentTime;
  }
}

/** Removes the controls of measurements that a test did not end. */
export function removeControls(): void {
  for (const meter of running) meter.remove();
}
