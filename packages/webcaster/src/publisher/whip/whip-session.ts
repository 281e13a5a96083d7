import { GatecastError, startDeadline } from '@gatecast/token';
import {
  createPeer,
  MediaFlow,
  Signalling,
  untilAborted,
  watchPeer,
  whenConnected,
  withLastLineEnd,
} from '@gatecast/webrtc';
import type { SessionContext } from '@gatecast/webrtc';
import { TRACK_KINDS, type TrackKind } from '../../capture/capture-request.js';
import type { EncodingSettings } from '../broadcast-target.js';
import type { BroadcastStats } from '../../stats/broadcast-stats.js';
import type { OpenRequest, PublisherContext, PublisherSession } from '../publisher.js';
import { mediaRefused, mediaStopped } from '../publisher-errors.js';
import { checkAnswer } from './check-answer.js';
import type { OfferedCodecs } from './codec-floor.js';
import { orderVideoCodecs } from './codec-preference.js';
import { DescriptionTurns, reapplyAnswer } from './description-turns.js';
import { offerAudioMode, readOpus, withAudioMode } from './opus-parameters.js';
import { orderFormats } from './order-formats.js';
import { findServerEvents } from './server-events.js';
import { firstEncodings } from './sender-encoding.js';
import { SenderLimits } from './sender-limits.js';
import { isNegotiated, isSendingExpected } from './sending.js';
import { withStartBitrate } from './start-bitrate.js';
import { whipErrors } from './whip-errors.js';

/** From the ingest's response to the first packet. */
const CONNECT_LIMIT_MS = 10_000;
/** After this time a new session is faster than a restart. */
const RESTART_LIMIT_MS = 4000;

/**
 * Opens a WHIP session and resolves when media flows.
 *
 * @throws GatecastError why the ingest refused or was not reached.
 * @see https://www.rfc-editor.org/rfc/rfc9725
 */
export async function openWhipSession(
  context: PublisherContext,
  request: OpenRequest,
  codecs: OfferedCodecs,
): Promise<PublisherSession> {
  const session = new WhipSession(context, codecs, request.previous);
  try {
    await session.open(request);
    return session;
  } catch (error) {
    // The ingest may have created the session: unless it is deleted, the ingest refuses the next attempt.
    await session.close();
    throw error;
  }
}

class WhipSession implements PublisherSession {
  readonly #context: PublisherContext & SessionContext;
  readonly #peer: RTCPeerConnection;
  readonly #signalling: Signalling;
  readonly #flow: MediaFlow;
  readonly #codecs: OfferedCodecs;
  readonly #limits: SenderLimits;
  readonly #turns = new DescriptionTurns();
  #opus: ReturnType<typeof readOpus> = new Map();
  #startKbps: number | null = null;
  /** The settings that were offered. */
  #encoding: EncodingSettings;
  #refused: readonly TrackKind[] = [];
  #serverEventsUrl: string | null = null;

  constructor(context: PublisherContext, codecs: OfferedCodecs, previous: OpenRequest['previous']) {
    this.#codecs = codecs;
    this.#context = { ...context, errors: whipErrors, protocol: 'whip' };
    const { config, encoding } = context.target();
    this.#encoding = encoding;
    const peer = createPeer(config['iceServers'], whipErrors);
    this.#peer = peer;
    const before = previous instanceof WhipSession ? previous.#limits : undefined;
    this.#limits = new SenderLimits(peer, context.clock, () => context.target().encoding, before);
    this.#signalling = new Signalling(this.#context, peer);
    this.#flow = new MediaFlow(peer, context.clock, {
      direction: 'sent',
      isExpected: () => isSendingExpected(peer),
      stopped: mediaStopped,
    });
  }

  get serverEventsUrl(): string | null {
    return this.#serverEventsUrl;
  }

  get wantedCodecs(): readonly string[] {
    return this.#codecs.wanted;
  }

  get layers(): number {
    return this.#limits.layers;
  }

  get isReduced(): boolean {
    return this.#limits.isReduced;
  }

  get refusedKinds(): readonly TrackKind[] {
    return this.#refused;
  }

  async open({ media, signal, ...events }: OpenRequest): Promise<void> {
    const { endpoint, encoding, allowsPartial } = this.#context.target();
    this.#encoding = encoding;
    const peer = this.#peer;
    const { names, hasFloor } = this.#codecs;
    const firstOf = (track: MediaStreamTrack) => firstEncodings(track, encoding, this.#limits.reduction);
    if (media) addTracks(peer, media, firstOf, names);

    const offer = await peer.createOffer();
    // Before the time limits of the offer, and with errors of its own.
    await this.#context.tokens.ready(endpoint, signal);
    signal.throwIfAborted();
    const created = await this.#signalling.create(
      { endpoint, sdp: this.#offerFor(offer.sdp ?? '', encoding) },
      signal,
    );

    const answer = withLastLineEnd(created.sdp);
    const offered = TRACK_KINDS.filter((kind) => media?.getTracks().some((track) => track.kind === kind));
    this.#refused = checkAnswer(answer, { offered, allowsPartial });
    // Another offer comes before a broadcast without video.
    if (hasFloor && this.#refused.includes('video')) throw mediaRefused(['video'], false);
    this.#signalling.begin(created, answer);
    const eventsUrl = findServerEvents(created.headers.get('Link'), created.baseUrl);
    this.#serverEventsUrl = eventsUrl && this.#context.tokens.withoutTokens(eventsUrl);

    // Gathering starts here, with the ingest's own STUN and TURN servers; candidates trickle after the offer.
    await peer.setLocalDescription(offer);
    this.#opus = readOpus(answer, encoding);
    await this.#accept(withAudioMode(this.#withStart(answer, encoding), encoding, this.#opus));
    // Only now: what a browser keeps of the layers depends on the answer. The first limits hold if it refuses these.
    await this.#limits.apply().catch((error: unknown) => this.#logRefusal(error));
    await this.#whenFlowing(CONNECT_LIMIT_MS, signal);
    watchPeer(peer, whipErrors, events, this.#signalling.signal);
    const onStopped = () => events.onInterrupted('media-stopped');
    void this.#flow.watch({ onStopped }, this.#signalling.signal);
    this.#catchUp(encoding).catch((error: unknown) => this.#logRefusal(error));
  }

  /** The settings may have changed while the session was opening. */
  async #catchUp(offered: EncodingSettings): Promise<void> {
    const { encoding } = this.#context.target();
    if (JSON.stringify(encoding) !== JSON.stringify(offered)) await this.updateEncoding();
  }

  #logRefusal(error: unknown): void {
    this.#context.log('sending-not-changed', { error: error instanceof Error ? error.name : 'unknown' });
  }

  /** Repairs the connection by an ICE restart. If nothing is sent over an intact one, it waits for media. */
  async restart(signal: AbortSignal): Promise<void> {
    if (this.#peer.connectionState === 'connected') {
      await this.#whenFlowing(RESTART_LIMIT_MS, signal);
      return;
    }
    const deadline = startDeadline(this.#context.clock, RESTART_LIMIT_MS, signal);
    try {
      this.#limits.beginPath();
      const edit = (sdp: string) => this.#withStart(sdp, this.#encoding);
      const restart = () => this.#signalling.restart(deadline.signal, edit);
      await untilAborted(this.#turns.take(restart), deadline.signal);
      await this.#whenFlowing(RESTART_LIMIT_MS, deadline.signal);
    } finally {
      deadline.end();
    }
  }

  async #whenFlowing(limitMs: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#context;
    const endsAtMs = clock.now() + limitMs;
    await whenConnected(this.#peer, whipErrors, { clock, limitMs, signal });
    await this.#flow.whenFlowing(endsAtMs - clock.now(), signal);
  }

  async replaceTrack(kind: TrackKind, track: MediaStreamTrack | null): Promise<boolean> {
    const transceiver = this.#peer
      .getTransceivers()
      .find(({ sender, receiver }) => (sender.track ?? receiver.track).kind === kind);
    // A browser drops the transceiver of a section that was refused by port 0.
    if (!transceiver) return track === null || this.#refused.includes(kind);
    // No new session would send it either.
    if (!isNegotiated(transceiver)) return true;
    try {
      await transceiver.sender.replaceTrack(track);
      return true;
    } catch {
      // The negotiated encoder cannot send this track; a new session can.
      return false;
    }
  }

  async updateEncoding(): Promise<void> {
    await this.#limits.apply();
    // Read in its turn: the last settings count.
    const edit = (sdp: string) => withAudioMode(sdp, this.#context.target().encoding, this.#opus);
    await this.#turns.take(() => reapplyAnswer(this.#peer, edit));
  }

  async followNetwork(stats: BroadcastStats): Promise<void> {
    if (!this.#signalling.signal.aborted) await this.#limits.follow(stats);
  }

  /** The answer with what the network has taken before as the start, in place of the start of before. */
  #withStart(answer: string, encoding: EncodingSettings): string {
    const before = this.#startKbps;
    this.#startKbps = this.#limits.startKbps(encoding);
    return withStartBitrate(answer, this.#startKbps, before);
  }

  /** What the ingest is to see: the browser’s own description stays as it is. */
  #offerFor(sdp: string, encoding: EncodingSettings): string {
    const offer = offerAudioMode(sdp, encoding);
    return hasCodecPreferences() ? offer : orderFormats(offer, this.#codecs.names);
  }

  isGone(signal: AbortSignal): Promise<boolean> {
    return this.#signalling.isGone(signal);
  }

  getStats(): Promise<RTCStatsReport | null> {
    return this.#signalling.signal.aborted ? Promise.resolve(null) : this.#peer.getStats();
  }

  close(): Promise<void> {
    return this.#signalling.close();
  }

  async #accept(sdp: string): Promise<void> {
    try {
      await this.#peer.setRemoteDescription({ type: 'answer', sdp });
    } catch (cause) {
      throw new GatecastError('ingest-refused', 'The ingest’s SDP answer does not match the offer.', {
        hint: 'The ingest may not support the codec. Check codec and the ingest’s log.',
        // Only the name: browsers quote the answer in their message, and a server may have put a secret there.
        cause: cause instanceof Error ? cause.name : undefined,
      });
    }
  }
}

/** Not in Firefox before 128. */
function hasCodecPreferences(): boolean {
  return 'setCodecPreferences' in RTCRtpTransceiver.prototype;
}

function addTracks(
  peer: RTCPeerConnection,
  media: MediaStream,
  firstOf: (track: MediaStreamTrack) => RTCRtpEncodingParameters[],
  codecNames: readonly string[],
): void {
  for (const track of media.getTracks()) {
    const transceiver = addTransceiver(peer, track, media, firstOf(track));
    const codecs = track.kind === 'video' ? RTCRtpSender.getCapabilities('video')?.codecs : undefined;
    if (codecs && codecNames.length > 0 && hasCodecPreferences())
      transceiver.setCodecPreferences(orderVideoCodecs(codecs, codecNames));
  }
}

function addTransceiver(
  peer: RTCPeerConnection,
  track: MediaStreamTrack,
  media: MediaStream,
  sendEncodings: RTCRtpEncodingParameters[],
): RTCRtpTransceiver {
  const init: RTCRtpTransceiverInit = { direction: 'sendonly', streams: [media] };
  try {
    return peer.addTransceiver(track, { ...init, sendEncodings });
  } catch {
    // Not every browser knows the modes of a simulcast; all get the limits once it is connected.
    return peer.addTransceiver(track, {
      ...init,
      sendEncodings: sendEncodings.map(({ rid }) => (rid ? { rid } : {})),
    });
  }
}
