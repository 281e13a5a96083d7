import { AccessWatch } from '../access-watch.js';
import { VIDEO_FORMATS } from '../codecs/video-codec.js';
import { hostAddressesFor } from '../host-addresses.js';
import type { LivePublisher, MediaSink } from '../media-packet.js';
import type { SessionAccess } from '../token-verdict.js';
import { ChannelRegistry } from './channel-registry.js';
import type { ChannelRegistryOptions } from './channel-registry.js';
import type { LiveChannel } from './live-channel.js';
import { LayeredPackager } from './layered-packager.js';
import type { Packager } from './layered-packager.js';
import { MediaReceiver } from './media-receiver.js';
import { PublisherSession } from './publisher-session.js';
import type { SessionEnd, SessionOptions } from './publisher-session.js';
import type { AcceptedOffer, PublishedMedia } from './sdp-offer.js';

/** An entry of the ingest's log. */
export interface IngestLogEntry {
  readonly event:
    'session-started' | 'session-ended' | 'session-refused' | 'period-started' | 'request-failed';
  readonly stream: string;
  readonly detail?: string;
}

export interface PublisherRegistryOptions extends ChannelRegistryOptions {
  readonly log: (entry: IngestLogEntry) => void;
  /**
   * Wall clock in milliseconds since the epoch.
   * @defaultValue Date.now
   */
  readonly now?: () => number;
  /**
   * Addresses for ICE candidates. To accept publishers on other machines, add an address that they can reach.
   * @defaultValue ['127.0.0.1']
   */
  readonly hostAddresses?: readonly string[];
  /**
   * Time limit in ms for the first packet of a session.
   * @defaultValue 15000
   */
  readonly connectLimitMs?: number;
  /**
   * Time in ms without packets after which a session ends. It leaves time for an ICE restart.
   * @defaultValue 10000
   */
  readonly silenceLimitMs?: number;
  /**
   * Time in ms for which a session outlives the end of its access, so that a client that knows of it can end it.
   * @defaultValue 3000
   */
  readonly graceMs?: number;
  /** Largest number of concurrent sessions. @defaultValue 8 */
  readonly maxSessions?: number;
  /** Called when a session starts. What it returns gets the session's media besides the packager. */
  readonly onPublisher?: (publisher: LivePublisher) => MediaSink;
}

export type PublishResult =
  | { readonly outcome: 'accepted'; readonly session: PublisherSession; readonly answer: string }
  | { readonly outcome: 'busy' | 'full' | 'rejected' };

/**
 * After this time without packets, a new publisher can replace the present one of a stream. So a page that crashed can
 * publish again without waiting for the end of its old session.
 */
const TAKEOVER_SILENCE_MS = 2000;

/** Manages the publisher sessions: one for each stream, up to `maxSessions`. */
export class PublisherRegistry {
  readonly #options: PublisherRegistryOptions;
  readonly #now: () => number;
  readonly #channels: ChannelRegistry;
  /** A broadcast lives longer than its token, which WHIP cannot renew: only the end of an access ends it. */
  readonly #access: AccessWatch;
  readonly #sessions = new Map<string, PublisherSession>();

  constructor(options: PublisherRegistryOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#channels = new ChannelRegistry(options);
    this.#access = new AccessWatch({ graceMs: Infinity, revokedGraceMs: options.graceMs ?? 3000 });
  }

  liveStream(name: string): LiveChannel | undefined {
    return this.#channels.liveStream(name);
  }

  find(stream: string, id: string): PublisherSession | undefined {
    const session = this.#sessions.get(stream);
    return session?.id === id ? session : undefined;
  }

  /** Starts a session for an offer that `inspectOffer` has accepted. */
  async publish(
    stream: string,
    { sdp, ...media }: AcceptedOffer,
    access: SessionAccess | undefined,
  ): Promise<PublishResult> {
    const present = this.#sessions.get(stream);
    if (present && present.silentMs < TAKEOVER_SILENCE_MS) return this.#refuse(stream, 'busy');
    present?.end('replaced');
    if (this.#sessions.size >= (this.#options.maxSessions ?? 8)) return this.#refuse(stream, 'full');
    const hostAddresses = hostAddressesFor(sdp, this.#options.hostAddresses ?? ['127.0.0.1']);
    const session = this.#createSession(stream, media, { access, hostAddresses });
    // Set before the first await: the second of two concurrent offers must find the stream busy.
    this.#sessions.set(stream, session);
    this.#access.add(session);
    try {
      const answer = await session.answer(sdp);
      this.#log('session-started', stream, describeMedia(media));
      return { outcome: 'accepted', session, answer };
    } catch {
      session.end('failed');
      return this.#refuse(stream, 'rejected');
    }
  }

  kill(stream: string | true): number {
    const victims = [...this.#sessions.values()].filter(
      (session) => stream === true || session.stream === stream,
    );
    for (const session of victims) session.end('killed');
    return victims.length;
  }

  close(): void {
    for (const session of [...this.#sessions.values()]) session.end('shutdown');
    this.#access.close();
    this.#channels.close();
  }

  /** Checks the access of all sessions now. */
  recheck(): void {
    this.#access.check();
  }

  #createSession(
    stream: string,
    media: PublishedMedia,
    options: Pick<SessionOptions, 'access' | 'hostAddresses'>,
  ): PublisherSession {
    const packager = this.#createPackager(stream, media, (rid) => {
      session.requestKeyframe(rid);
    });
    const sink = this.#options.onPublisher?.({
      stream,
      ...media,
      requestKeyframe: (rid) => {
        session.requestKeyframe(rid);
      },
    });
    const session: PublisherSession = new PublisherSession({
      stream,
      ...options,
      media,
      now: this.#now,
      connectLimitMs: this.#options.connectLimitMs ?? 15_000,
      silenceLimitMs: this.#options.silenceLimitMs ?? 10_000,
      callbacks: {
        onRtp: (kind, packet, nowMs) => {
          // Viewers first: the packager waits for the end of a part anyway.
          sink?.onRtp(kind, packet, nowMs);
          packager?.onRtp(kind, packet, nowMs);
        },
        onSenderReport: (kind, ssrc, timestamp, senderTimeMs) => {
          sink?.onSenderReport(kind, ssrc, timestamp, senderTimeMs);
          packager?.onSenderReport(kind, ssrc, timestamp, senderTimeMs);
        },
        onEnd: (reason) => {
          packager?.close();
          sink?.onEnd(mayReturn(reason));
          this.#onSessionEnd(session, reason);
        },
      },
    });
    return session;
  }

  /** HLS is made of H.264 only. Another codec gets no packager, and the channel refuses playlists. */
  #createPackager(
    stream: string,
    media: PublishedMedia,
    requestKeyframe: (rid: string) => void,
  ): Pick<Packager, 'onRtp' | 'onSenderReport' | 'close'> | undefined {
    const channel = this.#channels.acquire(stream);
    const isPackaged = media.videoCodec === undefined || media.videoCodec === 'h264';
    channel.setCodecOutside(isPackaged ? undefined : media.videoCodec);
    if (!isPackaged) return undefined;
    const receiver = new MediaReceiver({
      channel,
      ...media,
      isLayered: media.rids.length > 1,
      requestKeyframe,
      onPeriod: (picture) => {
        this.#log('period-started', stream, picture ? `${picture.width}x${picture.height}` : 'audio only');
      },
    });
    return media.rids.length > 1 ? new LayeredPackager(receiver, media.rids.length) : receiver;
  }

  #onSessionEnd(session: PublisherSession, reason: SessionEnd): void {
    const { stream } = session;
    if (this.#sessions.get(stream) === session) this.#sessions.delete(stream);
    this.#access.remove(session);
    this.#channels.release(stream, mayReturn(reason));
    this.#log('session-ended', stream, reason);
  }

  #refuse(stream: string, outcome: 'busy' | 'full' | 'rejected'): PublishResult {
    this.#log('session-refused', stream, outcome);
    return { outcome };
  }

  #log(event: IngestLogEntry['event'], stream: string, detail: string): void {
    this.#options.log({ event, stream, detail });
  }
}

function mayReturn(reason: SessionEnd): boolean {
  return reason !== 'deleted' && reason !== 'shutdown';
}

function describeMedia({ videoCodec, hasAudio }: PublishedMedia): string {
  return [videoCodec && VIDEO_FORMATS[videoCodec].title, hasAudio && 'Opus'].filter(Boolean).join(' and ');
}
