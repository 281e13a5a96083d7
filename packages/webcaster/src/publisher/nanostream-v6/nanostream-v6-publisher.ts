import { loadVendorScript } from '@gatecast/element';
import { vendorSecret } from '@gatecast/element';
import { GatecastError, withFreshToken, type Token } from '@gatecast/token';
import type { OpenRequest, Publisher, PublisherContext, PublisherSession } from '../publisher.js';
import { requireScriptUrl, requireWebrtc } from '../publisher-errors.js';
import type { WebcasterV6Class, WebcasterV6Config } from './webcaster-v6.js';
import { isTokenRefusal, webcasterV6Error } from './webcaster-v6-errors.js';
import { WebcasterV6Session } from './webcaster-v6-session.js';

/**
 * Publishes with the vendor's Webcaster v6. An instance keeps its first token, so the element owns the media and
 * replaces a lost connection by a new instance with a fresh token.
 */
export function createNanostreamV6Publisher(context: PublisherContext): Publisher {
  return new NanostreamV6Publisher(context);
}

class NanostreamV6Publisher implements Publisher {
  readonly #context: PublisherContext;
  /** After media stopped, an established connection is not enough: a new instance may send nothing either. */
  #hasMediaStopped = false;

  constructor(context: PublisherContext) {
    this.#context = context;
  }

  async open(request: OpenRequest): Promise<PublisherSession> {
    requireWebrtc();
    const { tokens, target } = this.#context;
    const { signal } = request;
    const { scriptUrl } = target();
    const Webcaster = (await loadVendorScript(
      requireScriptUrl(scriptUrl, 'nanostream-v6'),
      'WebcasterApiV6.Webcaster',
    )) as WebcasterV6Class;
    return withFreshToken<Token, PublisherSession>({
      stream: target().stream,
      get: () => tokens.get(signal),
      use: async (token) => {
        signal.throwIfAborted();
        const session = this.#createSession(request, Webcaster, token);
        try {
          await session.start(this.#hasMediaStopped);
        } catch (error) {
          await session.close();
          signal.throwIfAborted();
          if (!isTokenRefusal(error)) throw webcasterV6Error(error);
          return { kind: 'refused', error: refusedAgain(error) };
        }
        this.#hasMediaStopped = false;
        tokens.accepted(token);
        return { kind: 'done', result: session };
      },
      replace: (refused) => tokens.rejected(refused, signal),
    });
  }

  dispose(): void {
    // Sessions keep nothing after they are closed.
  }

  /** The vendor's constructor throws for unknown keys. */
  #createSession(request: OpenRequest, Webcaster: WebcasterV6Class, token: Token): WebcasterV6Session {
    const context = this.#context;
    try {
      const webcaster = new Webcaster(configuration(context, request, token));
      return new WebcasterV6Session(context, request, webcaster, () => {
        this.#hasMediaStopped = true;
      });
    } catch (error) {
      throw webcasterV6Error(error);
    }
  }
}

function configuration(context: PublisherContext, { media }: OpenRequest, token: Token): WebcasterV6Config {
  const { stream, endpoint, encoding, config } = context.target();
  const { src: _src, inputCfg, ...rest } = config;
  return {
    ...rest,
    serverUrl: endpoint,
    streamName: stream,
    auth: { token: vendorSecret(token.value) },
    inputCfg: {
      ...(typeof inputCfg === 'object' ? inputCfg : {}),
      mediaStream: media,
      broadcastCfg: {
        maxVideoBitrateBps: encoding.videoBitrateKbps * 1000,
        maxAudioBitrateBps: encoding.audioBitrateKbps * 1000,
        maxEncodingFramerate: encoding.framerate,
      },
    },
    reconnect: false,
  };
}

function refusedAgain(cause: unknown): GatecastError {
  return new GatecastError('token-rejected', 'The vendor’s server rejected a fresh token too.', {
    hint: 'Compare the token’s claims streamname and ingesturl with the attribute stream and publisherConfig.ingestUrl.',
    // The server may learn the key of a new token a little later.
    retryable: true,
    cause,
  });
}
