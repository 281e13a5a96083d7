import { loadVendorScript } from '@gatecast/element';
import { secretOf, withFreshToken, type Token } from '@gatecast/token';
import type { OpenRequest, Publisher, PublisherContext, PublisherSession } from '../publisher.js';
import { requireScriptUrl, requireWebrtc } from '../publisher-errors.js';
import { NanostreamSession } from './nanostream-session.js';
import { RtcUserClient } from './rtc-user-client.js';
import { isSignedInAlready, isSignInMissing, isTokenRefusal } from './rtc-user-errors.js';
import type { RtcUserClass } from './rtc-user.js';
import { VendorPreview } from './vendor-preview.js';

/** Publishes with the vendor's Webcaster v5 (`RtcUser`): one client that stays signed in until the page signs out. */
export function createNanostreamPublisher(context: PublisherContext): Publisher {
  return new NanostreamPublisher(context);
}

class NanostreamPublisher implements Publisher {
  readonly #context: PublisherContext;
  readonly #preview: VendorPreview;
  #client: Promise<RtcUserClient> | null = null;
  #isSignedIn = false;
  #isBroadcasting = false;

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

  /** The vendor has no call to renew a session. Signing out and in again is harmless while no broadcast runs. */
  async renewSignIn(signal: AbortSignal): Promise<void> {
    if (!this.#isSignedIn || this.#isBroadcasting) return;
    await this.signOut();
    await this.signIn(signal);
  }

  async signOut(): Promise<void> {
    if (!this.#isSignedIn) return;
    this.#isSignedIn = false;
    (await this.#client)?.user.signOut();
  }

  async open(request: OpenRequest): Promise<PublisherSession> {
    requireWebrtc();
    const { signal } = request;
    const client = await this.#load();
    signal.throwIfAborted();
    this.#isBroadcasting = true;
    try {
      await this.#withToken(signal, async (token) => {
        if (!this.#isSignedIn) await this.#signInWith(client, token, signal);
        await this.#setUp(client, request);
        await client.run('broadcast', (user) => user.startBroadcast({ jwt: secretOf(token.value) }), signal);
      });
      return new NanostreamSession(client, this.#context, request, (isSignedIn) => {
        this.#isBroadcasting = false;
        this.#preview.close();
        if (!isSignedIn) this.#dropSignIn(client);
      });
    } catch (error) {
      this.#isBroadcasting = false;
      this.#preview.close();
      client.user.stopBroadcast();
      if (isSignInMissing(error)) this.#dropSignIn(client);
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

  async #setUp(client: RtcUserClient, { media, signal }: OpenRequest): Promise<void> {
    const { encoding } = this.#context.target();
    client.user.setConfig?.({
      bitrates: { videoSendBitrate: encoding.videoBitrateKbps, audioSendBitrate: encoding.audioBitrateKbps },
    });
    if (media && client.user.setMediaStream) client.user.setMediaStream(media);
    else await this.#preview.open(client, signal);
  }

  /** A refused token is replaced once, and a new session starts with the new token. */
  #withToken(signal: AbortSignal, use: (token: Token) => Promise<void>): Promise<void> {
    const { tokens, target } = this.#context;
    return withFreshToken<Token, undefined>({
      stream: target().stream,
      get: () => tokens.get(signal),
      use: async (token) => {
        try {
          await use(token);
        } catch (error) {
          signal.throwIfAborted();
          if (!isTokenRefusal(error)) throw error;
          return { kind: 'refused', error };
        }
        tokens.accepted(token);
        return { kind: 'done', result: undefined };
      },
      replace: async (refused) => {
        const next = await tokens.rejected(refused, signal);
        await this.signOut();
        return next;
      },
    });
  }

  #dropSignIn(client: RtcUserClient): void {
    if (!this.#isSignedIn) return;
    this.#isSignedIn = false;
    // Otherwise the vendor refuses a new sign-in as "already signed in" and keeps the session's old token.
    client.user.signOut();
  }
}
