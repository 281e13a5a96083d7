import { GatecastError } from '@gatecast/token';
import { CandidateTrickle } from './candidate-trickle.js';
import { addIceServers } from './ice-servers.js';
import type { SessionContext } from './session-context.js';
import {
  endSession,
  GONE,
  postOffer,
  requestSession,
  type CreatedSession,
  type OfferRequest,
} from './session-requests.js';
import { untilAborted } from './until-aborted.js';
import {
  buildFragment,
  FRAGMENT_TYPE,
  offersTrickle,
  readFragment,
  restartAnswer,
} from './trickle-fragment.js';

const RESTART_GATHER_MS = 200;

/** Result of a request to the session. */
export type SessionReply = Awaited<ReturnType<typeof requestSession>>;

/** The requests of one session, from the offer to DELETE. The owner negotiates media and decides when to repair. */
export class Signalling {
  readonly #context: SessionContext;
  readonly #peer: RTCPeerConnection;
  readonly #controller = new AbortController();
  readonly #trickle: CandidateTrickle;
  #url: string | null = null;
  #etag: string | null = null;
  #supportsPatch = false;

  constructor(context: SessionContext, peer: RTCPeerConnection) {
    this.#context = context;
    this.#peer = peer;
    this.#trickle = new CandidateTrickle(peer, context.clock, this.#controller.signal, (body) =>
      this.#sendCandidates(body),
    );
  }

  /** Aborts when the session is closed. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /**
   * Sends the offer. The signal does not end the request: a session that the server has created must be deleted.
   *
   * @throws GatecastError why no session was created. Otherwise the signal's reason.
   */
  async create(offer: OfferRequest, signal: AbortSignal): Promise<CreatedSession> {
    const created = await postOffer(this.#context, offer);
    this.#url = created.url;
    // It was closed meanwhile, when the address was not known.
    if (this.signal.aborted) await endSession(this.#context, created.url);
    signal.throwIfAborted();
    return created;
  }

  /**
   * Takes over what a response says of the session: ICE servers, entity tag, and whether the server takes candidates. To be
   * called before `setLocalDescription`, which starts to gather candidates.
   *
   * @param sdp - the SDP answer or offer of the server.
   */
  begin({ headers }: Pick<CreatedSession, 'headers'>, sdp: string): void {
    this.#etag = headers.get('ETag');
    // Any of these is enough: a cross-origin server often exposes none of its headers.
    this.#supportsPatch = headers.has('ETag') || headers.has('Accept-Patch') || offersTrickle(sdp);
    addIceServers(this.#peer, headers.get('Link'), this.#context);
  }

  /**
   * Sends the answer to an offer of the server by PATCH, with the candidates of the first moment.
   *
   * @param edit - changes the answer before it is applied and sent.
   * @throws GatecastError `refused` of the errors if the server does not take it. Otherwise the signal's reason.
   * @see https://datatracker.ietf.org/doc/draft-ietf-wish-whep/
   */
  async answer(signal: AbortSignal, edit = (sdp: string) => sdp): Promise<void> {
    const { errors } = this.#context;
    this.#trickle.hold();
    const { sdp = '' } = await this.#peer.createAnswer();
    await this.#peer.setLocalDescription({ type: 'answer', sdp: edit(sdp) });
    // Those are in the description; the trickle sends later ones.
    await this.#trickle.takeFragment(RESTART_GATHER_MS, signal);
    const body = this.#peer.localDescription?.sdp ?? '';
    const headers = { 'Content-Type': 'application/sdp' };
    const reply = await this.request({ method: 'PATCH', headers, body }, signal);
    if (!reply) throw errors.invalidResponse('it has an offer, but no Location to answer it at');
    if (!reply.response.ok) throw errors.refused(reply.response);
    this.#etag = reply.response.headers.get('ETag') ?? this.#etag;
    signal.throwIfAborted();
  }

  /**
   * Restarts ICE by PATCH (RFC 9725 section 4.3.3), for a client that sent the offer. When it resolves, the connection is
   * being established again. It is tried without an `ETag`, too: a server that restarts ICE sends one, but often hides it
   * from pages of other origins.
   *
   * @param edit - changes the answer before it is applied.
   * @throws GatecastError `connection` of the errors: the session must be replaced. Otherwise the signal's reason.
   */
  restart(signal: AbortSignal, edit = (sdp: string) => sdp): Promise<void> {
    return untilAborted(this.#restart(signal, edit), signal);
  }

  async #restart(signal: AbortSignal, edit: (sdp: string) => string): Promise<void> {
    const { errors } = this.#context;
    const { type, sdp: answer } = this.#peer.remoteDescription ?? {};
    if (!this.#url || !this.#supportsPatch || type !== 'answer' || !answer)
      throw errors.connection('no-restart');
    this.#trickle.hold();
    await this.#peer.setLocalDescription(await this.#peer.createOffer({ iceRestart: true }));
    const body = await this.#trickle.takeFragment(RESTART_GATHER_MS, signal);
    const { response, sdp: reply } = await this.#sendFragment(this.#url, body, '*', signal);
    const fragment = response.status === 200 ? readFragment(reply) : null;
    if (!fragment) throw errors.connection('restart-refused', response.status);
    signal.throwIfAborted();
    this.#etag = response.headers.get('ETag');
    const sdp = edit(restartAnswer(answer, fragment));
    await this.#peer.setRemoteDescription({ type: 'answer', sdp });
  }

  /**
   * Sends another request to the session.
   *
   * @throws GatecastError `unreachable` of the errors. Otherwise the signal's reason.
   */
  async request(init: RequestInit, signal: AbortSignal): Promise<SessionReply | null> {
    return this.#url === null ? null : requestSession(this.#context, this.#url, init, signal);
  }

  /**
   * Does the server say that it has no such session? It is asked by a PATCH that changes nothing: no new candidate, and the
   * end of those that are known. `false` too if it takes no PATCH: a response of 404 says nothing then.
   *
   * @throws GatecastError `unreachable` of the errors. Otherwise the signal's reason.
   */
  async isGone(signal: AbortSignal): Promise<boolean> {
    const { sdp = '' } = this.#peer.localDescription ?? {};
    const credentials = readFragment(sdp);
    if (!this.#url || !this.#supportsPatch || !credentials) return false;
    const body = buildFragment(sdp, { ...credentials, candidates: [], isComplete: true });
    const { response } = await this.#sendFragment(this.#url, body, this.#etag, signal);
    return GONE.includes(response.status);
  }

  /** Closes the connection and ends the session by DELETE. If a valid token is there, it is sent in the same task. */
  async close(): Promise<void> {
    if (this.signal.aborted) return;
    this.#controller.abort();
    this.#peer.close();
    await endSession(this.#context, this.#url);
  }

  async #sendCandidates(body: string): Promise<void> {
    if (!this.#url || !this.#supportsPatch) return;
    const status = await this.#sendFragment(this.#url, body, this.#etag, this.signal).then(
      ({ response }) => response.status,
      (error: unknown) => {
        // Refused with two tokens: this is not about the token.
        if (error instanceof GatecastError && error.code === 'token-rejected') return error.status ?? 401;
        throw error;
      },
    );
    // 404 and 412 concern this session or ICE generation. Any other status means that PATCH is not supported.
    if ((status < 200 || status > 299) && status !== 404 && status !== 412) {
      this.#supportsPatch = false;
      this.#context.log(`${this.#context.protocol}-trickle-refused`, { status });
    }
  }

  #sendFragment(
    url: string,
    body: string,
    ifMatch: string | null,
    signal: AbortSignal,
  ): Promise<SessionReply> {
    const headers = { 'Content-Type': FRAGMENT_TYPE, ...(ifMatch && { 'If-Match': ifMatch }) };
    return requestSession(this.#context, url, { method: 'PATCH', headers, body }, signal);
  }
}
