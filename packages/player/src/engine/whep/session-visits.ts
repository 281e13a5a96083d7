import { delay, readRetryAfterMs, retryDelayMs } from '@gatecast/token';
import type { SessionContext, Signalling } from '@gatecast/webrtc';

/** Shortest time between two questions whether there is still a session: some streams have seconds between their packets. */
const PROBE_GAP_MS = 10_000;
/** Requests with the same new token. */
const BRING_ATTEMPTS = 3;
/** A session is gone. */
const GONE: readonly number[] = [404, 410];
/** Besides those from 500 on: statuses which do not say that a server refuses the request as such. */
const PASSING: readonly number[] = [...GONE, 408, 425, 429];
const NOT_IMPLEMENTED = 501;

/** GET requests to a session, which servers respond to without content. One that refuses them gets no more. */
export class SessionVisits {
  readonly #signalling: Signalling;
  readonly #context: SessionContext;
  readonly #random: () => number;
  #isRefused = false;
  #nextProbeMs = 0;

  /** @param random - returns a number in [0, 1). */
  constructor(signalling: Signalling, context: SessionContext, random: () => number) {
    this.#signalling = signalling;
    this.#context = context;
    this.#random = random;
  }

  /** Brings the newest token. A server that is overloaded gets it again. Never rejects. */
  async bringToken(): Promise<void> {
    for (let attempt = 1; attempt <= BRING_ATTEMPTS; attempt += 1) {
      const response = await this.#get();
      if (!response || response.ok || this.#isRefused || GONE.includes(response.status)) return;
      const retryAfterMs = readRetryAfterMs(response.headers);
      const waitMs = retryDelayMs({ attempt, retryAfterMs, random: this.#random(), service: 'origin' });
      await delay(this.#context.clock, waitMs, this.#signalling.signal).catch(() => undefined);
    }
  }

  /** Does the server say that the session is over? Asked every ten seconds at most. */
  async isGone(): Promise<boolean> {
    const nowMs = this.#context.clock.now();
    if (nowMs < this.#nextProbeMs) return false;
    this.#nextProbeMs = nowMs + PROBE_GAP_MS;
    return GONE.includes((await this.#get())?.status ?? 0);
  }

  /** Resolves with `null` without a response. */
  async #get(): Promise<Response | null> {
    const { signal } = this.#signalling;
    if (this.#isRefused || signal.aborted) return null;
    // The end of an access is reported elsewhere.
    const reply = await this.#signalling.request({ method: 'GET' }, signal).catch(() => null);
    const response = reply?.response ?? null;
    if (response && isRefusal(response)) {
      this.#isRefused = true;
      this.#context.log('whep-get-refused', { status: response.status });
    }
    return response;
  }
}

function isRefusal({ ok, status }: Response): boolean {
  return !ok && (status < 500 ? !PASSING.includes(status) : status === NOT_IMPLEMENTED);
}
