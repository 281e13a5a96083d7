import { loadVendorScript } from '@gatecast/element';
import { delay, GatecastError, secretOf, startDeadline, withFreshToken, type Token } from '@gatecast/token';
import type { TrackKind } from '../../capture/capture-request.js';
import type { OpenRequest, Publisher, PublisherContext, PublisherSession } from '../publisher.js';
import { connectionLost, requireScriptUrl, requireWebrtc } from '../publisher-errors.js';
import type { WebcasterV6, WebcasterV6Class, WebcasterV6Config } from './webcaster-v6.js';
import { isTokenRefusal, webcasterV6Error } from './webcaster-v6-errors.js';

const START_LIMIT_MS = 20_000;
/** ICE often recovers by itself. After this time a new instance is faster. */
const RECOVERY_LIMIT_MS = 3000;

/**
 * Publishes with the vendor's Webcaster v6. An instance keeps its first token, so the element owns the media and
 * replaces a lost connection by a new instance with a fresh token.
 */
export function createNanostreamV6Publisher(context: PublisherContext): Publisher {
  return {
    open: (request) => openSession(context, request),
    dispose: () => undefined,
  };
}

async function openSession(context: PublisherContext, request: OpenRequest): Promise<PublisherSession> {
  requireWebrtc();
  const { tokens, target } = context;
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
      const session = createSession(context, request, Webcaster, token);
      try {
        await session.start();
      } catch (error) {
        await session.close();
        signal.throwIfAborted();
        if (!isTokenRefusal(error)) throw webcasterV6Error(error);
        return { kind: 'refused', error: refusedAgain(error) };
      }
      tokens.accepted(token);
      return { kind: 'done', result: session };
    },
    replace: (refused) => tokens.rejected(refused, signal),
  });
}

/** The vendor's constructor throws for unknown keys. */
function createSession(
  context: PublisherContext,
  request: OpenRequest,
  Webcaster: WebcasterV6Class,
  token: Token,
): V6Session {
  try {
    return new V6Session(context, request, new Webcaster(configuration(context, request, token)));
  } catch (error) {
    throw webcasterV6Error(error);
  }
}

function configuration(context: PublisherContext, { media }: OpenRequest, token: Token): WebcasterV6Config {
  const { stream, endpoint, encoding, config } = context.target();
  const { src: _src, inputCfg, ...rest } = config;
  return {
    ...rest,
    serverUrl: endpoint,
    streamName: stream,
    auth: { token: secretOf(token.value) },
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

class V6Session implements PublisherSession {
  readonly #context: PublisherContext;
  readonly #request: OpenRequest;
  readonly #webcaster: WebcasterV6;
  readonly #tracks: ReadonlySet<MediaStreamTrack>;
  #connection = 'new';
  #isOpen = false;
  #isClosed = false;
  #onConnected: (() => void) | null = null;

  constructor(context: PublisherContext, request: OpenRequest, webcaster: WebcasterV6) {
    this.#context = context;
    this.#request = request;
    this.#webcaster = webcaster;
    this.#tracks = new Set(request.media?.getTracks());
    webcaster.onConnectionStateChange = (state) => this.#follow(state);
    webcaster.onError = (error) => {
      if (this.#isOpen) this.#context.log('vendor-error', { error: webcasterV6Error(error) });
    };
  }

  async start(): Promise<void> {
    const deadline = startDeadline(this.#context.clock, START_LIMIT_MS, this.#request.signal);
    try {
      await Promise.race([
        this.#webcaster.setup().then(() => this.#webcaster.startBroadcast()),
        new Promise((_, reject) => {
          deadline.signal.addEventListener(
            'abort',
            () =>
              reject(
                connectionLost(`The vendor’s client did not start in ${String(START_LIMIT_MS / 1000)} s.`),
              ),
            {
              once: true,
            },
          );
        }),
      ]);
      this.#isOpen = true;
    } finally {
      deadline.end();
    }
  }

  /** Waits for ICE to recover by itself. The vendor's own `recover()` would send the old token. */
  async restart(signal: AbortSignal): Promise<void> {
    const wait = new AbortController();
    const end = () => wait.abort();
    signal.addEventListener('abort', end, { once: true });
    this.#onConnected = end;
    await delay(this.#context.clock, RECOVERY_LIMIT_MS, wait.signal).catch(() => undefined);
    this.#onConnected = null;
    signal.removeEventListener('abort', end);
    if (this.#connection !== 'connected') throw connectionLost('The connection did not recover.');
  }

  replaceTrack(kind: TrackKind, track: MediaStreamTrack | null): Promise<boolean> {
    const isSent = track ? this.#tracks.has(track) : ![...this.#tracks].some((each) => each.kind === kind);
    return Promise.resolve(isSent);
  }

  getStats(): Promise<null> {
    return Promise.resolve(null);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#webcaster.onConnectionStateChange = null;
    this.#webcaster.onError = null;
    try {
      // Also after a failed start; otherwise the vendor's server keeps the stream reserved.
      await this.#webcaster.stopBroadcast();
    } catch {
      this.#context.log('vendor-stop-failed');
    }
    // `false` keeps the media, which belongs to the element and is used by the next instance.
    await this.#webcaster.dispose(false);
  }

  #follow(state: string): void {
    this.#connection = state;
    if (state === 'connected') this.#onConnected?.();
    if (!this.#isOpen) return;
    if (state === 'disconnected') this.#request.onInterrupted();
    if (state === 'failed' || state === 'closed') {
      this.#request.onLost(connectionLost('The connection to the vendor’s server was lost.'));
    }
  }
}

function refusedAgain(cause: unknown): GatecastError {
  return new GatecastError('token-rejected', 'The vendor’s server rejected a fresh token too.', {
    hint: 'Compare the token’s claims streamname and ingesturl with the attribute stream and publisherConfig.ingestUrl.',
    cause,
  });
}
