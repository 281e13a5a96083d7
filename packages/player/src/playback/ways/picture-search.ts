import { startDeadline } from '@gatecast/token';
import { after } from './after.js';
import { mayHavePicture } from './prepared-media.js';
import { quieten } from './quieten.js';
import type { SpareWay } from './spare-way.js';
import { untilAborted } from './until-aborted.js';
import type { WayKeeperOptions, WayPlayback } from './way-host.js';
import { ATTEMPT_LIMIT_MS, attemptDelayMs } from './way-limits.js';

/** Longer than the longest wait between two looks. */
const FORGOTTEN_AFTER_MS = 10 * 60_000;

/**
 * Looks for a picture of the next engine while only the sound of a stream plays, since its picture was refused and the next engine had
 * nothing. What plays is not interrupted before there is one.
 */
export class PictureSearch {
  readonly #options: WayKeeperOptions;
  readonly #spare: SpareWay;
  readonly #onFound: (current: WayPlayback) => void;
  /** They count until a while has passed without one: a picture that is announced and never comes must not cost a change every few seconds. */
  #looks = 0;
  #lastLookMs = 0;
  /** Of the last call of {@link seek}. */
  #turn = 0;

  /** @param onFound - called when the next engine, which is the spare then, has a picture */
  constructor(options: WayKeeperOptions, spare: SpareWay, onFound: (current: WayPlayback) => void) {
    this.#options = options;
    this.#spare = spare;
    this.#onFound = onFound;
  }

  /** Looks after a while, again and again until the signal aborts or what plays has a picture. Another call ends this one. */
  seek(current: WayPlayback, signal: AbortSignal): void {
    this.#turn += 1;
    if (this.#options.clock.now() - this.#lastLookMs > FORGOTTEN_AFTER_MS) this.#looks = 0;
    this.#lookLater(current, signal, this.#turn);
  }

  #lookLater(current: WayPlayback, signal: AbortSignal, turn: number): void {
    const { clock, random } = this.#options;
    const delayMs = attemptDelayMs(this.#looks, true, random());
    after(clock, delayMs, signal, () => void this.#look(current, signal, turn));
  }

  async #look(current: WayPlayback, signal: AbortSignal, turn: number): Promise<void> {
    const { host, page } = this.#options;
    const isDue = (): boolean => turn === this.#turn && this.#isSoundAlone(current);
    if (!isDue()) return;
    if (!page.isHidden() && !page.isOffline() && host.isWanted()) {
      this.#looks += 1;
      this.#lastLookMs = this.#options.clock.now();
      const next = host.create(current.source, current.ways.indexOf(current.engineName) + 1);
      next.isOnTrial = true;
      const isHeard = quieten(next);
      // Meanwhile, the next broadcast may have begun.
      if ((await this.#hasPicture(next, signal)) && isDue()) {
        isHeard();
        this.#spare.put(next);
        this.#onFound(current);
        return;
      }
      next.stop();
    }
    if (!signal.aborted) this.#lookLater(current, signal, turn);
  }

  #isSoundAlone(current: WayPlayback): boolean {
    if (this.#options.host.hasPicture()) current.isSoundEnough = false;
    return current.isSoundEnough;
  }

  async #hasPicture(next: WayPlayback, signal: AbortSignal): Promise<boolean> {
    const deadline = startDeadline(this.#options.clock, ATTEMPT_LIMIT_MS, signal);
    const prepared = next.prepare(deadline.signal);
    const media = await Promise.race([prepared, untilAborted(deadline.signal)]).catch(() => null);
    // What is prepared outlives the attempt.
    deadline.end();
    return !signal.aborted && mayHavePicture(media);
  }
}
