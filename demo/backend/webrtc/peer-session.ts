import { randomUUID } from 'node:crypto';
import { RTCPeerConnection } from 'werift';
import type { PeerConfig } from 'werift';
import { renderIceFragment } from './ice-fragment.js';
import { sdpAttribute, withIceCredentials, withoutCandidates } from './sdp-text.js';

export interface PeerSessionOptions {
  /** Addresses for ICE candidates. */
  readonly hostAddresses: readonly string[];
  readonly codecs: PeerConfig['codecs'];
  /** Header extensions of RTP to accept. @defaultValue none */
  readonly headerExtensions?: PeerConfig['headerExtensions'];
  /** Milliseconds since any time. */
  readonly now: () => number;
}

/** What an HTTP resource needs of a session: its entity tag, and the restart of ICE. */
export interface IceSession {
  /** Entity tag of the ICE session. An ICE restart changes it (RFC 9725, section 4.3.1). */
  readonly etag: string;
  /** Restarts ICE with the client's new credentials. Returns the trickle ICE fragment for the response. */
  restartIce(ufrag: string, password: string): Promise<string>;
  /** Whether the user name fragment belongs to the current ICE session. */
  isPresentGeneration(ufrag: string): boolean;
  /** Why ICE cannot be restarted now: no description was agreed on yet, or the last restart was less than a second ago. */
  readonly restartObstacle: 'not-negotiated' | 'too-soon' | undefined;
}

/** A restart negotiates all again, which costs the server more than the client's request. */
const RESTART_INTERVAL_MS = 1000;

/** The server's side of a WHIP or WHEP session: a peer connection with the names and rules of its HTTP resource. */
export class PeerSession implements IceSession {
  /** Last part of the session URL. It cannot be guessed, but does not replace the token. */
  readonly id = randomUUID();
  readonly connection: RTCPeerConnection;
  readonly #now: () => number;
  #remote = '';
  #generation = 0;
  #isAgreed = false;
  #restartedAtMs = -Infinity;

  constructor({ hostAddresses, codecs, headerExtensions = {}, now }: PeerSessionOptions) {
    this.#now = now;
    this.connection = new RTCPeerConnection({
      iceUseIpv4: false,
      iceUseIpv6: false,
      iceUseTcp: false,
      iceServers: [],
      iceAdditionalHostAddresses: [...hostAddresses],
      bundlePolicy: 'max-bundle',
      codecs,
      headerExtensions,
    });
  }

  get etag(): string {
    return `"${this.id.slice(0, 8)}-${this.#generation}"`;
  }

  /** Applies the client's offer and returns the SDP answer with all candidates. */
  async answer(offer: string): Promise<string> {
    this.#remote = offer;
    await this.connection.setRemoteDescription({ type: 'offer', sdp: withoutCandidates(offer) });
    const description = await this.connection.createAnswer();
    this.#askNoOtherServer();
    await this.connection.setLocalDescription(description);
    this.#isAgreed = true;
    return this.#localSdp();
  }

  /** Returns an SDP offer with all candidates. */
  async offer(): Promise<string> {
    const description = await this.connection.createOffer();
    this.#askNoOtherServer();
    await this.connection.setLocalDescription(description);
    return this.#localSdp();
  }

  /** Applies the client's answer to `offer`. */
  async accept(answer: string): Promise<void> {
    await this.connection.setRemoteDescription({ type: 'answer', sdp: withoutCandidates(answer) });
    // A restart comes from the client: its answer, as an offer, then has the new credentials.
    this.#isAgreed = true;
    this.#remote = answer.replace(/^a=setup:(?:active|passive)/gm, 'a=setup:actpass');
  }

  get restartObstacle(): 'not-negotiated' | 'too-soon' | undefined {
    if (!this.#isAgreed) return 'not-negotiated';
    return this.#now() - this.#restartedAtMs < RESTART_INTERVAL_MS ? 'too-soon' : undefined;
  }

  async restartIce(ufrag: string, password: string): Promise<string> {
    this.#restartedAtMs = this.#now();
    const sdp = await this.answer(withIceCredentials(this.#remote, ufrag, password));
    this.#generation += 1;
    // werift does not restart ICE when DTLS is connected. Without this call it could not send.
    for (const transport of this.connection.iceTransports) transport.start().catch(() => undefined);
    const media = [...sdp.matchAll(/^(m=[^\r\n]*)[\s\S]*?^a=mid:([^\r\n]+)/gm)].map((match) => ({
      line: match[1] ?? '',
      mid: match[2] ?? '',
    }));
    const candidates = [...sdp.matchAll(/^a=candidate:([^\r\n]+)/gm)].map((match) => match[1] ?? '');
    return renderIceFragment({
      ufrag: sdpAttribute(sdp, 'ice-ufrag') ?? '',
      password: sdpAttribute(sdp, 'ice-pwd') ?? '',
      media,
      candidates: [...new Set(candidates)],
    });
  }

  isPresentGeneration(ufrag: string): boolean {
    return sdpAttribute(this.#remote, 'ice-ufrag') === ufrag;
  }

  /** Closes the connection without notice. The client does not need anything that werift would send. */
  close(): void {
    this.connection.close().catch(() => undefined);
  }

  /**
   * werift asks a public STUN server if it gets none, and waits up to 5 s for the response. A session must not depend on
   * another service, or be seen by one; the addresses to listen at are known.
   */
  #askNoOtherServer(): void {
    for (const { connection } of this.connection.iceTransports) delete connection.stunServer;
  }

  #localSdp(): string {
    const sdp = this.connection.localDescription?.sdp;
    if (sdp === undefined) throw new Error('The peer connection created no session description.');
    return sdp;
  }
}
