import type { Authorizer, Clock } from '@gatecast/token';
import type { CreatedSession } from '@gatecast/webrtc';
import { asPlaybackError } from '../../source/source-errors.js';
import type { ResolvedEntry } from '../../source/player-source.js';
import type { EngineHost } from '../engine.js';
import { NextSession } from './next-session.js';
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
  /** Called when the session that was shown is lost. `hasEnded`: its server has ended it. */
  onLost(error: Error, hasEnded: boolean): void;
  /** Called after the first second without a packet. */
  onQuiet(): void;
}

/** The session that is shown and the one that is to replace it: what is shown stays until media of the next one has come. */
export class WhepSessions {
  /** What is played, or is to be played. */
  entry: ResolvedEntry;
  /** Of the last session that was shown: what is played again if another entry fails. */
  shownEntry: ResolvedEntry | null = null;
  /** Another address of the stream, which the server has named. */
  #movedTo: string | null = null;
  readonly #options: WhepSessionsOptions;
  readonly #word = new ServerWord();
  readonly #next: NextSession;
  /** The session that is shown. */
  #current: WhepSession | null = null;
  /** A session that is over, and whose last picture is shown. */
  #lost: WhepSession | null = null;
  #hasShown = false;
  #isFlowing = false;
  #repaired: WhepSession | null = null;
  #checking: Promise<void> | null = null;
  #isResting = false;
  #flowingSinceMs = Infinity;

  constructor(entry: ResolvedEntry, options: WhepSessionsOptions) {
    this.entry = entry;
    this.#options = options;
    this.#next = new NextSession({
      clock: options.clock,
      create: () => this.#create(),
      isReplacing: () => this.#hasShown,
      show: (session, created) => this.#show(session, created),
    });
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
    return this.#next.isOpening || this.#isRepairing || this.#word.isInactive;
  }

  /** A session that is closed meanwhile is not repaired. */
  get #isRepairing(): boolean {
    return this.#repaired !== null && this.#repaired === this.#current;
  }

  /** Plays another entry in place of the one before. */
  play(entry: ResolvedEntry): Promise<void> {
    this.entry = entry;
    this.#movedTo = null;
    this.#next.stop();
    return this.connect();
  }

  /**
   * Opens a session. Failures are reported.
   *
   * @param isRepair - is it needed only until the session that is shown works again?
   */
  async connect(waitMs = 0, isRepair = false): Promise<void> {
    if (this.#next.isOpening || this.#isResting || this.#options.host.signal.aborted) return;
    try {
      await this.#next.open(waitMs, isRepair);
    } catch (error) {
      this.#onFailure(error);
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
    if (this.#next.isPending) return;
    this.#movedTo = url;
    void this.connect(this.#word.reconnectWaitMs(clock.now(), random()));
  }

  /** Ends the session. The last picture stays. */
  rest(): void {
    this.#isResting = true;
    this.#next.stop();
    this.drop();
  }

  /** Ends the session that is shown, for example because the access to its stream has ended. */
  drop(): void {
    this.#isFlowing = false;
    this.#word.isInactive = false;
    this.#checking = null;
    void this.#current?.close();
    this.#current = null;
  }

  /** Is the session alive, as it seems to be? If not, it is repaired or replaced. */
  check(): Promise<void> {
    return (this.#checking ??= this.#check().finally(() => {
      this.#checking = null;
    }));
  }

  async #check(): Promise<void> {
    const session = this.#current;
    if (this.#next.isOpening || this.#isRepairing || this.#isResting) return;
    if (!session || session === this.#lost) {
      await this.connect(0, true);
      return;
    }
    const isAlive = await session.isAlive(ALIVE_MS);
    if (session !== this.#current || session === this.#lost) return;
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
    this.#next.stopRepair();
    this.#options.host.report({ type: 'awaited' });
  }

  #create(): WhepSession {
    const { host, authorizer, clock, shown } = this.#options;
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
      endpoint: this.#movedTo ?? entry.whepUrl ?? '',
      options: host.options,
      needsPicture: entry.url !== null && host.needsPicture?.() === true,
      events: {
        onTracks: () => isShown() && shown.show(session.tracks),
        onInterrupted: () => isShown() && void this.#repair(session),
        onLost: (error, hasEnded) => isShown() && this.#onLost(session, error, hasEnded),
        onQuiet: () => isShown() && this.#options.onQuiet(),
        onStopped: () => isShown() && this.#onSilent(),
        onFlowing: () => isShown() && this.#onFlowing(),
        onPackets: () => isShown() && this.#word.isDisproved() && this.#onFlowing(),
      },
    });
    return session;
  }

  #show(session: WhepSession, created: CreatedSession): void {
    const { shown, clock } = this.#options;
    const old = this.#current;
    this.#current = session;
    this.shownEntry = session.entry;
    session.watch();
    shown.show(session.tracks);
    void old?.close();
    this.#hasShown = true;
    this.#word.shown(clock.now());
    this.#onFlowing();
    this.#options.onShown(session, created);
  }

  #onFlowing(): void {
    this.#isFlowing = true;
    this.#lost = null;
    this.#word.isInactive = false;
    this.#flowingSinceMs = this.#options.clock.now();
    this.#next.stopRepair();
    this.#options.host.report({ type: 'resumed' });
  }

  async #repair(session: WhepSession): Promise<void> {
    if (this.#isRepairing || this.#next.isOpening) return;
    this.#repaired = session;
    this.#isFlowing = false;
    const lost = whepErrors.connection('lost');
    this.#options.host.report({ type: 'trouble', error: lost });
    const isRepaired = await session.restart().then(
      () => true,
      () => false,
    );
    if (this.#repaired === session) this.#repaired = null;
    if (session !== this.#current) return;
    if (isRepaired) this.#onFlowing();
    else this.#onLost(session, lost, false);
  }

  #onLost(session: WhepSession, error: Error, hasEnded: boolean): void {
    const { clock, random } = this.#options;
    this.#isFlowing = false;
    // One loss may have several events.
    if (this.#isRepairing || session === this.#lost) return;
    this.#lost = session;
    // What its server has said ends with it.
    this.#word.isInactive = false;
    const isStable = clock.now() - this.#flowingSinceMs > STABLE_MS;
    this.#flowingSinceMs = Infinity;
    this.#options.onLost(error, hasEnded);
    if (this.#next.isOpening) return;
    if (!isStable) {
      this.#onFailure(error);
      return;
    }
    this.#reportTrouble(error);
    void this.connect(1 + random() * SPREAD_MS, true);
  }

  /** Another session may get media, for example from a server that does not move old ones to a new broadcast. */
  #onSilent(): void {
    this.#isFlowing = false;
    if (this.#word.isInactive) return;
    this.#reportTrouble(noMedia());
    void this.connect(0, true);
  }

  #onFailure(error: unknown): void {
    const { host, random } = this.#options;
    const typed = asPlaybackError(error);
    this.#movedTo = null;
    if (!typed) return;
    const entry = this.shownEntry ?? this.entry;
    if (!this.#isFlowing && entry === this.entry) {
      host.report({ type: 'error', error: typed, isResumable: true });
      return;
    }
    host.report({ type: 'note', name: 'whep-not-replaced', details: { error: typed } });
    this.entry = entry;
    if (this.#isFlowing) return;
    this.#reportTrouble(typed);
    void this.connect(1 + random() * SPREAD_MS, true);
  }

  #reportTrouble(error: Error): void {
    const typed = asPlaybackError(error);
    if (typed) this.#options.host.report({ type: 'trouble', error: typed });
  }
}
