import { loadVendorScript } from '@gatecast/element';
import { secretOf, type Token } from '@gatecast/token';
import type { OpenRequest, Publisher, PublisherContext, PublisherSession } from '../publisher.js';
import { requireScriptUrl } from '../publisher-errors.js';
import { webrtcUnsupported } from '../whip/whip-errors.js';
import { NanostreamSession } from './nanostream-session.js';
import { RtcUserClient } from './rtc-user-client.js';
import { isSignedInAlready, isSignInMissing, isTokenRefusal } from './rtc-user-errors.js';
import type { RtcUserClass } from './rtc-user.js';
import { VendorPreview } from './vendor-preview.js';

/** Publishes with the vendor's Webcaster v5 (`RtcUser`): one client, signed in until the page signs out. */
export function createNanostreamPublisher(context: PublisherContext): Publisher {
  return new NanostreamPublisher(context);
}

class NanostreamPublisher implements Publisher {
  readonly #context: PublisherContext;
  readonly #preview: VendorPreview;
  #client: Promise<RtcUserClient> | null = null;
  #isSignedIn = false;
  #isOnAir = false;

  constructor(context: PublisherContext) {
    this.#context = context;
    this.#preview = new VendorPreview(context);
  }

  async signIn(signal: AbortSignal): Promise<void> {
    const client = await this.#load();
    if (!this.#isSignedIn) {
      await this.#withToken(signal, (token) => this.#signInWith(client, token, signal));
    }
  }

  /** There is no call to renew a session: out and in again, which nobody notices while nothing is on air. */
  async renewSignIn(signal: AbortSignal): Promise<void> {
    if (!this.#isSignedIn || this.#isOnAir) return;
    await this.signOut();
    await this.signIn(signal);
  }

  async signOut(): Promise<void> {
    if (!this.#isSignedIn) return;
    this.#isSignedIn = false;
    (await this.#client)?.user.signOut();
  }

  async open(request: OpenRequest): Promise<PublisherSession> {
    if (typeof RTCPeerConnection === 'undefined') throw webrtcUnsupported();
    const { signal } = request;
    const client = await this.#load();
    signal.throwIfAborted();
    this.#isOnAir = true;
    try {
      await this.#withToken(signal, async (token) => {
        if (!this.#isSignedIn) await this.#signInWith(client, token, signal);
        await this.#handOver(client, request);
        await client.run('broadcast', (user) => user.startBroadcast({ jwt: secretOf(token.value) }), signal);
      });
      return new NanostreamSession(client, this.#context, request, (isSignedIn) => {
        this.#isOnAir = false;
        this.#preview.close();
        if (!isSignedIn) this.#forgetSignIn(client);
      });
    } catch (error) {
      this.#isOnAir = false;
      this.#preview.close();
      client.user.stopBroadcast();
      if (isSignInMissing(error)) this.#forgetSignIn(client);
      throw error;
    }
  }

  dispose(): void {
    this.#preview.close();
    void this.signOut();
  }

  #load(): Promise<RtcUserClient> {
    const { clock, target } = this.#context;
    const { scriptUrl } = target();
    this.#client ??= loadVendorScript(requireScriptUrl(scriptUrl, 'nanostream'), 'RtcUser').then(
      (RtcUser) => new RtcUserClient(new (RtcUser as RtcUserClass)(), clock),
    );
    this.#client.catch(() => {
      this.#client = null;
    });
    return this.#client;
  }

  async #signInWith(client: RtcUserClient, token: Token, signal: AbortSignal): Promise<void> {
    const { endpoint } = this.#context.target();
    try {
      await client.run(
        'signIn',
        (user) => user.signIn({ server: endpoint, jwt: secretOf(token.value) }),
        signal,
      );
    } catch (error) {
      if (!isSignedInAlready(error)) throw error;
    }
    this.#isSignedIn = true;
  }

  async #handOver(client: RtcUserClient, { media, signal }: OpenRequest): Promise<void> {
    const { encoding } = this.#context.target();
    client.user.setConfig?.({
      bitrates: { videoSendBitrate: encoding.videoBitrateKbps, audioSendBitrate: encoding.audioBitrateKbps },
    });
    if (media && client.user.setMediaStream) client.user.setMediaStream(media);
    else await this.#preview.open(client, signal);
  }

  /** A refused token is answered with a fresh one and a fresh session, once. */
  async #withToken(signal: AbortSignal, use: (token: Token) => Promise<void>): Promise<void> {
    const { tokens } = this.#context;
    const token = await tokens.get(signal);
    try {
      await use(token);
      tokens.accepted(token);
    } catch (error) {
      signal.throwIfAborted();
      if (!isTokenRefusal(error)) throw error;
      const next = await tokens.rejected(token, signal);
      await this.signOut();
      await use(next);
      tokens.accepted(next);
    }
  }

  #forgetSignIn(client: RtcUserClient): void {
    if (!this.#isSignedIn) return;
    this.#isSignedIn = false;
    // Without it a new sign-in is refused as "already signed in", with the session's old token.
    client.user.signOut();
  }
}
