import { delay, startDeadline } from '@gatecast/token';
import {
  createPeer,
  editFormat,
  MediaFlow,
  Signalling,
  untilAborted,
  watchPeer,
  whenConnected,
  withLastLineEnd,
  type CreatedSession,
  type FlowEvents,
  type PeerEvents,
  type SessionContext,
} from '@gatecast/webrtc';
import type { ResolvedEntry } from '../../source/player-source.js';
import { hasPicture, whenDecoded } from './when-decoded.js';
import { noMedia, refusedPicture, unusableAnswer } from './whep-errors.js';
import type { WhepConfig, WhepOptions } from './whep-options.js';

/** From the server’s response to the first packet. */
const CONNECT_LIMIT_MS = 10_000;
/** All of that: some steps of a browser have no limit of their own. */
const OPEN_LIMIT_MS = 40_000;
/** After this time a new session is faster than a restart. */
const RESTART_LIMIT_MS = 4000;
/** Sound alone is shown after this time: a server may accept a picture that nobody sends. */
const PICTURE_LIMIT_MS = 1000;
const PICTURE_POLL_MS = 20;
const RECEIVED: readonly (string | null)[] = ['recvonly', 'sendrecv'];

/** What a session reports while it is watched. */
export interface WhepSessionEvents extends PeerEvents, Required<FlowEvents> {
  /** There are other tracks to show. */
  onTracks(): void;
}

export interface WhepSessionOptions {
  readonly context: SessionContext;
  readonly entry: ResolvedEntry;
  /** Address of the stream at the server. */
  readonly endpoint: string;
  readonly options: Pick<WhepOptions, 'whepConfig'>;
  /** Does another engine play the picture that the server refuses? */
  readonly needsPicture: boolean;
  readonly events: WhepSessionEvents;
}

/**
 * One WHEP session: offer, connection and its tracks. Once it is closed, nothing of it remains.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-wish-whep/
 */
export class WhepSession {
  readonly entry: ResolvedEntry;
  readonly endpoint: string;
  readonly #context: SessionContext;
  readonly #events: WhepSessionEvents;
  readonly #peer: RTCPeerConnection;
  readonly #signalling: Signalling;
  readonly #flow: MediaFlow;
  readonly #config: WhepConfig;
  readonly #needsPicture: boolean;
  #reports: readonly RTCStatsReport[] = [];

  /** @throws GatecastError `option-invalid` for STUN and TURN servers that the browser refuses. */
  constructor({ context, entry, endpoint, options, needsPicture, events }: WhepSessionOptions) {
    this.entry = entry;
    this.endpoint = endpoint;
    this.#context = context;
    this.#events = events;
    const config = (this.#config = options.whepConfig);
    this.#needsPicture = needsPicture && !config.audioOnly;
    const peer = (this.#peer = createPeer(config.iceServers, context.errors));
    this.#signalling = new Signalling(context, peer);
    this.#flow = new MediaFlow(peer, context.clock, {
      direction: 'received',
      isExpected: () => true,
      stopped: noMedia,
      onReport: (report) => {
        this.#reports = [report, ...this.#reports.slice(0, 1)];
      },
    });
  }

  /** Aborts when the session is closed. */
  get signal(): AbortSignal {
    return this.#signalling.signal;
  }

  /** What comes in: a track is muted until its first packet. A kind that the server has accepted and does not send is left out. */
  get tracks(): readonly MediaStreamTrack[] {
    return this.#negotiated().filter(({ muted }) => !muted);
  }

  /** The last two samples, the newest first. */
  get reports(): readonly RTCStatsReport[] {
    return this.#reports;
  }

  /**
   * Resolves with the server’s response when media flows.
   *
   * @throws GatecastError why the server refused, was not reached or sends nothing. Otherwise the signal's reason.
   */
  async open(signal: AbortSignal): Promise<CreatedSession> {
    const { clock, errors, tokens } = this.#context;
    const offering = this.#offer();
    offering.catch(() => undefined);
    // Before the time limits of the offer, and with errors of its own.
    await tokens.ready(this.endpoint, signal);
    const deadline = startDeadline(clock, OPEN_LIMIT_MS, signal);
    try {
      return await untilAborted(this.#open(offering, deadline.signal), deadline.signal);
    } catch (error) {
      throw deadline.isOver ? errors.connection('slow', OPEN_LIMIT_MS / 1000) : error;
    } finally {
      deadline.end();
    }
  }

  async #offer(): Promise<string> {
    const kinds = this.#config.audioOnly ? ['audio'] : ['audio', 'video'];
    for (const kind of kinds) this.#peer.addTransceiver(kind, { direction: 'recvonly' });
    const { sdp = '' } = await this.#peer.createOffer();
    return receiveStereo(sdp);
  }

  async #open(offering: Promise<string>, signal: AbortSignal): Promise<CreatedSession> {
    const sdp = await offering;
    signal.throwIfAborted();
    const { endpoint } = this;
    const created = await this.#signalling.create({ endpoint, sdp, isCreated }, signal);
    await this.#negotiate(created, sdp, signal);
    await this.#whenFlowing(CONNECT_LIMIT_MS, signal);
    return created;
  }

  /** Waits for a picture, for a moment: for its first packet, or the first decoded frame in place of another picture. */
  async whenPicture(isReplacing: boolean, signal: AbortSignal): Promise<void> {
    const { clock } = this.#context;
    const videos = this.#negotiated().filter(isPicture);
    const endsAtMs = clock.now() + PICTURE_LIMIT_MS;
    const hasCome = async (): Promise<boolean> =>
      videos.some(({ muted }) => !muted) && (!isReplacing || hasPicture(await this.#peer.getStats()));
    while (videos.length > 0 && clock.now() < endsAtMs && !(await hasCome()))
      await delay(clock, PICTURE_POLL_MS, signal);
  }

  /** Reports what happens from now on. */
  watch(): void {
    const peer = this.#peer;
    const { signal } = this;
    for (const track of this.#negotiated())
      track.addEventListener('unmute', () => this.#events.onTracks(), { signal });
    watchPeer(peer, this.#context.errors, this.#events, signal);
    void this.#flow.watch(this.#events, signal);
    // It may have been interrupted before.
    if (peer.connectionState !== 'connected') queueMicrotask(() => this.#events.onInterrupted());
  }

  /** @see whenDecoded */
  whenDecoded(signal: AbortSignal): Promise<void> {
    return whenDecoded(this.#peer, () => this.#negotiated(), this.#context.clock, signal);
  }

  /** Does media come within this time? */
  isAlive(limitMs: number): Promise<boolean> {
    return this.#flow.whenFlowing(limitMs, this.signal).then(
      () => true,
      () => false,
    );
  }

  /**
   * Repairs the connection by an ICE restart. If nothing comes over an intact one, it waits for media.
   *
   * @throws GatecastError when a new session is needed. Otherwise the signal's reason.
   */
  async restart(): Promise<void> {
    const deadline = startDeadline(this.#context.clock, RESTART_LIMIT_MS, this.signal);
    try {
      if (this.#peer.connectionState !== 'connected') await this.#signalling.restart(deadline.signal);
      await this.#whenFlowing(RESTART_LIMIT_MS, deadline.signal);
    } finally {
      deadline.end();
    }
  }

  /** Sends a GET with the newest token. Resolves with `null` without a response. */
  async visit(): Promise<Response | null> {
    const { signal } = this;
    // The end of an access is reported elsewhere.
    const reply = await this.#signalling.request({ method: 'GET' }, signal).catch(() => null);
    return reply && !signal.aborted ? reply.response : null;
  }

  /** Its server has said that it is over. */
  end(): void {
    if (!this.signal.aborted) this.#events.onLost(this.#context.errors.connection('ended'), true);
  }

  /** Ends the session by DELETE. If a valid token is there, it is sent in the same task. */
  close(): Promise<void> {
    return this.#signalling.close();
  }

  async #negotiate(created: CreatedSession, offered: string, signal: AbortSignal): Promise<void> {
    const peer = this.#peer;
    const sdp = withLastLineEnd(created.sdp);
    this.#signalling.begin(created, sdp);
    const isCounterOffer = created.status === COUNTER_OFFER;
    try {
      // Gathering starts here, with the server's own STUN and TURN servers; candidates trickle after the offer.
      if (!isCounterOffer) await peer.setLocalDescription({ type: 'offer', sdp: offered });
      await peer.setRemoteDescription({ type: isCounterOffer ? 'offer' : 'answer', sdp });
    } catch (cause) {
      throw unusableAnswer(cause);
    }
    if (isCounterOffer) await this.#signalling.answer(signal, receiveStereo);
    // Not by the port in the SDP: that of a section in a bundle may be 0, too (RFC 8843).
    else if (this.#needsPicture && !this.#negotiated().some(isPicture)) throw refusedPicture();
    const { jitterBufferTargetMs } = this.#config;
    if (jitterBufferTargetMs === undefined) return;
    for (const receiver of peer.getReceivers()) delayMedia(receiver, jitterBufferTargetMs);
  }

  /** The tracks that the server may send. */
  #negotiated(): MediaStreamTrack[] {
    return this.#peer
      .getTransceivers()
      .filter(({ currentDirection }) => RECEIVED.includes(currentDirection))
      .map(({ receiver }) => receiver.track);
  }

  async #whenFlowing(limitMs: number, signal: AbortSignal): Promise<void> {
    const { clock, errors } = this.#context;
    const endsAtMs = clock.now() + limitMs;
    await whenConnected(this.#peer, errors, { clock, limitMs, signal });
    await this.#flow.whenFlowing(endsAtMs - clock.now(), signal);
  }
}

const COUNTER_OFFER = 406;
const isPicture = ({ kind }: MediaStreamTrack): boolean => kind === 'video';
/** A response with an SDP offer creates a session, too, which ends unless it is answered. */
function isCreated({ ok, status, headers }: Response): boolean {
  const type = headers.get('Content-Type') ?? '';
  const isSdp = /^application\/sdp\b/i.test(type);
  // Servers that have a page for each path respond with it.
  return (
    (ok && !/^text\/html\b/i.test(type)) || (status === COUNTER_OFFER && isSdp && headers.has('Location'))
  );
}

/** Chromium asks for mono, and plays mono, otherwise. */
function receiveStereo(sdp: string): string {
  return editFormat(sdp, { kind: 'audio', codec: 'opus' }, (parameters) => {
    if (!parameters.has('stereo')) parameters.set('stereo', '1');
  });
}

/** Not in every browser. */
function delayMedia(
  receiver: RTCRtpReceiver & { jitterBufferTarget?: number | null },
  targetMs: number,
): void {
  if ('jitterBufferTarget' in receiver) receiver.jitterBufferTarget = targetMs;
}
