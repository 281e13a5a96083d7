import { hostAddressesFor } from '../host-addresses.js';
import type { LivePublisher, MediaSink } from '../media-packet.js';
import { AccessWatch } from '../access-watch.js';
import { RelayRegistry } from './relay-registry.js';
import type { RelayRegistryOptions } from './relay-registry.js';
import type { StreamRelay } from './stream-relay.js';
import { ViewerSession } from './viewer-session.js';
import type { ViewerEnd, ViewerSessionOptions } from './viewer-session.js';

/** An entry of the playback's log. */
export interface PlaybackLogEntry {
  readonly event:
    'viewer-started' | 'viewer-connected' | 'viewer-ended' | 'viewer-refused' | 'request-failed';
  readonly stream: string;
  readonly detail?: string;
}

export interface ViewerRegistryOptions extends Omit<RelayRegistryOptions, 'onEnded'> {
  readonly log: (entry: PlaybackLogEntry) => void;
  /**
   * Wall clock in milliseconds since the epoch.
   * @defaultValue Date.now
   */
  readonly now?: () => number;
  /**
   * Addresses for ICE candidates. To serve viewers on other machines, add an address that they can reach.
   * @defaultValue ['127.0.0.1']
   */
  readonly hostAddresses?: readonly string[];
  /**
   * Time limit in ms for the connection of a session.
   * @defaultValue 15000
   */
  readonly connectLimitMs?: number;
  /**
   * Time in ms without a sign of the viewer after which a session ends. It leaves time for an ICE restart.
   * @defaultValue 15000
   */
  readonly silenceLimitMs?: number;
  /**
   * Time in ms for which a session outlives its token, so that a client can bring the next one.
   * @defaultValue 3000
   */
  readonly graceMs?: number;
  /** Largest number of viewers of one stream. @defaultValue 20 */
  readonly maxViewersPerStream?: number;
  /** Largest number of viewers in all. @defaultValue 50 */
  readonly maxViewers?: number;
  /** Largest number of sessions of one token that have not connected. @defaultValue 8 */
  readonly maxUnconnected?: number;
}

export interface JoinRequest extends Pick<
  ViewerSessionOptions,
  'stream' | 'relay' | 'access' | 'videoCodec' | 'isUnreachable' | 'isMediaBlocked'
> {
  /** The viewer's offer. It decides which addresses the viewer can reach. */
  readonly offer: string;
}

const WATCH_INTERVAL_MS = 500;

/** Manages the viewers of all streams, up to a limit for each stream and in all. */
export class ViewerRegistry {
  readonly #options: ViewerRegistryOptions;
  readonly #now: () => number;
  readonly #relays: RelayRegistry;
  readonly #sessions = new Map<string, ViewerSession>();
  readonly #access: AccessWatch;
  readonly #timer: NodeJS.Timeout;
  /** Number of viewers by stream, as in their last event. */
  readonly #told = new Map<string, number>();

  constructor(options: ViewerRegistryOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#relays = new RelayRegistry({
      ...options,
      onEnded: (stream) => {
        this.#endAll('stream-ended', stream);
      },
    });
    this.#access = new AccessWatch({ graceMs: options.graceMs ?? 3000 });
    this.#timer = setInterval(() => {
      for (const session of [...this.#sessions.values()]) session.watch();
      this.#tellCounts();
    }, WATCH_INTERVAL_MS);
    // An open session must not keep the process alive.
    this.#timer.unref();
  }

  /** Takes the media of a publisher. */
  publish(publisher: LivePublisher): MediaSink {
    return this.#relays.publish(publisher);
  }

  /** The relay of a stream, while it has a publisher or one may return. */
  relay(stream: string): StreamRelay | undefined {
    return this.#relays.find(stream);
  }

  find(stream: string, id: string): ViewerSession | undefined {
    const session = this.#sessions.get(id);
    return session?.stream === stream ? session : undefined;
  }

  /** Number of connected viewers. */
  viewerCount(stream: string): number {
    return this.#of(stream).filter(({ isConnected }) => isConnected).length;
  }

  /** Creates a session for a viewer. `undefined` if there are too many. */
  join({ offer, ...request }: JoinRequest): ViewerSession | undefined {
    const { stream } = request;
    const { maxViewers = 50, maxViewersPerStream = 20, hostAddresses = ['127.0.0.1'] } = this.#options;
    const isHeld = this.#unconnected(request.access?.holder) >= (this.#options.maxUnconnected ?? 8);
    if (isHeld || this.#sessions.size >= maxViewers || this.#of(stream).length >= maxViewersPerStream) {
      this.#log('viewer-refused', stream, 'full');
      return undefined;
    }
    const session: ViewerSession = new ViewerSession({
      ...request,
      hostAddresses: hostAddressesFor(offer, hostAddresses),
      now: this.#now,
      connectLimitMs: this.#options.connectLimitMs ?? 15_000,
      silenceLimitMs: this.#options.silenceLimitMs ?? 15_000,
      viewerCount: () => this.viewerCount(stream),
      onConnected: () => {
        this.#log('viewer-connected', stream);
      },
      onEnd: (reason) => {
        this.#sessions.delete(session.id);
        this.#access.remove(session);
        this.#log('viewer-ended', stream, reason);
      },
    });
    this.#sessions.set(session.id, session);
    this.#access.add(session);
    this.#log('viewer-started', stream);
    return session;
  }

  /** Checks the tokens of all sessions now. */
  recheck(): void {
    this.#access.check();
  }

  /** Ends the sessions of one stream, or all with `true`, without notice. Returns their number. */
  kill(stream: string | true): number {
    return this.#endAll('killed', stream);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#endAll('shutdown', true);
    this.#access.close();
    this.#relays.close();
  }

  /** Not with each change: a change costs an event for each viewer. */
  #tellCounts(): void {
    for (const stream of new Set([...this.#told.keys(), ...this.#streams()])) {
      const viewercount = this.viewerCount(stream);
      if ((this.#told.get(stream) ?? 0) === viewercount) continue;
      if (viewercount === 0) this.#told.delete(stream);
      else this.#told.set(stream, viewercount);
      for (const session of this.#of(stream)) session.events.emit('viewercount', { viewercount });
    }
  }

  /** Sessions that one token has opened and not used: it must not take the places of the others. */
  #unconnected(holder: string | undefined): number {
    if (holder === undefined) return 0;
    return [...this.#sessions.values()].filter(
      ({ access, isConnected }) => !isConnected && access?.holder === holder,
    ).length;
  }

  #streams(): string[] {
    return [...this.#sessions.values()].map(({ stream }) => stream);
  }

  #of(stream: string): ViewerSession[] {
    return [...this.#sessions.values()].filter((session) => session.stream === stream);
  }

  #endAll(reason: ViewerEnd, stream: string | true): number {
    const ended = stream === true ? [...this.#sessions.values()] : this.#of(stream);
    for (const session of ended) session.end(reason);
    return ended.length;
  }

  #log(event: PlaybackLogEntry['event'], stream: string, detail?: string): void {
    this.#options.log({ event, stream, ...(detail !== undefined && { detail }) });
  }
}
