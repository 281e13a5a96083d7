import * as clock from '../../http/timeouts.js';
import { silentLogger, type Logger } from '../../http/logger.js';
import { Problem } from '../../http/problem.js';
import { readBoundedText } from '../../http/read-bounded-text.js';
import { readSecret, type Secret } from '../secret.js';
import { CircuitBreaker } from './circuit-breaker.js';

/** Options of all issuers that request tokens from a vendor's service. */
export interface VendorOptions {
  /** URL of the service. @defaultValue the vendor's URL */
  readonly url?: string;
  /** Time limit of one attempt in milliseconds. @defaultValue 4,000 */
  readonly timeoutMs?: number;
  /** Retries after a 5xx, 429, timeout or network error. @defaultValue 2 */
  readonly retries?: number;
  /** Consecutive failed calls that open the circuit breaker. @defaultValue 5 */
  readonly circuitFailures?: number;
  /** Milliseconds for which the open circuit breaker refuses calls. @defaultValue 10,000 */
  readonly circuitOpenMs?: number;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
  /** Returns a number in [0, 1) for jitter. @defaultValue `Math.random` */
  readonly random?: () => number;
  /** Waits between attempts. @defaultValue a timer */
  readonly sleep?: (waitMs: number) => Promise<void>;
  /** @defaultValue `globalThis.fetch` */
  readonly fetch?: typeof globalThis.fetch;
  /** @defaultValue logs nothing */
  readonly logger?: Logger;
  /** Called for each failed attempt, for metrics. @defaultValue none */
  readonly onVendorError?: (event: VendorErrorEvent) => void;
}

/** A failed request to a vendor's service. */
export interface VendorErrorEvent {
  /** Name of the service, as in messages. */
  readonly service: string;
  readonly code: Problem['code'];
  readonly status: number | undefined;
}

export interface VendorClientOptions extends VendorOptions {
  /** Name of the service in logs and messages. */
  readonly service: string;
  readonly url: string;
  readonly header: 'X-BINTU-APIKEY' | 'X-BINTU-TOKEN';
  readonly secret: Secret;
}

/** The service refused a request, for example with HTTP 401 or `{ success: false }`. */
export class VendorRefusal extends Problem {
  /** HTTP status of the service. */
  readonly vendorStatus: number;

  constructor(service: string, vendorStatus: number, vendorCode: number | string | undefined) {
    super('vendor-refused', `${service} refused the request (HTTP ${String(vendorStatus)}).`, {
      vendorCode,
      hint:
        vendorStatus === 401 || vendorStatus === 403
          ? 'The service does not accept the credentials of this server. Check apiKey or bintuToken.'
          : undefined,
    });
    this.vendorStatus = vendorStatus;
  }
}

const BACKOFF_MS = 150;
const LONGEST_BACKOFF_MS = 2000;
/** A token response has a few hundred bytes. A larger one comes from a wrong URL. */
const MAX_ANSWER_BYTES = 65_536;

/**
 * Posts JSON to a vendor's token service, with timeouts, retries and a circuit breaker. Errors contain neither the key nor
 * the response.
 */
export class VendorClient {
  readonly #options: VendorClientOptions;
  readonly #circuit: CircuitBreaker;

  constructor(options: VendorClientOptions) {
    this.#options = options;
    const { circuitFailures = 5, circuitOpenMs = 10_000, now = Date.now } = options;
    this.#circuit = new CircuitBreaker({ failures: circuitFailures, openMs: circuitOpenMs, now });
  }

  /**
   * @param path - appended to `url`.
   * @throws Problem `vendor-refused` for a 4xx, with the vendor's code; `vendor-failed`; `vendor-timeout`;
   *   `vendor-unavailable` while the circuit is open.
   */
  async post(path: string, body: Readonly<Record<string, unknown>>): Promise<unknown> {
    if (!this.#circuit.enter()) throw this.#unavailable();
    try {
      const answer = await this.#withRetries(path, JSON.stringify(body));
      this.#circuit.succeed();
      return answer;
    } catch (error) {
      // A refusal shows that the service is up.
      if (error instanceof Problem && error.code === 'vendor-refused') this.#circuit.succeed();
      else this.#circuit.fail();
      throw error;
    }
  }

  async #withRetries(path: string, body: string): Promise<unknown> {
    const { retries = 2, random = Math.random, sleep = clock.sleep } = this.#options;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#attempt(path, body);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        this.#report(error, attempt);
        if (error.code === 'vendor-refused' || attempt >= retries) throw error;
        const backoffMs = BACKOFF_MS * 2 ** attempt * (0.5 + random());
        const waitMs = Math.max(backoffMs, (error.retryAfterSeconds ?? 0) * 1000);
        // A longer Retry-After is passed on to the client, which must not wait for this response.
        if (waitMs > LONGEST_BACKOFF_MS) throw error;
        await sleep(waitMs);
      }
    }
  }

  async #attempt(path: string, body: string): Promise<unknown> {
    const { service, url, header, secret, timeoutMs = 4000 } = this.#options;
    const fetch = this.#options.fetch ?? globalThis.fetch;
    const key = await readSecret(secret);
    const { late, stop } = clock.deadline(
      timeoutMs,
      () => new Problem('vendor-timeout', `${service} did not respond in time.`),
    );
    const abort = new AbortController();
    try {
      const call = fetch(url + path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json', [header]: key },
        body,
        // Following a redirect would send the key to another host.
        redirect: 'manual',
        signal: abort.signal,
      }).then(async (response) => ({ response, text: await readBoundedText(response, MAX_ANSWER_BYTES) }));
      const { response, text } = await Promise.race([call, late]);
      return readAnswer(service, response, text);
    } catch (error) {
      if (error instanceof Problem) throw error;
      throw new Problem('vendor-failed', `${service} cannot be reached.`, { cause: error });
    } finally {
      stop();
      abort.abort();
    }
  }

  #report(problem: Problem, attempt: number): void {
    const { service, logger = silentLogger, onVendorError } = this.#options;
    const { code, status, vendorCode } = problem;
    logger.warn({ service, code, status, vendorCode, attempt }, 'The request to the vendor failed');
    onVendorError?.({ service, code, status });
  }

  #unavailable(): Problem {
    return new Problem(
      'vendor-unavailable',
      `${this.#options.service} failed several times. New requests wait until Retry-After.`,
      { retryAfterSeconds: this.#circuit.waitMs / 1000 },
    );
  }
}

function readAnswer(service: string, response: Response, text: string | null): unknown {
  const body = text === null ? undefined : parseJson(text);
  const { status } = response;
  const vendorCode = vendorCodeOf(body);
  if (status === 429 || status >= 500) {
    const retryAfter = Number(response.headers.get('Retry-After'));
    throw new Problem('vendor-failed', `${service} responded with HTTP ${String(status)}.`, {
      status: status === 429 || status === 503 ? 503 : 502,
      vendorCode,
      ...(retryAfter > 0 && Number.isFinite(retryAfter) && { retryAfterSeconds: retryAfter }),
    });
  }
  if (!response.ok || isRefusal(body)) {
    throw new VendorRefusal(service, status, vendorCode);
  }
  if (body === undefined) throw new Problem('vendor-failed', `${service} did not respond with JSON.`);
  return body;
}

function isRefusal(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'success' in body && body.success === false;
}

/** Only a short code is passed on: the vendor's message may contain parts of the request. */
function vendorCodeOf(body: unknown): number | string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const code = 'errorCode' in body ? body.errorCode : 'code' in body ? body.code : undefined;
  if (typeof code === 'number') return code;
  return typeof code === 'string' && /^[\w-]{1,32}$/.test(code) ? code : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
