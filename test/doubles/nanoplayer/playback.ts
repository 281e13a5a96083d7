import type { ClientVersion } from './client-version.js';
import { Connection, type ConnectionOptions } from './connection.js';
import { connectionAddress, probeAddress } from './connection-address.js';
import type { PlayerConfig } from './player-config.js';
import type { PlayerEvents } from './player-events.js';
import { Reconnection } from './reconnection.js';
import type { ResolvedEntry, ResolvedSource } from './resolve-source.js';
import { StreamChanges, type StreamChange } from './stream-changes.js';

/** A handshake that fails for any reason: no network, 401, 403, 404 and 503 look the same. Seen: 5.0.8, 4.31.1. */
const handshakeFailed = 4106;
/** A connection that ends for another reason than one of the vendor's. */
const connectionLost = 4104;
const sourceStreamStopped = 2004;
/** Documentation gives no period. */
const statsMs = 500;

/** Connections, and what plays in the host. */
export class Playback {
  readonly changes: StreamChanges;
  readonly reconnection: Reconnection;
  readonly #host: HTMLElement;
  readonly #version: ClientVersion;
  readonly #events: PlayerEvents;
  readonly #settings: PlayerConfig['playback'];
  #source: ResolvedSource;
  #index: number;
  #isPlaying = false;
  #isMuted: boolean;
  #volume: number;
  #connection: Connection | null = null;
  #stats: ReturnType<typeof setInterval> | undefined;

  constructor(
    host: HTMLElement,
    version: ClientVersion,
    events: PlayerEvents,
    source: ResolvedSource,
    settings: PlayerConfig['playback'],
  ) {
    this.#host = host;
    this.#version = version;
    this.#events = events;
    this.#source = source;
    this.#index = source.startIndex;
    this.#settings = settings;
    this.#isMuted = settings.muted ?? false;
    this.#volume = settings.volume ?? 1;
    this.changes = new StreamChanges(events);
    this.reconnection = new Reconnection(events);
  }

  get source(): ResolvedSource {
    return this.#source;
  }

  get index(): number {
    return this.#index;
  }

  play(): void {
    if (this.#isPlaying) return;
    this.#isPlaying = true;
    this.#events.fire('Loading', { connectDelay: 0 });
    this.#connect();
  }

  pause(reason: string): void {
    this.reconnection.stop();
    this.#halt();
    this.#events.fire('Pause', { reason });
  }

  setMuted(isMuted: boolean): void {
    this.#isMuted = isMuted;
    if (this.#connection) this.#connection.picture.video.muted = isMuted;
    this.#events.fire(isMuted ? 'Mute' : 'Unmute', { volume: this.#volume });
  }

  setVolume(volume: number): void {
    this.#volume = volume;
    if (this.#connection) this.#connection.picture.video.volume = volume;
    this.#events.fire('VolumeChange', { volume });
  }

  /** Plays from a second connection, and closes the first one when the second has frames. Seen: 5.0.8. */
  change(change: StreamChange, isForced: boolean): void {
    this.#source = change.source;
    this.#index = change.entry.index;
    this.changes.take(change);
    // During the wait before a reconnection it takes effect after the wait.
    if (this.reconnection.isWaiting || (!this.#isPlaying && !isForced)) {
      this.changes.end(change);
      this.changes.tell(change, 'Success');
      return;
    }
    this.#isPlaying = true;
    this.#openFor(change);
  }

  /** Switches by the adaption rule. The connection opens before the first event. Seen: 5.0.8. */
  adapt(index: number): void {
    const entry = this.#source.entries[index];
    if (!entry || this.changes.current || !this.#isPlaying) return;
    const change = this.changes.begin(index > this.#index ? 'down' : 'up', entry, this.#source);
    this.changes.countForFrequency();
    this.changes.take(change);
    this.#openFor(change, () => this.changes.tell(change, 'Init'));
  }

  /** A handshake without a token, whose result the double does not use. Documentation only: both options. */
  probe(): void {
    const { enableMediaOverQuic = true, enableQuicConnectionProbe = true } = this.#settings;
    const [entry] = this.#source.entries;
    if (!this.#version.playsOverQuic || !enableMediaOverQuic || !enableQuicConnectionProbe || !entry) return;
    const socket = new WebSocket(probeAddress(entry));
    socket.addEventListener('open', () => socket.close());
  }

  tearDown(): void {
    this.reconnection.stop();
    this.#halt();
    this.#connection = null;
    this.#host.replaceChildren();
  }

  #openFor(change: StreamChange, onOpen?: () => void): void {
    const connection = this.#open(change.entry, {
      ...(onOpen && { onOpen }),
      onPlaying: () => {
        this.changes.end(change);
        this.#show(connection);
        this.#index = change.entry.index;
        this.changes.tell(change, 'Success');
        this.#onPlaying();
      },
      onClosed: (closeCode, wasOpen) => {
        this.changes.end(change);
        const code = this.#codeOf(closeCode, wasOpen);
        this.#failChange(change, code, 'playbackerror');
      },
      onStopped: () => {
        this.changes.end(change);
        connection.close();
        this.#failChange(change, sourceStreamStopped, 'sourcestreamstopped');
      },
    });
    change.connection = connection;
    connection.picture.element.style.display = 'none';
    this.#host.append(connection.picture.element);
  }

  /** A refused update stops playback, and the refused source is kept; a refused switch does not. Seen: 5.0.8. */
  #failChange(change: StreamChange, code: number, reason: string): void {
    change.connection?.picture.element.remove();
    this.changes.tell(change, 'Fail', { code, message: `error ${code}` });
    if (change.type !== 'update') return;
    this.#halt();
    this.#events.fail(code, reason);
  }

  #connect(): void {
    const entry = this.#source.entries[this.#index];
    if (!entry) return;
    const connection = this.#open(entry, {
      onPlaying: () => this.#onPlaying(),
      onClosed: (closeCode, wasOpen) => {
        const code = this.#codeOf(closeCode, wasOpen);
        if (this.#version.finalCodes.has(closeCode)) this.#fail(code, 'playbackerror');
        else if (!this.reconnection.start(() => this.#connect())) this.#fail(code, 'connectionclose');
      },
    });
    this.#show(connection);
  }

  #open(
    entry: ResolvedEntry,
    callbacks: Pick<ConnectionOptions, 'onPlaying' | 'onClosed'> & Partial<ConnectionOptions>,
  ): Connection {
    const { automute = this.#version.automutes, faststart = this.#version.startsFast } = this.#settings;
    return new Connection({
      address: connectionAddress(entry, faststart),
      isCanvas: this.#isOverQuic(entry),
      isMuted: this.#isMuted,
      volume: this.#volume,
      automutes: automute,
      onMuted: () => {
        this.#isMuted = true;
        this.#events.fire('Mute', { volume: this.#volume });
      },
      onBlocked: () => this.#fail(1005, 'interactionrequired'),
      onNotice: (code) => this.#events.fire('Error', { code, message: `notice ${code}` }),
      onStopped: () => this.#fail(sourceStreamStopped, 'sourcestreamstopped'),
      ...callbacks,
    });
  }

  /** Seen: 5.0.8, with `group` and with `server.webtransport`. */
  #isOverQuic({ h5live }: ResolvedEntry): boolean {
    const isOn = this.#version.playsOverQuic && this.#settings.enableMediaOverQuic !== false;
    return isOn && Boolean(h5live.server.webtransport);
  }

  #codeOf(closeCode: number, wasOpen: boolean): number {
    return this.#version.finalCodes.get(closeCode) ?? (wasOpen ? connectionLost : handshakeFailed);
  }

  #onPlaying(): void {
    this.reconnection.onPlaying();
    clearInterval(this.#stats);
    this.#stats = setInterval(() => this.#tellStats(), statsMs);
    const { rtmp } = this.#source.entries[this.#index]?.h5live ?? {};
    // Right before playback starts. Documentation only; the vendor's demo page reads the name there.
    this.#events.fire('StreamInfo', { streamInfo: { rtmp } });
    this.#events.fire('Play', { stats: {} });
  }

  /** How a page reads the position and delay when there is no media element. Documentation only. */
  #tellStats(): void {
    const { video } = this.#connection?.picture ?? {};
    if (!video) return;
    const { currentTime, buffered } = video;
    const end = buffered.length > 0 ? buffered.end(buffered.length - 1) : currentTime;
    const start = buffered.length > 0 ? buffered.start(0) : currentTime;
    const { droppedVideoFrames, totalVideoFrames } = video.getVideoPlaybackQuality();
    const stats = {
      currentTime,
      playout: { start, end },
      buffer: { start, end, delay: { current: end - currentTime } },
      quality: { droppedVideoFrames, totalVideoFrames },
    };
    this.#events.fire('Stats', { stats });
  }

  #show(connection: Connection): void {
    const old = this.#connection;
    this.#connection = connection;
    const { element } = connection.picture;
    if (element.parentElement !== this.#host) this.#host.append(element);
    element.style.display = '';
    old?.close();
    old?.picture.element.remove();
    const videoElementList = [...this.#host.querySelectorAll('video, canvas')];
    this.#events.fire('ActiveVideoElementChange', { activeVideoElement: element, videoElementList });
  }

  #fail(code: number, reason: string): void {
    this.reconnection.stop();
    this.#halt();
    this.#events.fail(code, reason);
  }

  #halt(): void {
    clearInterval(this.#stats);
    this.#isPlaying = false;
    this.changes.drop();
    this.#connection?.close();
  }
}
