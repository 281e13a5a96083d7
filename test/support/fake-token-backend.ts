import {
  customSource,
  TokenManager,
  type GatecastError,
  type TokenAnswer,
  type TokenEvent,
  type TokenFunction,
  type TokenRequest,
  type TokenResponse,
} from '@gatecast/token';
import { FakeClock } from './fake-clock.js';

export interface BackendRequest extends TokenRequest {
  readonly atMs: number;
  readonly signal: AbortSignal;
}

/** A token backend with its own clock. Tests set its answers. */
export class FakeTokenBackend {
  readonly time = new FakeClock();
  readonly requests: BackendRequest[] = [];
  lifeSeconds = 30;
  latencyMs = 0;
  sendsServerTime = true;
  /** Server time minus client time. */
  skewMs = 0;
  /** Returns the answer to a request; `usual` creates the default one. */
  answer: (request: BackendRequest, usual: () => TokenResponse) => unknown = (_, usual) => usual();
  #minted = 0;

  get reasons(): string[] {
    return this.requests.map(({ reason }) => reason);
  }

  get nowSeconds(): number {
    return Math.floor((this.time.wallMs + this.skewMs) / 1000);
  }

  readonly mint = (stream: string) => ({
    stream,
    token: `${stream}-${++this.#minted}`,
    expiresAt: this.nowSeconds + this.lifeSeconds,
  });

  readonly tokenFunction: TokenFunction = async (request, { signal }) => {
    const asked = { ...request, atMs: this.time.wallMs, signal };
    this.requests.push(asked);
    if (this.latencyMs > 0) await this.#pass(this.latencyMs);
    const usual = () => ({
      tokens: request.streams.map(this.mint),
      ...(this.sendsServerTime && { serverTime: this.nowSeconds }),
    });
    return (await this.answer(asked, usual)) as TokenAnswer;
  };

  readonly source = customSource(this.tokenFunction, { clock: this.time.clock });

  manager(random: () => number = () => 0.5): TokenManager {
    return new TokenManager({ source: this.source, purpose: 'playback', clock: this.time.clock, random });
  }

  #pass(ms: number): Promise<void> {
    // Not through the kit's clock, because tests count its alarms.
    const { setTimer } = this.time.options;
    return new Promise((resolve) => void setTimer?.(resolve, ms));
  }
}

/** Records the events of a lease, in order. */
export class EventRecorder {
  readonly events: TokenEvent[] = [];
  readonly onEvent = (event: TokenEvent): void => {
    this.events.push(event);
  };

  get refreshed() {
    return this.events.filter((event) => event.type === 'refreshed');
  }

  get failed() {
    return this.events.filter((event) => event.type === 'failed');
  }

  get lastError(): GatecastError | undefined {
    return this.failed.at(-1)?.error;
  }
}

/** Reproducible numbers in [0, 1), with a distribution good enough for jitter. */
export function seededRandom(seed = 1): () => number {
  let state = seed;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
