import { delay, readRetryAfterMs, retryDelayMs, type Clock } from '@gatecast/token';
import type { EngineHost } from '../engine.js';
import type { WhepSession } from './whep-session.js';

/** Shortest time between two questions whether there is still a session: some streams have seconds between their packets. */
const PROBE_GAP_MS = 10_000;
/** Requests with the same new token. */
const BRING_ATTEMPTS = 3;
/** A session is gone. */
const GONE: readonly number[] = [404, 410];
/** Besides those from 500 on: statuses which do not say that a server refuses the request as such. */
const PASSING: readonly number[] = [...GONE, 408, 425, 429];
const NOT_IMPLEMENTED = 501;

export interface VisitOptions {
  readonly host: Pick<EngineHost, 'report'>;
  readonly clock: Clock;
  /** Returns a number in [0, 1). */
  readonly random: () => number;
}

/** GET requests to a session, which servers respond to without content. One that refuses them gets no more. */
export class SessionVisits {
  readonly session: WhepSession;
  readonly #options: VisitOptions;
  #isRefused = false;
  #nextProbeMs = 0;

  constructor(session: WhepSession, options: VisitOptions) {
    this.session = session;
    this.#options = options;
  }

  /** Brings the newest token. A server that is overloaded gets it again. Never rejects. */
  async bringToken(): Promise<void> {
    const { clock, random } = this.#options;
    for (let attempt = 1; attempt <= BRING_ATTEMPTS; attempt += 1) {
      const response = await this.#visit();
      if (!response || response.ok || this.#isRefused || GONE.includes(response.status)) return;
      const retryAfterMs = readRetryAfterMs(response.headers);
      const waitMs = retryDelayMs({ attempt, retryAfterMs, random: random(), service: 'origin' });
      await delay(clock, waitMs, this.session.signal).catch(() => undefined);
    }
  }

  /** Ends the session if the server says that it is over: a server that is restarted does not. Asked every ten seconds at most. */
  async probe(): Promise<void> {
    const nowMs = this.#options.clock.now();
    if (nowMs < this.#nextProbeMs) return;
    this.#nextProbeMs = nowMs + PROBE_GAP_MS;
    const response = await this.#visit();
    if (response && GONE.includes(response.status)) this.session.end();
  }

  async #visit(): Promise<Response | null> {
    const response = this.#isRefused ? null : await this.session.visit();
    if (response && isRefusal(response)) {
      this.#isRefused = true;
      const details = { status: response.status };
      this.#options.host.report({ type: 'note', name: 'whep-get-refused', details });
    }
    return response;
  }
}

function isRefusal({ ok, status }: Response): boolean {
  return !ok && (status < 500 ? !PASSING.includes(status) : status === NOT_IMPLEMENTED);
}
