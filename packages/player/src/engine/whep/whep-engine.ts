import { lazyPart, systemClock, type Authorizer, type Clock } from '@gatecast/token';
import type { CreatedSession } from '@gatecast/webrtc';
import type { ResolvedEntry } from '../../source/player-source.js';
import { asPlaybackError, missingSource } from '../../source/source-errors.js';
import type { Engine, EngineHost, EngineReport, EntryChangeReason } from '../engine.js';
import { partRequest } from '../engine-part.js';
import { whepAuthorizer } from './session-tokens.js';
import { ShownMedia } from './shown-media.js';
import type { Upkeep } from './upkeep.js';
import { missingWebrtc, noMedia } from './whep-errors.js';
import type { WhepOptions } from './whep-options.js';
import type { WhepSession } from './whep-session.js';
import { WhepSessions } from './whep-sessions.js';

/** Few pages have options of this engine. */
const optionsPart = lazyPart(
  'checkWhepOptions',
  async () => (await import('./check-whep-options.js')).checkWhepOptions,
);
const upkeepPart = lazyPart('Upkeep', async () => (await import('./upkeep.js')).Upkeep);

const HAVE_ENOUGH_DATA = 4;

/** What tests replace. */
export interface WhepEnvironment {
  readonly clock?: Clock;
  /** Returns a number in [0, 1). */
  readonly random?: () => number;
  /** Loads the part that is not needed before the first picture. */
  readonly loadUpkeep?: () => Promise<typeof Upkeep>;
}

/** Plays by WHEP. What goes wrong is repaired beside the picture that is shown, which stays until there is another. */
export class WhepEngine implements Engine {
  readonly version = 'WHEP, the browser’s own WebRTC';
  /** Media time goes on, or another session is needed. */
  readonly unsticksItself = true;
  readonly #host: EngineHost<WhepOptions>;
  readonly #onward: (report: EngineReport) => void;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #loadPart: () => Promise<typeof Upkeep>;
  readonly #media: HTMLVideoElement;
  readonly #shown: ShownMedia;
  readonly #authorizer: Authorizer;
  readonly #leftOut = new Set<string>();
  readonly #sessions: WhepSessions;
  /** `null` until the first picture is shown. */
  #upkeep: Upkeep | null = null;
  #prepared: Promise<void> | null = null;
  /** What is reported when the media element shows it; `null` from then on. */
  #held: EngineReport[] | null = [];
  #reason: EntryChangeReason = 'start';
  /** Index of the entry that was reported last; `null` if a layer was. */
  #reported: number | null = null;

  constructor(
    host: EngineHost<WhepOptions>,
    {
      clock = systemClock,
      random = Math.random,
      loadUpkeep = () => upkeepPart(partRequest(host)),
    }: WhepEnvironment = {},
  ) {
    this.#host = { ...host, report: this.#report };
    this.#onward = (report) => host.report(report);
    this.#clock = clock;
    this.#random = random;
    this.#loadPart = loadUpkeep;
    this.#media = host.output.video;
    this.#shown = new ShownMedia(this.#media);
    this.#authorizer = whepAuthorizer(host);
    const { entries, startIndex } = host.source;
    const [first] = entries;
    const entry = entries.find(({ index }) => index === startIndex) ?? first;
    if (!entry) throw missingSource();
    this.#sessions = new WhepSessions(entry, {
      host: this.#host,
      authorizer: this.#authorizer,
      shown: this.#shown,
      clock,
      random,
      onShown: (session, created) => void this.#onShown(session, created),
      onLost: (error, hasEnded) => this.#onLost(error, hasEnded),
      onQuiet: () => this.#upkeep?.probe(),
    });
  }

  async load(): Promise<void> {
    // Before any `play()` of the page, which a later source would interrupt.
    this.#shown.attach();
    const held = this.#held ?? [];
    this.#held = null;
    for (const report of held) this.#onward(report);
    await (this.#prepared ??= this.#open());
  }

  /**
   * Opens a session without the media element, which may play something else. Resolves when it can be shown.
   *
   * @throws GatecastError why none comes.
   */
  async prepare(): Promise<void> {
    await (this.#prepared ??= this.#open());
    // What plays is asked for nothing beside its start.
    if (this.#held) await this.#sessions.current?.whenDecoded(this.#host.signal);
    if (!this.#sessions.hasShown) throw noMedia();
  }

  async #open(): Promise<void> {
    const { options, signal, tokens } = this.#host;
    const { whepConfig, drm } = options;
    if (drm || Object.keys(whepConfig).length > 0) (await optionsPart(partRequest(this.#host)))(options);
    if (signal.aborted) return;
    if (!('RTCPeerConnection' in globalThis)) throw missingWebrtc();
    // A page with an open connection is not kept for the way back.
    addEventListener('pagehide', () => this.stopLoading(), { signal });
    this.#media.addEventListener('play', () => this.#sessions.isResting && this.recover(), { signal });
    const stops = [
      this.#clock.onWake(() => this.recover()),
      tokens?.onRefreshed((stream) => this.#onRefreshed(stream)),
    ];
    signal.addEventListener('abort', () => stops.forEach((stop) => stop?.()), { once: true });
    this.#host.report({ type: 'live', isLive: true });
    this.#reportEntries();
    await this.#sessions.connect();
  }

  /** What is shown is live. */
  get livePosition(): number | null {
    return this.#sessions.hasShown ? this.#media.currentTime : null;
  }

  get isStill(): boolean {
    const { hasShown, isFlowing } = this.#sessions;
    return hasShown && !isFlowing && !this.#media.paused;
  }

  get isRetrying(): boolean {
    return this.#sessions.isBusy;
  }

  get details(): Readonly<Record<string, unknown>> {
    return this.#upkeep?.details ?? { statistics: null };
  }

  /** Playback that is paused, and whose session has ended, begins again with `play()`, unless it is to begin by itself. */
  recover(): void {
    const { isResting } = this.#sessions;
    if (!isResting || !this.#media.paused || this.#awaitsAutoplay) this.#sessions.recover();
  }

  /** An element that has not begun by itself yet is paused, and has no `play` event when the page comes back. */
  get #awaitsAutoplay(): boolean {
    const { autoplay, played, readyState } = this.#media;
    const isWanted = autoplay && this.#host.output.intent !== 'pause';
    return isWanted && played.length === 0 && readyState < HAVE_ENOUGH_DATA;
  }

  /** Ends the session, for example of a long pause. */
  stopLoading(): void {
    this.#sessions.rest();
    this.#upkeep?.stop();
  }

  switchEntry(index: number | 'auto'): void {
    if (this.#upkeep?.choose(index) || index === 'auto') return;
    const entry = this.#entries().find((each) => each.index === index);
    if (!entry) throw new RangeError(`switchEntry: no entry has the index ${String(index)}`);
    if (entry === this.#sessions.entry) return;
    this.#reason = 'manual';
    void this.#sessions.play(entry);
  }

  leaveOut(stream: string): boolean {
    this.#leftOut.add(stream);
    const sessions = this.#sessions;
    if (sessions.shownEntry?.stream === stream) sessions.shownEntry = null;
    const [next] = this.#entries();
    if (!next) return false;
    this.#reportEntries();
    if (sessions.entry.stream !== stream) return true;
    sessions.drop();
    this.#reason = 'abr';
    void sessions.play(next);
    return true;
  }

  destroy(): void {
    this.stopLoading();
    this.#shown.detach();
  }

  async #onShown(session: WhepSession, created: CreatedSession): Promise<void> {
    this.#upkeep?.stop();
    this.#reportEntry(session);
    // Its code would take time from the decoder of the first picture.
    if (!this.#upkeep) await this.#shown.whenPicture(this.#clock, session.signal);
    if (this.#sessions.current !== session) return;
    try {
      this.#upkeep ??= await this.#loadUpkeep();
    } catch {
      // Noted there. The next session asks again.
      return;
    }
    if (this.#sessions.current === session) this.#upkeep.shown(session, created);
  }

  async #loadUpkeep(): Promise<Upkeep> {
    const Part = await this.#loadPart();
    return (this.#upkeep ??= new Part({
      host: this.#host,
      authorizer: this.#authorizer,
      clock: this.#clock,
      random: this.#random,
      orders: {
        onActive: (isActive) => this.#sessions.setActive(isActive),
        onReconnect: (url) => this.#sessions.reconnect(url),
        onLayersGone: () => this.#onLayersGone(),
      },
      replace: () => void this.#sessions.connect(),
      rest: () => this.stopLoading(),
    }));
  }

  #onLost(error: Error, hasEnded: boolean): void {
    const statistics = this.#upkeep?.statistics ?? null;
    const details = { error: asPlaybackError(error), statistics };
    this.#host.report({ type: 'note', name: 'whep-lost', details });
    this.#upkeep?.lost(hasEnded);
  }

  #onRefreshed(stream: string): void {
    const { entry, isFlowing } = this.#sessions;
    if (stream === entry.stream) this.#upkeep?.renewed(isFlowing);
  }

  readonly #report = (report: EngineReport): void => {
    if (this.#held && report.type !== 'error' && report.type !== 'note') this.#held.push(report);
    else {
      this.#upkeep?.reported(report);
      this.#onward(report);
    }
  };

  #onLayersGone(): void {
    const { current } = this.#sessions;
    if (this.#host.signal.aborted) return;
    this.#reported = null;
    this.#reportEntries();
    if (current) this.#reportEntry(current);
  }

  #entries(): ResolvedEntry[] {
    return this.#host.source.entries.filter(({ stream }) => !this.#leftOut.has(stream));
  }

  #reportEntries(): void {
    this.#host.report({ type: 'renditions', renditions: this.#entries() });
  }

  #reportEntry({ entry: { index } }: WhepSession): void {
    if (index !== this.#reported) this.#host.report({ type: 'entry', index, reason: this.#reason });
    this.#reported = index;
    // A session that replaces it later is not chosen by the viewer.
    this.#reason = 'start';
  }
}

const engines = new WeakMap<EngineHost<WhepOptions>, WhepEngine>();

/** The engine of a host: what is prepared is what plays. It ends with the host's signal, also if it never plays. */
export function whepEngine(host: EngineHost<WhepOptions>): WhepEngine {
  const known = engines.get(host);
  if (known) return known;
  const engine = new WhepEngine(host);
  engines.set(host, engine);
  // After all that ends with the signal by itself.
  host.signal.addEventListener('abort', () => queueMicrotask(() => engine.destroy()), { once: true });
  return engine;
}
