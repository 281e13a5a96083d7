/** The player, as far as keys of the keyboard and the lock screen show and control it. */
export interface SessionPlayer extends EventTarget {
  readonly videoTitle: string;
  readonly poster: string;
  readonly paused: boolean;
  readonly duration: number;
  readonly playbackRate: number;
  readonly seekable: Pick<TimeRanges, 'length' | 'start' | 'end'>;
  readonly streamType: 'live' | 'on-demand' | 'unknown';
  currentTime: number;
  play(): Promise<void>;
  pause(): void;
}

/** Of the Media Session API. */
export type SystemSession = Pick<
  MediaSession,
  'metadata' | 'playbackState' | 'setActionHandler' | 'setPositionState'
>;

const SEEK_S = 10;
/** With a shorter live window, seeking is of no use. */
const LEAST_WINDOW_S = 15;
const SEEK_ACTIONS = ['seekbackward', 'seekforward', 'seekto'] as const;

/** Events after which what is shown may be another one. */
const EVENTS = [
  ...['play', 'playing', 'pause', 'ended', 'emptied', 'loadedmetadata', 'durationchange', 'progress'],
  ...['seeked', 'ratechange', 'streamtypechange'],
];

/** The one that was started last, per system session: a page has one of them. */
const owners = new WeakMap<SystemSession, PlayerMediaSession>();

/**
 * Shows a player with a title to the system, and lets its keys and its lock screen control it. The player that was started
 * last has them.
 *
 * @see https://w3c.github.io/mediasession/
 */
export class PlayerMediaSession {
  readonly #player: SessionPlayer;
  readonly #session: SystemSession | null;
  readonly #life = new AbortController();
  #shown = '';
  #canSeek = false;

  /** @param session - `null` where the browser has none. */
  constructor(player: SessionPlayer, session: SystemSession | null = systemSession()) {
    this.#player = player;
    this.#session = session;
    const { signal } = this.#life;
    for (const type of EVENTS)
      player.addEventListener(
        type,
        () => {
          if (type === 'play' || type === 'playing') this.#take();
          this.update();
        },
        { signal },
      );
    if (!player.paused) this.#take();
    this.update();
  }

  /** Follows the player and its attributes. */
  update(): void {
    const session = this.#session;
    const player = this.#player;
    if (!session || owners.get(session) !== this) return;
    if (!player.videoTitle) {
      this.#release();
      return;
    }
    const { videoTitle: title, poster } = player;
    const shown = JSON.stringify([title, poster]);
    if (shown !== this.#shown) {
      this.#shown = shown;
      session.metadata = new MediaMetadata({ title, artwork: poster ? [{ src: poster }] : [] });
    }
    session.playbackState = player.paused ? 'paused' : 'playing';
    this.#updateSeeking(session);
    this.#updatePosition(session);
  }

  /** The player leaves the page. */
  stop(): void {
    this.#life.abort();
    this.#release();
  }

  #take(): void {
    const session = this.#session;
    if (!session || !this.#player.videoTitle || owners.get(session) === this) return;
    const before = owners.get(session);
    if (before) before.#release();
    owners.set(session, this);
    // If the browser refuses, the viewer sees the paused picture.
    this.#handle('play', () => void this.#player.play().catch(() => undefined));
    this.#handle('pause', () => this.#player.pause());
  }

  #release(): void {
    const session = this.#session;
    if (!session || owners.get(session) !== this) return;
    owners.delete(session);
    this.#shown = '';
    this.#canSeek = false;
    for (const action of ['play', 'pause', ...SEEK_ACTIONS] as const) this.#handle(action, null);
    session.metadata = null;
    session.playbackState = 'none';
    setPosition(session);
  }

  #updateSeeking(session: SystemSession): void {
    const { begin, end } = this.#range();
    const isShort = this.#player.streamType === 'live' && end - begin < LEAST_WINDOW_S;
    const canSeek = end > begin && !isShort;
    if (canSeek === this.#canSeek) return;
    this.#canSeek = canSeek;
    const by = (sign: number) => (details: MediaSessionActionDetails) =>
      this.#seek(this.#player.currentTime + sign * (details.seekOffset ?? SEEK_S));
    const handlers = {
      seekbackward: by(-1),
      seekforward: by(1),
      seekto: ({ seekTime }: MediaSessionActionDetails) => this.#seek(seekTime ?? NaN),
    };
    for (const action of SEEK_ACTIONS) this.#handle(action, canSeek ? handlers[action] : null, session);
  }

  #updatePosition(session: SystemSession): void {
    const { duration, playbackRate, currentTime } = this.#player;
    if (!Number.isFinite(duration) || duration <= 0) setPosition(session);
    else setPosition(session, { duration, playbackRate, position: Math.min(currentTime, duration) });
  }

  #seek(time: number): void {
    const { begin, end } = this.#range();
    if (Number.isFinite(time)) this.#player.currentTime = Math.max(begin, Math.min(time, end));
  }

  #range(): { begin: number; end: number } {
    const { seekable } = this.#player;
    return seekable.length > 0
      ? { begin: seekable.start(0), end: seekable.end(seekable.length - 1) }
      : { begin: 0, end: 0 };
  }

  #handle(
    action: MediaSessionAction,
    handler: MediaSessionActionHandler | null,
    session: SystemSession | null = this.#session,
  ): void {
    try {
      session?.setActionHandler(action, handler);
    } catch {
      // A browser that does not know the action.
    }
  }
}

function systemSession(): SystemSession | null {
  return 'mediaSession' in navigator ? navigator.mediaSession : null;
}

/** Browsers differ in the values that they refuse, such as a rate of 0. */
function setPosition(session: SystemSession, state?: MediaPositionState): void {
  try {
    session.setPositionState(state);
  } catch {
    // It stays as it was.
  }
}
