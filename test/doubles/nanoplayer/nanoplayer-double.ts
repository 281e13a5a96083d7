/*
 * A double of the vendor's player, for tests only, without any of the vendor's code. It copies the observed behaviour of
 * the real client (5.0.8), including its quirks and errors. It is a classic script that defines the global NanoPlayer.
 * Its server is socket-server.ts.
 */
{
  type Data = Record<string, unknown>;
  interface Entry {
    index: number;
    h5live?: {
      server?: { websocket?: string };
      rtmp?: { url?: string; streamname?: string };
      security?: Data;
    };
  }
  interface Source {
    entries?: Entry[];
    startIndex?: number;
    options?: { switch?: { forcePlay?: boolean; method?: string }; adaption?: { rule?: string } };
  }
  interface Config {
    source: Source;
    playback: {
      autoplay?: boolean;
      muted?: boolean;
      reconnect?: { minDelay?: number; maxDelay?: number; delaySteps?: number; maxRetries?: number };
    };
    events?: Record<string, ((event: object) => void) | undefined>;
  }
  type Change = 'update' | 'up' | 'down';
  interface Switch {
    id: number;
    type: Change;
    entry: Entry;
    connection: Connection | null;
  }

  const [VERSION, MIN_UPDATE_INTERVAL_MS, HANDSHAKE_FAILED] = ['5.0.8', 500, 4106] as const;
  /** Refusals that are reported and not retried. Version 5 reports 4403 with another code. */
  const FINAL_CODES = new Map([4400, 4401, 4900, 4901, 4903, 4904].map((code) => [code, code]));
  FINAL_CODES.set(4403, 2004);

  /** One WebSocket and its video element. */
  class Connection {
    readonly video = document.createElement('video');
    #socket: WebSocket;
    #buffer: SourceBuffer | null = null;
    #queue: ArrayBuffer[] = [];
    #isOpen = false;
    #isOver = false;

    constructor(
      url: string,
      isMuted: boolean,
      private readonly callbacks: {
        onPlaying: () => void;
        onBlocked: () => void;
        onClosed: (code: number, wasOpen: boolean) => void;
      },
    ) {
      this.video.muted = isMuted;
      this.video.playsInline = true;
      this.video.style.cssText = 'width:100%;height:100%';
      this.video.addEventListener('playing', () => this.callbacks.onPlaying(), { once: true });
      this.#socket = new WebSocket(url);
      this.#socket.binaryType = 'arraybuffer';
      this.#socket.addEventListener('open', () => (this.#isOpen = true));
      this.#socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
        if (typeof data === 'string') this.#start(JSON.parse(data) as { mimeType: string; startS: number });
        else {
          this.#queue.push(data);
          this.#append();
        }
      });
      this.#socket.addEventListener('close', ({ code }) => {
        if (!this.#isOver) this.callbacks.onClosed(code, this.#isOpen);
      });
    }

    close(): void {
      this.#isOver = true;
      this.#socket.close();
      this.video.pause();
    }

    #start({ mimeType, startS }: { mimeType: string; startS: number }): void {
      const source = new MediaSource();
      this.video.disableRemotePlayback = true;
      this.video.src = URL.createObjectURL(source);
      source.addEventListener('sourceopen', () => {
        if (this.#isOver) return;
        URL.revokeObjectURL(this.video.src);
        this.#buffer = source.addSourceBuffer(mimeType);
        this.#buffer.timestampOffset = -startS;
        this.#buffer.addEventListener('updateend', () => this.#append());
        this.#append();
        this.video.play().catch((error: unknown) => {
          if (error instanceof DOMException && error.name === 'NotAllowedError') this.callbacks.onBlocked();
        });
      });
    }

    #append(): void {
      if (!this.#buffer || this.#buffer.updating || this.#isOver) return;
      const next = this.#queue.shift();
      if (next) this.#buffer.appendBuffer(next);
    }
  }

  class NanoPlayerDouble {
    /** The newest instance, for tests. The real client has no such member. */
    static last: NanoPlayerDouble | null = null;
    readonly version = VERSION;
    readonly type = 'h5live';
    /** Every source passed to it, for tests. */
    readonly sources: Source[] = [];
    readonly #host: HTMLElement | null;
    #config: Config | null = null;
    #source: Source = {};
    #index = 0;
    #isDestroyed = false;
    #isPlaying = false;
    #isMuted = false;
    #connection: Connection | null = null;
    #switch: Switch | null = null;
    #count = 0;
    #retries = 0;
    #lastUpdateMs = -Infinity;
    #timer: ReturnType<typeof setTimeout> | undefined;

    constructor(elementId: string) {
      // Searched by id in the document, so an element in a shadow tree is not found.
      this.#host = document.getElementById(elementId);
      NanoPlayerDouble.last = this;
    }

    async setup(config: Config): Promise<Config> {
      if (this.#config) this.#tearDown();
      // The real client throws a bare TypeError in the same expression.
      const { autoplay = true, muted = false } = config.playback;
      this.#config = config;
      await new Promise((resolve) => setTimeout(resolve, 5));
      const refusal = this.#host ? checkEntries(config.source) : { code: 5001, message: 'no such element' };
      if (refusal) {
        this.#fire('Error', refusal);
        throw Object.assign(new Error(refusal.message), refusal);
      }
      this.#take(config.source);
      this.#isMuted = muted;
      this.#fire('Ready', { config });
      if (autoplay) setTimeout(() => this.play(), 0);
      return structuredCloneOf(config);
    }

    updateSource(source: Source): Promise<Config> {
      const config = this.#config;
      if (!config || this.#isDestroyed) return new Promise(() => undefined);
      const id = ++this.#count;
      const nowMs = performance.now();
      const entry = entryOf(source);
      this.#fire('UpdateSourceInit', describe(id, 'update', entry, source));
      const isTooSoon = nowMs - this.#lastUpdateMs < MIN_UPDATE_INTERVAL_MS;
      const isEqual = JSON.stringify(source) === JSON.stringify(this.#source);
      this.#lastUpdateMs = nowMs;
      if (isTooSoon || isEqual) {
        const reason = isTooSoon ? 'frequency' : 'equalsource';
        setTimeout(() =>
          this.#fire('UpdateSourceAbort', { ...describe(id, 'update', entry, source), reason }),
        );
      } else {
        this.#take(source);
        // True by default, so a paused player starts to play.
        const isForced = source.options?.switch?.forcePlay ?? true;
        setTimeout(() => this.#change({ id, type: 'update', entry, connection: null }, isForced));
      }
      return new Promise((resolve) => setTimeout(() => resolve(structuredCloneOf(config)), 5));
    }

    play(): void {
      if (!this.#config || this.#isDestroyed || this.#isPlaying) return;
      this.#isPlaying = true;
      this.#fire('Loading', { connectDelay: 0 });
      this.#connect();
    }

    pause(): void {
      this.#stop('normal');
    }

    mute(): void {
      this.#isMuted = true;
      if (this.#connection) this.#connection.video.muted = true;
      this.#fire('Mute', {});
    }

    unmute(): void {
      this.#isMuted = false;
      if (this.#connection) this.#connection.video.muted = false;
      this.#fire('Unmute', {});
    }

    setVolume(volume: number): void {
      if (this.#connection) this.#connection.video.volume = volume;
      this.#fire('VolumeChange', { volume });
    }

    destroy(): void {
      this.#fire('Pause', { reason: 'destroy' });
      this.#tearDown();
      this.#isDestroyed = true;
      this.#fire('Destroy', {});
    }

    /** Switches as the client's adaptation does when the network changes. Called by tests. */
    adaptTo(index: number): void {
      const entry = this.#source.entries?.[index];
      if (!entry || this.#switch) return;
      const type: Change = index > this.#index ? 'down' : 'up';
      const id = ++this.#count;
      this.#fire('SwitchStreamInit', describe(id, type, entry, this.#source));
      // The real client connects after a short delay.
      this.#switch = { id, type, entry, connection: null };
      const current = this.#switch;
      setTimeout(() => {
        if (this.#switch === current) this.#change(current, false);
      }, 50);
    }

    #take(source: Source): void {
      this.#source = source;
      this.sources.push(structuredCloneOf(source));
      this.#index = entryOf(source).index;
    }

    /** Plays from a second connection, and closes the first one when the second has frames. */
    #change(next: Switch, isForced: boolean): void {
      if (this.#isDestroyed) return;
      const earlier = this.#switch;
      if (earlier && earlier !== next) {
        earlier.connection?.close();
        this.#fire('SwitchStreamAbort', {
          ...describe(earlier.id, earlier.type, earlier.entry, this.#source),
          reason: 'superseded',
        });
      }
      this.#switch = null;
      const isWaiting = this.#timer !== undefined;
      // An update during the wait before a reconnection takes effect after the wait.
      if (isWaiting || (!this.#isPlaying && !isForced)) {
        this.#tell(next, 'Success', {});
        return;
      }
      this.#isPlaying = true;
      this.#switch = next;
      next.connection = new Connection(urlOf(next.entry), this.#isMuted, {
        onPlaying: () => {
          this.#switch = null;
          this.#show(next.connection);
          this.#index = next.entry.index;
          this.#tell(next, 'Success', {});
          this.#fire('Play', { stats: {} });
        },
        onBlocked: () => this.#stop('interactionrequired'),
        onClosed: (closeCode, wasOpen) => {
          this.#switch = null;
          const code = FINAL_CODES.get(closeCode) ?? (wasOpen ? 4104 : HANDSHAKE_FAILED);
          this.#tell(next, 'Fail', { code, message: 'refused' });
          if (next.type !== 'update') return;
          // A refused refresh stops playback. The refused source is kept.
          this.#fire('Error', { code, message: 'refused' });
          this.#stop('playbackerror');
        },
      });
      this.#host?.append(next.connection.video);
      next.connection.video.style.display = 'none';
    }

    #connect(): void {
      this.#timer = undefined;
      const entry = this.#source.entries?.[this.#index] ?? entryOf(this.#source);
      const connection = new Connection(urlOf(entry), this.#isMuted, {
        onPlaying: () => {
          this.#retries = 0;
          this.#fire('Play', { stats: {} });
        },
        onBlocked: () => this.#stop('interactionrequired'),
        onClosed: (closeCode, wasOpen) => {
          const code = FINAL_CODES.get(closeCode);
          if (code !== undefined) {
            this.#fire('Error', { code, message: 'refused' });
            this.#stop('playbackerror');
          } else this.#reconnect(wasOpen ? 4104 : HANDSHAKE_FAILED);
        },
      });
      this.#show(connection);
    }

    #reconnect(code: number): void {
      const {
        minDelay = 2,
        maxDelay = 10,
        delaySteps = 10,
        maxRetries = 10,
      } = this.#config?.playback.reconnect ?? {};
      if (this.#retries >= maxRetries) {
        this.#fire('Error', { code, message: 'no connection' });
        this.#stop('connectionclose');
        return;
      }
      this.#retries += 1;
      // With one step this is NaN, as in the real client.
      const step = (maxDelay - minDelay) / (delaySteps - 1);
      const connectDelay = 1000 * Math.min(maxDelay, minDelay + step * (this.#retries - 1));
      this.#fire('Warning', { message: 'connection lost' });
      this.#fire('Pause', { reason: 'reconnectionimminent' });
      this.#fire('Loading', { connectDelay });
      this.#timer = setTimeout(() => this.#connect(), connectDelay);
    }

    #show(connection: Connection | null): void {
      const old = this.#connection;
      this.#connection = connection;
      if (connection && connection.video.parentElement !== this.#host) this.#host?.append(connection.video);
      if (connection) connection.video.style.display = '';
      old?.close();
      old?.video.remove();
      const videos = [...(this.#host?.querySelectorAll('video') ?? [])];
      this.#fire('ActiveVideoElementChange', {
        activeVideoElement: connection?.video,
        videoElementList: videos,
      });
    }

    #stop(reason: string): void {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#isPlaying = false;
      this.#switch?.connection?.close();
      this.#switch = null;
      this.#connection?.close();
      this.#fire('Pause', { reason });
    }

    #tearDown(): void {
      clearTimeout(this.#timer);
      this.#switch?.connection?.close();
      this.#switch = null;
      this.#connection?.close();
      this.#connection = null;
      this.#host?.replaceChildren();
    }

    #tell({ id, type, entry }: Switch, outcome: 'Success' | 'Fail', more: Data): void {
      const name = type === 'update' ? 'UpdateSource' : 'SwitchStream';
      this.#fire(`${name}${outcome}`, { ...describe(id, type, entry, this.#source), ...more });
    }

    #fire(name: string, data: Data): void {
      if (this.#isDestroyed && name !== 'Destroy') return;
      this.#config?.events?.[`on${name}`]?.({ name, player: this.#host?.id, version: VERSION, data });
    }
  }

  const describe = (id: number, type: Change, entry: Entry, source: Source): Data => {
    return { id, count: id, type, entry, source, rule: source.options?.adaption?.rule, tag: '' };
  };

  /** Without an index, version 5 starts in the middle: at index 1 of 2. */
  const entryOf = ({ entries = [], startIndex }: Source): Entry => {
    const index = startIndex ?? Math.min(1, entries.length - 1);
    return entries[index] ?? { index: 0 };
  };

  const checkEntries = ({ entries = [] }: Source): { code: number; message: string } | null => {
    if (entries.length === 0) return { code: 5004, message: 'malformed source' };
    for (const { h5live } of entries) {
      if (!h5live) return { code: 5004, message: 'malformed source' };
      if (!h5live.rtmp?.url || !h5live.rtmp.streamname) return { code: 5005, message: 'no rtmp' };
      if (!h5live.server?.websocket) return { code: 5007, message: 'no websocket' };
    }
    return null;
  };

  /** Security fields that are numbers or empty strings are omitted without a warning. */
  const urlOf = ({ h5live }: Entry): string => {
    const { url = '', streamname = '' } = h5live?.rtmp ?? {};
    const security = h5live?.security ?? {};
    const names = security['jwtoken'] ? ['jwtoken'] : ['token', 'expires', 'tag', 'options'];
    const fields = names.flatMap((name) => {
      const value = security[name];
      return typeof value === 'string' && value !== '' ? [`&${name}=${encodeURIComponent(value)}`] : [];
    });
    const ids = `cid=${Math.floor(Math.random() * 1e6)}&pid=${Math.floor(Math.random() * 1e10)}`;
    return `${h5live?.server?.websocket ?? ''}?url=${encodeURIComponent(url)}&stream=${streamname}&${ids}${fields.join('')}`;
  };

  const structuredCloneOf = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

  Object.assign(globalThis, { NanoPlayer: NanoPlayerDouble });
}
