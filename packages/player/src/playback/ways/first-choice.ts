import { retryDelayMs, startDeadline } from '@gatecast/token';
import { asPlaybackError } from '../../source/source-errors.js';
import { quieten } from './quieten.js';
import { reasonOf, type NoPicture } from './reason-of.js';
import { untilAborted } from './until-aborted.js';
import type { WayKeeperOptions, WayPlayback } from './way-host.js';
import {
  ATTEMPT_GAP_MS,
  ATTEMPT_LIMIT_MS,
  askDelayMs,
  attemptDelayMs,
  LIVE_WITHIN_S,
  STREAM_START_AFTER_MS,
} from './way-limits.js';

export interface FirstChoiceWait {
  readonly failures: number;
  readonly hasBroken: boolean;
  readonly retryAfterMs: number | undefined;
}

export interface FirstChoiceEvents {
  /** It has media, without the media element. */
  onReady(next: WayPlayback): void;
  onFailed(cause: NoPicture): void;
}

/** Tries the first engine of a source while another one plays. Nothing of a failed attempt remains. */
export class FirstChoice {
  readonly #options: WayKeeperOptions;
  readonly #events: FirstChoiceEvents;
  #lastAttemptMs = -Infinity;
  /** Waits for the viewer to come back. */
  #isDue = false;
  #attempt: AbortController | null = null;
  /** What played in its place, and could not: one attempt is made early because of that. */
  #fallen: WayPlayback | null = null;
  /** What plays in its place, and has had a picture. */
  #begun: WayPlayback | null = null;

  constructor(options: WayKeeperOptions, events: FirstChoiceEvents) {
    this.#options = options;
    this.#events = events;
  }

  /**
   * Makes one attempt after a while: at once when the page wakes or has another network, and none while nobody watches.
   *
   * @param failures - how often it has failed, from 0
   * @param retryAfterMs - when its server wants to be asked again
   */
  seek({ failures, hasBroken, retryAfterMs }: FirstChoiceWait, signal: AbortSignal): void {
    const { clock, random, page, host } = this.#options;
    const current = host.playback;
    if (signal.aborted || !current) return;
    this.#isDue = false;
    this.#attempt = null;
    const attempt = () => void this.#try(signal);
    // A server or network that comes and goes must not be asked all the time.
    const hurry = (gapMs = ATTEMPT_GAP_MS) => {
      const earliestMs = this.#lastAttemptMs + gapMs;
      if (clock.now() >= earliestMs) attempt();
      else stops.push(clock.at(earliestMs, attempt));
    };
    const fromLast = (count: number) => () => hurry(attemptDelayMs(count, false, random()));
    const stops = [
      clock.at(clock.now() + attemptDelayMs(failures, hasBroken, random()), attempt),
      clock.onWake(() => hurry()),
    ];
    page.onNetworkChange(() => hurry(), signal);
    const onReturn = (): void => {
      if (this.#isDue) hurry();
    };
    for (const type of ['play', 'seeked', 'ratechange'])
      host.media.addEventListener(type, onReturn, { signal });
    signal.addEventListener('abort', () => stops.forEach((stop) => stop()), { once: true });
    const sinceMs = clock.now();
    const onStreamStart = fromLast(Math.min(failures, 1));
    const onBegun = (): void => {
      this.#begun = current;
      if (signal.aborted || failures === 0) return;
      // The stream may have started only now. The first picture of what plays in its place counts only if it was awaited.
      if (clock.now() - sinceMs >= STREAM_START_AFTER_MS) onStreamStart();
      host.media.addEventListener('loadeddata', onStreamStart, { signal });
    };
    current.begun.then(onBegun, () => undefined);
    const isFirst = this.#fallen !== current;
    const ownMs = isFirst ? ATTEMPT_GAP_MS * (0.5 + random() / 2) : askDelayMs(failures, random());
    const waitMs = retryAfterMs === undefined ? ownMs : askedDelayMs(failures, retryAfterMs, random());
    // While nothing plays, it is tried sooner. What waits for a stream reports no failure.
    const check = (): void => {
      if (this.#begun === current || current.state === 'playing') return;
      if (this.#hasNothing(current)) {
        this.#fallen = current;
        attempt();
      } else cancelCheck = clock.at(clock.now() + ATTEMPT_GAP_MS, check);
    };
    let cancelCheck = clock.at(clock.now() + waitMs, check);
    stops.push(() => cancelCheck());
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
    next.isSoundEnough = this.#hasNothing(current);
    const isHeard = quieten(next);
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
      else if (this.#isWatched(current)) {
        isHeard();
        this.#events.onReady(next);
      } else {
        next.stop();
        this.#isDue = true;
        this.#attempt = null;
      }
    } catch (error) {
      next.stop();
      if (isOver(signal)) return;
      const typed = deadline.isOver ? null : asPlaybackError(error);
      const cause = typed ?? 'blocked';
      host.note('engine-not-restored', { engine: next.engineName, reason: reasonOf(cause), error: typed });
      this.#events.onFailed(cause);
    } finally {
      deadline.end();
    }
  }

  /** Has what plays in its place failed, without a picture until now? */
  #hasNothing(current: WayPlayback): boolean {
    return this.#begun !== current && (current.state === 'failed' || current.state === 'recovering');
  }

  /** Is there a viewer at live, who would see the difference, and has not chosen a speed, which the first choice may not have? */
  #isWatched(current: WayPlayback): boolean {
    const { host, page } = this.#options;
    if (page.isHidden() || page.isOffline() || !host.isWanted()) return false;
    return host.media.playbackRate === 1 && (current.position().behindLive ?? 0) < LIVE_WITHIN_S;
  }
}

/** Milliseconds until a server is asked again that has said when. */
function askedDelayMs(failures: number, retryAfterMs: number, random: number): number {
  const waitMs = retryDelayMs({ attempt: failures + 1, random, retryAfterMs, service: 'origin' });
  return Math.max(ATTEMPT_GAP_MS, waitMs);
}

/** A function, because TypeScript would assume that a value read before an `await` is unchanged after it. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}
