import { startDeadline } from '@gatecast/token';
import { asPlaybackError } from '../../source/source-errors.js';
import { reasonOf } from './reason-of.js';
import type { WayKeeperOptions, WayPlayback } from './way-host.js';
import { ATTEMPT_GAP_MS, ATTEMPT_LIMIT_MS, attemptDelayMs, LIVE_WITHIN_S } from './way-limits.js';

export interface FirstChoiceEvents {
  /** It has media, without the media element. */
  onReady(next: WayPlayback): void;
  onFailed(reason: 'blocked' | 'refused' | 'unsupported'): void;
}

/** Tries the first engine of a source while another one plays. Nothing of a failed attempt remains. */
export class FirstChoice {
  readonly #options: WayKeeperOptions;
  readonly #events: FirstChoiceEvents;
  #lastAttemptMs = -Infinity;
  /** Waits for the viewer to come back. */
  #isDue = false;
  #attempt: AbortController | null = null;

  constructor(options: WayKeeperOptions, events: FirstChoiceEvents) {
    this.#options = options;
    this.#events = events;
  }

  /**
   * Makes one attempt after a while: at once when the page wakes or has another network, and none while nobody watches.
   *
   * @param failures - how often it has failed, from 0
   */
  seek(failures: number, hasBroken: boolean, signal: AbortSignal): void {
    const { clock, random, page, host } = this.#options;
    if (signal.aborted) return;
    this.#isDue = false;
    this.#attempt = null;
    const attempt = () => void this.#try(signal);
    // A server or network that comes and goes must not be asked all the time.
    const hurry = () => {
      const earliestMs = this.#lastAttemptMs + ATTEMPT_GAP_MS;
      if (clock.now() >= earliestMs) attempt();
      else stops.push(clock.at(earliestMs, attempt));
    };
    const stops = [
      clock.at(clock.now() + attemptDelayMs(failures, hasBroken, random()), attempt),
      clock.onWake(hurry),
    ];
    page.onNetworkChange(hurry, signal);
    host.media.addEventListener('play', () => this.#isDue && hurry(), { signal });
    // The stream may have started only now.
    if (failures > 0) host.media.addEventListener('loadeddata', hurry, { signal });
    signal.addEventListener('abort', () => stops.forEach((stop) => stop()), { once: true });
  }

  async #try(signal: AbortSignal): Promise<void> {
    const { host, clock } = this.#options;
    const current = host.playback;
    if (this.#attempt || signal.aborted || !current) return;
    this.#isDue = !this.#isWatched(current);
    if (this.#isDue) return;
    this.#lastAttemptMs = clock.now();
    const deadline = startDeadline(clock, ATTEMPT_LIMIT_MS, signal);
    this.#attempt = new AbortController();
    const next = host.create(current.source, 0);
    next.isOnTrial = true;
    try {
      await Promise.race([
        next.prepare(deadline.signal),
        // Its engine reports here why it got nothing.
        next.begun,
        untilAborted(deadline.signal),
      ]);
      // What is prepared outlives the attempt.
      deadline.end();
      if (isOver(signal) || host.playback !== current) next.stop();
      else if (this.#isWatched(current)) this.#events.onReady(next);
      else {
        next.stop();
        this.#isDue = true;
        this.#attempt = null;
      }
    } catch (error) {
      next.stop();
      if (isOver(signal)) return;
      const typed = deadline.isOver ? null : asPlaybackError(error);
      const reason = typed ? reasonOf(typed) : 'blocked';
      host.note('engine-not-restored', { engine: next.engineName, reason, error: typed });
      this.#events.onFailed(reason);
    } finally {
      deadline.end();
    }
  }

  /** Is there a viewer at live, who would see the difference? */
  #isWatched(current: WayPlayback): boolean {
    const { host, page } = this.#options;
    if (page.isHidden() || page.isOffline() || host.media.paused) return false;
    return (current.position().behindLive ?? 0) < LIVE_WITHIN_S;
  }
}

/** A function, because TypeScript would assume that a value read before an `await` is unchanged after it. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (): void => reject(new DOMException('The attempt has ended.', 'AbortError'));
    if (signal.aborted) fail();
    signal.addEventListener('abort', fail, { once: true });
  });
}
