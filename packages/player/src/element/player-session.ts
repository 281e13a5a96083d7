import { BlockedByPolicy, EventLog, SecureErrorEvent, VERSION } from '@gatecast/element';
import { redact, systemClock, type Cancel, type EditPlaylist, type GatecastError } from '@gatecast/token';
import type { Rendition } from '../engine/engine.js';
import { describeMedia } from '../media/describe-media.js';
import type { MediaOutput } from '../media/media-output.js';
import { AnsweredSource, type AnsweredParts } from '../playback/answered-source.js';
import type { UpdateStatus } from '../playback/change-source.js';
import {
  PlaybackController,
  type PlayerCoreHost,
  type PlayerSettings,
  type UpdateOptions,
} from '../playback/playback-controller.js';
import type { PlaybackHost } from '../playback/playback-host.js';
import type { Playback } from '../playback/playback.js';
import type { PlayerSource, ResolvedSource } from '../source/player-source.js';
import { missingSource } from '../source/source-errors.js';
import { asInputError } from './as-input-error.js';
import { createLoadGate } from './load-gate.js';
import {
  SecureEntryChangedEvent,
  SecureSourceUpdatedEvent,
  SecureStreamAwaitedEvent,
} from './player-events.js';
import { isProtected, readSettings, readTokenSettings } from './read-settings.js';
import { answeredStream, findSource, namesSource, sourceOf, type SessionElement } from './session-element.js';

/** Time after which an element without a source, or without a source of tokens, reports an error. */
const SOURCE_GRACE_MS = 1500;

/** All that an element plays, one source after the other, and what it reports about it. */
export class PlayerSession implements PlayerCoreHost {
  readonly element: SessionElement;
  readonly output: MediaOutput;
  readonly log = new EventLog();
  /** Index of the rendition that plays; -1 before one does. */
  activeIndex = -1;
  /** Rendition that the viewer chose. */
  chosen: number | 'auto' = 'auto';
  /** Plays instead of the source. */
  mediaObject: MediaProvider | null = null;
  streamType: 'live' | 'on-demand' | 'unknown' = 'unknown';
  /** The error that playback ended with, or that lets it stand still. */
  error: GatecastError | null = null;
  /** Does playback wait for a stream that has not started yet? */
  isStreamAwaited = false;
  readonly #onChanged: () => void;
  readonly #core = new PlaybackController(this);
  readonly #policy = new BlockedByPolicy();
  #renditions: readonly Rendition[] = [];
  #cancelGrace: Cancel | null = null;
  #answered: AnsweredSource | null = null;
  readonly #gate = createLoadGate(this);
  /** Where playback begins, until its first picture. */
  #startAt: Promise<EditPlaylist> | null = null;
  /** What came with the token response that named the source. */
  #answer: AnsweredParts = {};
  #isSourced: Promise<void> = Promise.resolve();

  /** @param onChanged - called when something that the element shows has changed */
  constructor(element: SessionElement, output: MediaOutput, onChanged: () => void) {
    this.element = element;
    this.output = output;
    this.#onChanged = onChanged;
  }

  get playback(): Playback | null {
    return this.#core.playback;
  }

  /** Resolves when the page can call `play()` without the call being interrupted by a source. */
  async readyToPlay(): Promise<void> {
    await this.#isSourced;
    await this.playback?.readyToPlay();
  }

  /** Best first; the entries of the source until the engine reports its renditions. */
  get renditions(): readonly Rendition[] {
    return this.#renditions.length > 0 ? this.#renditions : (this.playback?.entries ?? []);
  }

  get activeRendition(): Rendition | null {
    return this.renditions.find(({ index }) => index === this.activeIndex) ?? null;
  }

  /**
   * Loads the source of the element.
   *
   * @param isAsked - the page called `play()`, so that `preload` does not count
   * @returns whether there is a source that is not loaded before playback is requested
   */
  load(isAsked: boolean): boolean {
    this.#policy.start(this.element.ownerDocument);
    const { video } = this.output;
    if (video.srcObject !== this.mediaObject) video.srcObject = this.mediaObject;
    if (this.mediaObject) return false;
    const { preload, autoplay } = this.element;
    const isPreloadNone = preload === 'none';
    const isWanted = isAsked || autoplay || !isPreloadNone;
    if (this.#gate.isClosed(isAsked, isWanted)) return false;
    const source = findSource(this.element);
    const isAnswered = source === null && namesSource(this.element);
    if (isAnswered && isWanted) {
      this.#isSourced = this.#requestSource();
    } else if (isAnswered) {
      return true;
    } else if (!source) {
      this.#inGrace(missingSource(), isWanted && isPreloadNone ? 0 : SOURCE_GRACE_MS);
    } else if (isWanted) {
      this.#load(source);
    }
    return source !== null && !isWanted;
  }

  /** What the overlay shows. */
  shown() {
    const { playback, chosen, error: fatalError, isStreamAwaited } = this;
    const source = playback?.source ?? null;
    const isSourceProtected = isProtected(this.element, source);
    return { playback, fatalError, isStreamAwaited, chosen, source, isProtected: isSourceProtected };
  }

  /** Plain JSON for a support ticket; no token, no signed query. */
  diagnostics(): Record<string, unknown> {
    return redact({
      gatecast: VERSION,
      userAgent: navigator.userAgent,
      atMs: Date.now(),
      playback: this.playback?.toJSON() ?? null,
      activeIndex: this.activeIndex,
      media: describeMedia(this.output.media),
      error: this.error,
      events: this.log.toJSON(),
    }) as Record<string, unknown>;
  }

  /** Changes where tokens are fetched. Nothing is interrupted, but what has failed is tried again. */
  setTokenSettings(): void {
    const settings = this.#attempt(() => readTokenSettings(this.element));
    if (!settings) return;
    if (this.playback) {
      this.playback.setTokenSettings(settings);
      if (this.error?.code === 'option-invalid') this.#setError(null);
      return;
    }
    const again = this.#answered?.setSettings(settings);
    if (!again) return;
    this.#cancelGrace?.();
    this.#setError(null);
    this.#isSourced = again;
  }

  unload(): void {
    this.#policy.stop();
    this.output.intent = null;
    this.#cancelGrace?.();
    this.#answered?.stop();
    this.#gate.stop();
    this.#startAt = null;
    this.#core.unload();
    this.#renditions = [];
    this.activeIndex = -1;
    this.chosen = 'auto';
    this.#setStreamType('unknown');
    this.#setError(null);
  }

  /** @throws GatecastError why the next source cannot be played; the old one plays on. */
  updateSource(source: PlayerSource, options: UpdateOptions): Promise<{ status: UpdateStatus }> {
    return this.#core.updateSource(source, options);
  }

  /** Switches to a rendition by its index, or back to adaptive switching. */
  switchEntry(index: number | 'auto'): void {
    this.playback?.switchEntry(index);
    this.chosen = index;
    this.#onChanged();
  }

  settings(source: ResolvedSource): PlayerSettings {
    return { ...readSettings(this.element, source), ...this.#answer, startAt: this.#startAt };
  }

  onReport(report: Parameters<PlaybackHost['onReport']>[0]): void {
    this.#onChanged();
    switch (report.type) {
      case 'renditions':
        this.#renditions = report.renditions;
        break;
      case 'live':
        this.#setStreamType(report.isLive ? 'live' : 'on-demand');
        break;
      case 'entry': {
        const { index, reason } = report;
        this.activeIndex = index;
        const label = this.activeRendition?.label ?? '';
        this.log.add(SecureEntryChangedEvent.type, { index, label, reason });
        this.element.dispatchEvent(new SecureEntryChangedEvent(index, label, reason));
      }
    }
  }

  onError(cause: GatecastError | null): void {
    this.#cancelGrace?.();
    // The page may say a little later where tokens come from, as it does for a tag that a server has rendered.
    if (cause?.code === 'token-source-missing') this.#inGrace(cause);
    else this.#report(cause);
  }

  #report(cause: GatecastError | null): void {
    const error = cause && this.#policy.explain(cause);
    this.#setError(error);
    if (!error) return;
    this.log.add(SecureErrorEvent.type, { error });
    this.element.dispatchEvent(new SecureErrorEvent(error));
    this.element.dispatchEvent(new Event('error'));
  }

  onStreamAwaited(isAwaited: boolean): void {
    if (isAwaited === this.isStreamAwaited) return;
    this.isStreamAwaited = isAwaited;
    this.#onChanged();
    this.log.add(SecureStreamAwaitedEvent.type, { isAwaited });
    this.element.dispatchEvent(new SecureStreamAwaitedEvent(isAwaited));
  }

  onSourceUpdated(status: UpdateStatus, changed: readonly string[]): void {
    // The page has a source now. What a response names comes too late, and so does an error that there is none.
    this.#answered?.stop();
    this.#cancelGrace?.();
    // The viewer chose among the renditions of the old source.
    if (status === 'updated' && changed.some((part) => part !== 'security')) this.chosen = 'auto';
    this.log.add(SecureSourceUpdatedEvent.type, { status, changed });
    this.element.dispatchEvent(new SecureSourceUpdatedEvent(status, changed));
  }

  /** Plays what the token response names. A page may set the source a little later, so errors wait for a moment. */
  async #requestSource(): Promise<void> {
    const { element, log } = this;
    const settings = this.#attempt(() => readTokenSettings(this.element));
    if (!settings) return;
    const startedAtMs = systemClock.now();
    this.#answered = new AnsweredSource({
      host: element,
      log,
      settings,
      stream: answeredStream(element),
      token: element.token,
      onSource: (url, stream, answer) => {
        this.#answer = answer;
        this.#load(sourceOf(url, stream, element));
        this.#answer = {};
        return this.playback !== null;
      },
      onError: (error) => {
        this.#inGrace(error, startedAtMs + SOURCE_GRACE_MS - systemClock.now());
      },
    });
    await this.#answered.start();
  }

  #load(source: PlayerSource): void {
    this.#cancelGrace?.();
    this.#attempt(() => {
      this.#startAt = this.#gate.begin();
      this.#core.load(source);
    });
  }

  /** Reports an attribute or property with an invalid value. Returns `null` then. */
  #attempt<Result>(action: () => Result): Result | null {
    try {
      return action();
    } catch (error) {
      this.onError(asInputError(error));
      return null;
    }
  }

  #setError(error: GatecastError | null): void {
    if (error === this.error) return;
    this.error = error;
    this.#onChanged();
  }

  #setStreamType(streamType: this['streamType']): void {
    if (streamType === this.streamType) return;
    this.streamType = streamType;
    this.element.dispatchEvent(new Event('streamtypechange'));
  }

  /** A page may set a little later what is missing; an element that stays without it reports an error. */
  #inGrace(error: GatecastError, graceMs = SOURCE_GRACE_MS): void {
    this.#cancelGrace?.();
    this.#cancelGrace = systemClock.at(systemClock.now() + graceMs, () => {
      this.#report(error);
    });
  }
}
