import { systemClock, type Clock } from '../time/clock.js';

/** An origin that answers requests without credentials in another way is slow, not a browser that asks for a login. */
const QUIET_MS = 30_000;
/** Schemes for which browsers ask the viewer. */
const ASKED_SCHEME = /\b(?:basic|digest|ntlm|negotiate)\b/i;

/** A request to the page's own origin, with a token. */
export interface OwnRequest {
  readonly url: string;
  readonly init: RequestInit;
  readonly version: number;
  readonly fetch: typeof globalThis.fetch;
}

/**
 * Finds the refusals for which a browser asks the viewer to log in. If the page's own origin returns 401 with
 * `WWW-Authenticate: Basic`, Chromium and Firefox show a dialog, and `fetch` waits until it is closed. A request without credentials is
 * answered at once, but also lacks the cookies and the login of the page, which the origin may need.
 *
 * @see https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
 */
export class LoginPrompts {
  readonly #clock: Clock;
  /** May requests go without credentials? `trial`: the next token shows it. */
  #mode: 'unknown' | 'trial' | 'without' | 'with' = 'unknown';
  #refusedVersion = NaN;
  #quietUntilMs = -Infinity;
  /** The latest request that was sent to find out. */
  #probe: Promise<unknown> | null = null;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  /** Sends a request without credentials if that is known to work, or is to be tried; otherwise `null`. */
  async send({ fetch, url, init, version }: OwnRequest): Promise<Response | null> {
    if (this.#mode !== 'trial' && this.#mode !== 'without') return null;
    const response = await fetch(url, { ...init, credentials: 'omit' });
    if (this.#mode !== 'trial' || version === this.#refusedVersion) return response;
    this.#mode = asksForLogin(response) ? 'with' : 'without';
    if (this.#mode === 'without') return response;
    discard(response);
    return null;
  }

  /**
   * Waits for a request that has had no response for a while. Sends it without credentials, and if the origin refuses that one,
   * takes this as the response.
   *
   * @param pending - the request with credentials.
   * @param cancel - cancels it, which also closes the dialog.
   */
  async answer(request: OwnRequest, pending: Promise<Response>, cancel: () => void): Promise<Response> {
    const other = this.#probe?.then(() => false);
    if (other && (await Promise.race([pending.then(() => true), other]))) return pending;
    const isQuiet = this.#mode === 'unknown' && this.#clock.now() < this.#quietUntilMs;
    if (this.#mode === 'with' || isQuiet) return pending;
    this.#quietUntilMs = this.#clock.now() + QUIET_MS;
    const { fetch, url, init, version } = request;
    // In Chromium's cache, a request waits for an earlier one for the same address.
    const probe = fetch(url, { ...init, credentials: 'omit', cache: 'no-store' }).catch(() => null);
    this.#probe = probe;
    const first = await Promise.race([pending.then(() => null), probe]);
    if (first === null || !asksForLogin(first)) {
      void probe.then((response) => response && discard(response));
      return pending;
    }
    this.#quietUntilMs = -Infinity;
    this.#mode = 'trial';
    this.#refusedVersion = version;
    cancel();
    return first;
  }
}

function asksForLogin({ status, headers }: Response): boolean {
  return status === 401 && ASKED_SCHEME.test(headers.get('WWW-Authenticate') ?? '');
}

function discard(response: Response): void {
  response.body?.cancel().catch(() => undefined);
}
