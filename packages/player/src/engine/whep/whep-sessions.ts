import { delay, type Authorizer, type Clock, type GatecastError } from '@gatecast/token';
import type { CreatedSession } from '@gatecast/webrtc';
import { asPlaybackError } from '../../source/source-errors.js';
import type { ResolvedEntry } from '../../source/player-source.js';
import type { EngineHost } from '../engine.js';
import { sessionTokens } from './session-tokens.js';
import { ServerWord } from './server-word.js';
import type { ShownMedia } from './shown-media.js';
import { noMedia, whepErrors } from './whep-errors.js';
import type { WhepOptions } from './whep-options.js';
import { WhepSession } from './whep-session.js';

/** A session that was lost after this time is replaced at once; after a shorter one, the player waits before each attempt. */
const STABLE_MS = 5000;
/** Longest wait before a lost session is replaced: a server that ends all of them gets the requests one after the other. */
const SPREAD_MS = 250;
/** Packets come every few milliseconds. */
const ALIVE_MS = 1000;

export interface WhepSessionsOptions {
  readonly host: EngineHost<WhepOptions>;
  readonly authorizer: Authorizer;
  readonly shown: ShownMedia;
  readonly clock: Clock;
  /** Returns a number in [0, 1). */
  readonly random: () => number;
  /** Called when a session is shown in place of the one before it. */
  onShown(session: WhepSession, created: CreatedSession): void;
  /** Called when the session that was shown is lost. */
  onLost(): void;
}

/** A session that is about to be shown. */
interface Attempt {
  readonly session: WhepSession;
  readonly controller: AbortController;
}

/** The session that is shown and the one that is to replace it: what is shown stays until media of the next one has come. */
export class WhepSessions {
  /** What is played, or is to be played. */
  entry: ResolvedEntry;
  /** Another address of the stream, which the server has named. */
  movedTo: string | null = null;
  readonly #options: WhepSessionsOptions;
  readonly #word = new ServerWord();
  /** The session that is shown, or the first one. */
  #current: WhepSession | null = null;
  /** A session that is over, and whose last picture is shown. */
  #lost: WhepSession | null = null;
  #attempt: Attempt | null = null;
  #hasShown = false;
  #isFlowing = false;
  #repaired: WhepSession | null = null;
  #checking: Promise<void> | null = null;
  #isResting = false;
  #flowingSinceMs = Infinity;

  constructor(entry: ResolvedEntry, options: WhepSessionsOptions) {
    this.entry = entry;
    this.#options = options;
  }

  get current(): WhepSession | null {
    return this.#current;
  }

  /** Has media been shown? */
  get hasShown(): boolean {
    return this.#hasShown;
  }

  /** Does media come in? */
  get isFlowing(): boolean {
    return this.#isFlowing;
  }

  get isResting(): boolean {
    return this.#isResting;
  }

  /** Is a session opened or repaired, or is media not to be expected? */
  get isBusy(): boolean {
    return this.#attempt !== null || this.#isRepairing || this.#word.isInactive;
  }

  /** A session that is closed meanwhile is not repaired. */
  get #isRepairing(): boolean {
    return this.#repaired !== null && this.#repaired === this.#current;
  }

  /** Plays another entry in place of the one before. */
  play(entry: ResolvedEntry): Promise<void> {
    this.entry = entry;
    this.movedTo = null;
    this.#stopAttempt();
    return this.connect();
  }

  /** Opens a session. Failures are reported. */
  async connect(waitMs = 0): Promise<void> {
    const { host, clock, shown } = this.#options;
    if (this.#attempt || this.#isResting || host.signal.aborted) return;
    const controller = new AbortController();
    const { signal } = controller;
    let session: WhepSession | null = null;
    try {
      session = this.#create();
      this.#attempt = { session, controller };
      this.#current ??= session;
      if (waitMs > 0) await delay(clock, waitMs, signal);
      const created = await session.open(signal);
      if (this.#current !== session) await session.whenPicture(signal);
      signal.throwIfAborted();
      if (session.tracks.length === 0 && this.#hasShown) throw noMedia();
      this.#attempt = null;
      const old = this.#current;
      this.#current = session;
      shown.show(session.tracks);
      if (old !== session) void old.close();
      this.#hasShown = true;
      this.#word.shown(clock.now());
      this.#onFlowing();
      this.#options.onShown(session, created);
    } catch (error) {
      if (this.#attempt?.controller === controller) this.#attempt = null;
      this.#drop(session);
      if (!signal.aborted) this.#onFailure(error);
    }
  }

  /** Loads again what does not come, after an error or when the network is back. */
  recover(): void {
    this.#isResting = false;
    void this.check();
  }

  /** Replaces the session because its server asks for that. */
  reconnect(url: string | null): void {
    const { clock, random } = this.#options;
    if (this.#attempt) return;
    this.movedTo = url;
    void this.connect(this.#word.reconnectWaitMs(clock.now(), random()));
  }

  /** Ends the session. The last picture stays. */
  rest(): void {
    this.#isResting = true;
    this.#isFlowing = false;
    this.#stopAttempt();
    this.#drop(this.#current);
  }

  /** Ends the session that is shown, because the access to its stream has ended. */
  drop(): void {
    this.#isFlowing = false;
    this.#drop(this.#current);
  }

  /** Is the session alive, as it seems to be? If not, it is repaired or replaced. */
  check(): Promise<void> {
    return (this.#checking ??= this.#check().finally(() => {
      this.#checking = null;
    }));
  }

  async #check(): Promise<void> {
    const session = this.#current;
    if (this.#attempt || this.#isRepairing || this.#isResting) return;
    if (!session || session === this.#lost) {
      await this.connect();
      return;
    }
    const isAlive = await session.isAlive(ALIVE_MS);
    if (session !== this.#current || session.signal.aborted) return;
    if (!isAlive) {
      if (!this.#word.isInactive) await this.#repair(session);
    } else if (!this.#isFlowing) this.#onFlowing();
  }

  /** @param isActive - is there a broadcast of the stream, as its server says? */
  setActive(isActive: boolean): void {
    if (isActive !== this.#word.isInactive) return;
    this.#word.isInactive = !isActive;
    if (isActive) {
      if (!this.#isFlowing) void this.check();
      return;
    }
    this.#isFlowing = false;
    this.#stopAttempt();
    this.#options.host.report({ type: 'awaited' });
  }

  #create(): WhepSession {
    const { host, authorizer, clock, shown, random } = this.#options;
    const { entry } = this;
    const isShown = () => this.#current === session;
    const session: WhepSession = new WhepSession({
      context: {
        tokens: sessionTokens(authorizer, entry.stream),
        clock,
        errors: whepErrors,
        protocol: 'whep',
        log: (name, details = {}) => host.report({ type: 'note', name, details }),
      },
      entry,
      endpoint: this.movedTo ?? entry.whepUrl ?? '',
      config: host.options.whepConfig,
      random,
      events: {
        onTracks: () => isShown() && shown.show(session.tracks),
        onInterrupted: () => isShown() && void this.#repair(session),
        onLost: (error) => isShown() && this.#onLost(session, error),
        onSilent: () => isShown() && this.#onSilent(),
        onFlowing: () => isShown() && this.#onFlowing(),
        onPackets: () => isShown() && this.#word.isDisproved() && this.#onFlowing(),
      },
    });
    return session;
  }

  #onFlowing(): void {
    this.#isFlowing = true;
    this.#lost = null;
    this.#word.isInactive = false;
    this.#flowingSinceMs = this.#options.clock.now();
    // What was to replace it is not needed.
    this.#stopAttempt();
    this.#options.host.report({ type: 'resumed' });
  }

  async #repair(session: WhepSession): Promise<void> {
    if (this.#isRepairing || this.#attempt) return;
    this.#repaired = session;
    this.#isFlowing = false;
    const lost = whepErrors.connection('lost');
    this.#options.host.report({ type: 'trouble', error: lost });
    const isRepaired = await session.restart().then(
      () => true,
      () => false,
    );
    if (this.#repaired === session) this.#repaired = null;
    if (session !== this.#current || session.signal.aborted) return;
    if (isRepaired) this.#onFlowing();
    else this.#onLost(session, lost);
  }

  #onLost(session: WhepSession, error: Error): void {
    const { host, clock, random } = this.#options;
    const isStable = clock.now() - this.#flowingSinceMs > STABLE_MS;
    this.#isFlowing = false;
    this.#lost = session;
    if (this.#attempt || this.#isRepairing || this.#isResting) return;
    this.#flowingSinceMs = Infinity;
    this.#options.onLost();
    const details = { error: asPlaybackError(error), statistics: session.statistics };
    host.report({ type: 'note', name: 'whep-lost', details });
    if (!isStable) {
      this.#onFailure(error);
      return;
    }
    this.#reportTrouble(asPlaybackError(error));
    void this.connect(1 + random() * SPREAD_MS);
  }

  /** Another session may get media, for example from a server that does not move old ones to a new broadcast. */
  #onSilent(): void {
    this.#isFlowing = false;
    if (this.#word.isInactive) return;
    this.#reportTrouble(noMedia());
    void this.connect();
  }

  #onFailure(error: unknown): void {
    const { host } = this.#options;
    const typed = asPlaybackError(error);
    this.movedTo = null;
    if (!typed) return;
    if (this.#isFlowing && this.#current) {
      host.report({ type: 'note', name: 'whep-not-replaced', details: { error: typed } });
      this.entry = this.#current.entry;
    } else host.report({ type: 'error', error: typed, isResumable: true });
  }

  #reportTrouble(error: GatecastError | null): void {
    if (error) this.#options.host.report({ type: 'trouble', error });
  }

  #stopAttempt(): void {
    const attempt = this.#attempt;
    this.#attempt = null;
    attempt?.controller.abort();
    if (attempt && attempt.session !== this.#current) void attempt.session.close();
  }

  #drop(session: WhepSession | null): void {
    if (session === this.#current) this.#current = null;
    void session?.close();
  }
}
