import { GatecastError, startDeadline } from '@gatecast/token';
import { TRACK_KINDS, type TrackKind } from '../../capture/capture-request.js';
import type { EncodingSettings } from '../broadcast-target.js';
import type { OpenRequest, PublisherContext, PublisherSession } from '../publisher.js';
import { connectionLost, requireWebrtc } from '../publisher-errors.js';
import { CandidateTrickle } from './candidate-trickle.js';
import { checkAnswer, withLastLineEnd } from './check-answer.js';
import { orderVideoCodecs } from './codec-preference.js';
import { addIceServers, createPeer } from './ice-servers.js';
import { endSession, postOffer, requestSession } from './ingest-requests.js';
import { isNegotiated, MediaFlow } from './media-flow.js';
import { watchPeer, whenConnected } from './peer-watch.js';
import { applyEncoding, firstEncoding } from './sender-encoding.js';
import { withStartBitrate } from './start-bitrate.js';
import { offersTrickle, readFragment, restartAnswer } from './trickle-fragment.js';

/** From the ingest's response to the first packet. */
const CONNECT_LIMIT_MS = 10_000;
/** After this time a new session is faster than a restart. */
const RESTART_LIMIT_MS = 4000;
const RESTART_GATHER_MS = 200;
const FRAGMENT_TYPE = 'application/trickle-ice-sdpfrag';

/**
 * Opens a WHIP session and resolves when media flows.
 *
 * @throws GatecastError why the ingest refused or was not reached.
 * @see https://www.rfc-editor.org/rfc/rfc9725
 */
export async function openWhipSession(
  context: PublisherContext,
  request: OpenRequest,
): Promise<PublisherSession> {
  requireWebrtc();
  const session = new WhipSession(context);
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
  readonly #context: PublisherContext;
  readonly #peer: RTCPeerConnection;
  readonly #controller = new AbortController();
  readonly #trickle: CandidateTrickle;
  readonly #flow: MediaFlow;
  #url: string | null = null;
  #etag: string | null = null;
  #supportsPatch = false;
  #isClosed = false;
  #refused: readonly TrackKind[] = [];

  constructor(context: PublisherContext) {
    this.#context = context;
    this.#peer = createPeer(context.target().config['iceServers']);
    this.#trickle = new CandidateTrickle(this.#peer, context.clock, this.#controller.signal, (body) =>
      this.#sendCandidates(body),
    );
    this.#flow = new MediaFlow(this.#peer, context.clock);
  }

  get refusedKinds(): readonly TrackKind[] {
    return this.#refused;
  }

  async open({ media, signal, ...events }: OpenRequest): Promise<void> {
    const { endpoint, encoding, allowsPartial } = this.#context.target();
    const peer = this.#peer;
    if (media) addTracks(peer, media, encoding);

    // The signal does not end the request: a session that the ingest has created must be deleted.
    const offer = await peer.createOffer();
    signal.throwIfAborted();
    const { headers, sdp, url } = await postOffer(this.#context, endpoint, offer.sdp ?? '');
    this.#url = url;
    signal.throwIfAborted();

    const answer = withLastLineEnd(sdp);
    const offered = TRACK_KINDS.filter((kind) => media?.getTracks().some((track) => track.kind === kind));
    this.#refused = checkAnswer(answer, { offered, allowsPartial });
    this.#etag = headers.get('ETag');
    this.#supportsPatch = offersPatch(headers, answer);
    addIceServers(peer, headers.get('Link'), this.#context.log);

    // Gathering starts here, with the ingest's own STUN and TURN servers; candidates trickle after the offer.
    await peer.setLocalDescription(offer);
    await this.#accept(withStartBitrate(answer, encoding.videoBitrateKbps));
    await this.#whenFlowing(CONNECT_LIMIT_MS, signal);
    watchPeer(peer, events, this.#controller.signal);
    void this.#flow.watch(() => events.onInterrupted('media-stopped'), this.#controller.signal);
  }

  /** Repairs the connection by an ICE restart. If nothing is sent over an intact one, it waits for media. */
  async restart(signal: AbortSignal): Promise<void> {
    if (this.#peer.connectionState === 'connected') await this.#whenFlowing(RESTART_LIMIT_MS, signal);
    else await this.#restartIce(signal);
  }

  /** ICE restart by PATCH (RFC 9725 section 4.3.3). */
  async #restartIce(signal: AbortSignal): Promise<void> {
    const answer = this.#peer.remoteDescription?.sdp;
    if (!this.#url || !this.#etag || !this.#supportsPatch || !answer) {
      throw connectionLost('This ingest does not support ICE restarts.');
    }
    const deadline = startDeadline(this.#context.clock, RESTART_LIMIT_MS, signal);
    try {
      this.#trickle.hold();
      await this.#peer.setLocalDescription(await this.#peer.createOffer({ iceRestart: true }));
      const body = await this.#trickle.takeFragment(RESTART_GATHER_MS, deadline.signal);
      const { response, sdp } = await this.#patch(this.#url, body, '*', deadline.signal);
      const fragment = response.status === 200 ? readFragment(sdp) : null;
      if (!fragment)
        throw connectionLost(`The ingest did not restart the connection (HTTP ${String(response.status)}).`);
      deadline.signal.throwIfAborted();
      this.#etag = response.headers.get('ETag');
      await this.#peer.setRemoteDescription({ type: 'answer', sdp: restartAnswer(answer, fragment) });
      await this.#whenFlowing(RESTART_LIMIT_MS, deadline.signal);
    } finally {
      deadline.end();
    }
  }

  async #whenFlowing(limitMs: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#context;
    const endsAtMs = clock.now() + limitMs;
    await whenConnected(this.#peer, clock, limitMs, signal);
    await this.#flow.whenSending(endsAtMs - clock.now(), signal);
  }

  async replaceTrack(kind: TrackKind, track: MediaStreamTrack | null): Promise<boolean> {
    const transceiver = this.#peer
      .getTransceivers()
      .find(({ sender, receiver }) => (sender.track ?? receiver.track).kind === kind);
    if (!transceiver) return track === null;
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
    const { encoding } = this.#context.target();
    await Promise.all(this.#peer.getSenders().map((sender) => applyEncoding(sender, encoding)));
  }

  getStats(): Promise<RTCStatsReport | null> {
    return this.#isClosed ? Promise.resolve(null) : this.#peer.getStats();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#controller.abort();
    this.#peer.close();
    await endSession(this.#context, this.#url);
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

  async #sendCandidates(body: string): Promise<void> {
    if (!this.#url || !this.#supportsPatch) return;
    const { response } = await this.#patch(this.#url, body, this.#etag, this.#controller.signal);
    // 404 and 412 concern this session or ICE generation. Any other status means that PATCH is not supported.
    if (!response.ok && response.status !== 404 && response.status !== 412) {
      this.#supportsPatch = false;
      this.#context.log('whip-trickle-refused', { status: response.status });
    }
  }

  #patch(
    url: string,
    body: string,
    ifMatch: string | null,
    signal: AbortSignal,
  ): ReturnType<typeof requestSession> {
    const headers = { 'Content-Type': FRAGMENT_TYPE, ...(ifMatch && { 'If-Match': ifMatch }) };
    return requestSession(this.#context, url, { method: 'PATCH', headers, body }, signal);
  }
}

function addTracks(peer: RTCPeerConnection, media: MediaStream, encoding: EncodingSettings): void {
  for (const track of media.getTracks()) {
    const transceiver = peer.addTransceiver(track, {
      direction: 'sendonly',
      streams: [media],
      sendEncodings: [firstEncoding(track.kind, encoding)],
    });
    const codecs = track.kind === 'video' ? RTCRtpSender.getCapabilities('video')?.codecs : undefined;
    if (codecs) transceiver.setCodecPreferences(orderVideoCodecs(codecs, encoding.codec));
  }
}

/** Any of these is enough: a cross-origin ingest often exposes none of its headers. */
function offersPatch(headers: Headers, answerSdp: string): boolean {
  return headers.has('ETag') || headers.has('Accept-Patch') || offersTrickle(answerSdp);
}
