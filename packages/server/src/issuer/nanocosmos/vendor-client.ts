import * as clock from '../../http/timeouts.js';
import { silentLogger, type Logger } from '../../http/logger.js';
import { Problem } from '../../http/problem.js';
import { readBoundedText } from '../../http/read-bounded-text.js';
import { CircuitBreaker } from './circuit-breaker.js';

/** A secret, or where to read it at each call, so that it can be rotated. */
export type Secret = string | (() => string | Promise<string>);

/** What all issuers that call a vendor's service have in common. */
export interface VendorOptions {
  /** Base address of the service. @defaultValue the vendor's own */
  readonly url?: string;
  /** Time for one attempt in milliseconds. @defaultValue 4,000 */
  readonly timeoutMs?: number;
  /** Further attempts after a 5xx, 429, time-out or network error. @defaultValue 2 */
  readonly retries?: number;
  /** Failed calls in a row that open the circuit. @defaultValue 5 */
  readonly circuitFailures?: number;
  /** How long the open circuit refuses at once, in milliseconds. @defaultValue 10,000 */
  readonly circuitOpenMs?: number;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
  /** A number in [0, 1), for jitter. @defaultValue `Math.random` */
  readonly random?: () => number;
  /** @defaultValue waits */
  readonly sleep?: (waitMs: number) => Promise<void>;
  /** @defaultValue `globalThis.fetch` */
  readonly fetch?: typeof globalThis.fetch;
  readonly logger?: Logger;
  /** Called for each failed attempt, for metrics. */
  readonly onVendorError?: (event: VendorErrorEvent) => void;
}

export interface VendorErrorEvent {
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

const BACKOFF_MS = 150;
const LONGEST_BACKOFF_MS = 2000;
/** Token answers have a few hundred bytes; more is a mistaken address. */
const MAX_ANSWER_BYTES = 65_536;

/** Posts JSON to a vendor's token service with time-outs, retries and a circuit. No error quotes key or answer. */
export class VendorClient {
  readonly #options: VendorClientOptions;
  readonly #circuit: CircuitBreaker;

  constructor(options: VendorClientOptions) {
    this.#options = options;
    const { circuitFailures = 5, circuitOpenMs = 10_000, now = Date.now } = options;
    this.#circuit = new CircuitBreaker({ failures: circuitFailures, openMs: circuitOpenMs, now });
  }

  /**
   * @param path - added to the base address.
   * @throws Problem `vendor-refused` for a 4xx with the vendor's code, `vendor-failed`, `vendor-timeout`,
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
        // A vendor that asks for more patience than a viewer has is passed on, with its Retry-After.
        if (waitMs > LONGEST_BACKOFF_MS) throw error;
        await sleep(waitMs);
      }
    }
  }

  async #attempt(path: string, body: string): Promise<unknown> {
    const { service, url, header, secret, timeoutMs = 4000 } = this.#options;
    const fetch = this.#options.fetch ?? globalThis.fetch;
    const key = typeof secret === 'function' ? await secret() : secret;
    const { late, stop } = clock.deadline(
      timeoutMs,
      () => new Problem('vendor-timeout', `${service} did not answer in time.`),
    );
    const abort = new AbortController();
    try {
      const call = fetch(url + path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json', [header]: key },
        body,
        // A redirect would take the key to another host.
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
    logger.warn({ service, code, status, vendorCode, attempt }, 'A vendor call failed');
    onVendorError?.({ service, code, status });
  }

  #unavailable(): Problem {
    return new Problem(
      'vendor-unavailable',
      `${this.#options.service} failed repeatedly and gets no requests for a while.`,
      {
        retryAfterSeconds: this.#circuit.waitMs / 1000,
      },
    );
  }
}

function readAnswer(service: string, response: Response, text: string | null): unknown {
  const body = text === null ? undefined : parseJson(text);
  const { status } = response;
  const vendorCode = vendorCodeOf(body);
  if (status === 429 || status >= 500) {
    const retryAfter = Number(response.headers.get('Retry-After'));
    throw new Problem('vendor-failed', `${service} answered HTTP ${String(status)}.`, {
      status: status === 429 || status === 503 ? 503 : 502,
      vendorCode,
      ...(retryAfter > 0 && Number.isFinite(retryAfter) && { retryAfterSeconds: retryAfter }),
    });
  }
  if (!response.ok || isRefusal(body)) {
    throw new Problem('vendor-refused', `${service} refused the request (HTTP ${String(status)}).`, {
      vendorCode,
      hint:
        status === 401 || status === 403
          ? 'The service does not accept the API key of this server: check apiKey or bintuToken.'
          : undefined,
    });
  }
  if (body === undefined) throw new Problem('vendor-failed', `${service} did not answer with JSON.`);
  return body;
}

function isRefusal(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'success' in body && body.success === false;
}

/** Only a short code is passed on: the vendor's message may quote what was sent. */
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
