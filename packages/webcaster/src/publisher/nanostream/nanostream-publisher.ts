import { vendorSecret } from '@gatecast/element';
import { GatecastError, withFreshToken, type Token } from '@gatecast/token';
import { hasComposedTrack } from '../../capture/composed-tracks.js';
import { isExpectedToSend } from '../expected-media.js';
import type { OpenRequest, Publisher, PublisherContext, PublisherSession } from '../publisher.js';
import { mediaStopped, requireScriptUrl, requireWebrtc } from '../publisher-errors.js';
import { createRtcUser } from './find-rtc-user.js';
import { mediaStreamOptions } from './media-stream-options.js';
import { NanostreamSession } from './nanostream-session.js';
import { RtcUserClient } from './rtc-user-client.js';
import { isSignInMissing, isTokenRefusal } from './rtc-user-errors.js';
import type { BroadcastOptions } from './rtc-user.js';
import { REPORT_INTERVAL_MS } from './sent-media.js';
import { VendorPreview } from './vendor-preview.js';
import { VendorSignIn } from './vendor-sign-in.js';

/** Publishes with the vendor's Webcaster v5 (`RtcUser`): one client that stays signed in until the page signs out. */
export function createNanostreamPublisher(context: PublisherContext): Publisher {
  return new NanostreamPublisher(context);
}

class NanostreamPublisher implements Publisher {
  readonly #context: PublisherContext;
  readonly #preview: VendorPreview;
  #client: Promise<RtcUserClient> | null = null;
  readonly #session = new VendorSignIn();
  #isBroadcasting = false;
  /** Did the vendor's client open devices for this broadcast? */
  #hasOwnMedia = false;
  /** Has media stopped during the last broadcast? Then a status is not enough for the next one. */
  #needsReport = false;

  constructor(context: PublisherContext) {
    this.#context = context;
    this.#preview = new VendorPreview(context);
  }

  async signIn(signal: AbortSignal): Promise<void> {
    const client = await this.#load();
    if (this.#session.isDone) return;
    const target = this.#context.target();
    await this.#withToken(signal, (token) => this.#session.begin(client, target, token, signal));
  }

  /** The vendor has no call to renew a session. Signing out and in again is harmless while no broadcast runs. */
  async renewSignIn(signal: AbortSignal): Promise<void> {
    if (!this.#session.isDone || this.#isBroadcasting) return;
    await this.signOut();
    await this.signIn(signal);
  }

  async signOut(): Promise<void> {
    const client = await this.#client;
    if (client) this.#session.end(client);
  }

  async open(request: OpenRequest): Promise<PublisherSession> {
    requireWebrtc();
    const { signal } = request;
    const client = await this.#load();
    signal.throwIfAborted();
    this.#isBroadcasting = true;
    try {
      await this.#withToken(signal, async (token) => {
        if (!this.#session.isDone) await this.#session.begin(client, this.#context.target(), token, signal);
        await this.#setUp(client, request);
        const options = this.#broadcastOptions(token);
        await client.run('broadcast', (user) => user.startBroadcast(options), signal);
        if (this.#needsReport && this.#isMediaExpected(request)) await untilReported(client, signal);
      });
      this.#needsReport = false;
      return new NanostreamSession({
        client,
        clock: this.#context.clock,
        request,
        vendorTracks: () => (this.#hasOwnMedia ? this.#preview.tracks : null),
        onMediaStopped: () => {
          this.#needsReport = true;
        },
        onClosed: (isSignedIn) => {
          this.#isBroadcasting = false;
          this.#preview.close(client);
          if (!isSignedIn) this.#session.end(client);
        },
      });
    } catch (error) {
      this.#isBroadcasting = false;
      client.attempt('stopBroadcast');
      this.#preview.close(client);
      if (mayHaveLostSession(error)) this.#session.end(client);
      throw error;
    }
  }

  dispose(): void {
    this.#preview.close();
    void this.signOut();
  }

  #load(): Promise<RtcUserClient> {
    const { target } = this.#context;
    const { scriptUrl } = target();
    this.#client ??= createRtcUser(requireScriptUrl(scriptUrl, 'nanostream')).then((user) => {
      const client = new RtcUserClient(user, this.#context);
      client.attempt('enableStats', true, REPORT_INTERVAL_MS);
      return client;
    });
    this.#client.catch(() => {
      this.#client = null;
    });
    return this.#client;
  }

  /** Gives the vendor's client the element's media or, in builds that cannot take it, its own devices. */
  async #setUp(client: RtcUserClient, { media, signal }: OpenRequest): Promise<void> {
    const { encoding } = this.#context.target();
    client.attempt('setConfig', {
      bitrates: { videoSendBitrate: encoding.videoBitrateKbps, audioSendBitrate: encoding.audioBitrateKbps },
    });
    this.#hasOwnMedia = !(media && client.attempt('setMediaStream', mediaStreamOptions(media)));
    if (!this.#hasOwnMedia) return;
    // Other media than the page has chosen must not be sent.
    const isComposed = hasComposedTrack(media?.getTracks() ?? []);
    if (this.#context.captureRequest().media || isComposed) throw cannotSendMediaStream();
    await this.#preview.open(client, signal);
  }

  #isMediaExpected({ media }: OpenRequest): boolean {
    const tracks = (this.#hasOwnMedia ? this.#preview.tracks : media?.getTracks()) ?? [];
    return tracks.some(isExpectedToSend);
  }

  #broadcastOptions(token: Token): BroadcastOptions {
    const { transcodingTargets } = this.#context.target().config;
    return {
      jwt: vendorSecret(token.value),
      ...(typeof transcodingTargets === 'object' && transcodingTargets !== null && { transcodingTargets }),
    };
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
}

/** Waits for a report that media is sent. @throws GatecastError `media-stopped` */
async function untilReported(client: RtcUserClient, signal: AbortSignal): Promise<void> {
  try {
    await client.run('report', () => undefined, signal);
  } catch (error) {
    signal.throwIfAborted();
    const isLate = error instanceof GatecastError && error.vendorCode === undefined;
    throw isLate ? mediaStopped() : error;
  }
}

/** After a connection that is lost, or was never established, only a new sign-in is sure to work. */
function mayHaveLostSession(error: unknown): boolean {
  if (isSignInMissing(error)) return true;
  return (
    error instanceof GatecastError &&
    (error.code === 'connection-lost' || error.code === 'ingest-unreachable')
  );
}

function cannotSendMediaStream(): GatecastError {
  return new GatecastError(
    'vendor-publisher-failed',
    'This build of the vendor’s client cannot send the media of the page.',
    {
      hint: 'Use a build since 5.11, or leave out mediaStream, overlay, show-slate and capture="camera screen".',
    },
  );
}
