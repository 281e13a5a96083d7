import { systemClock, type Clock } from '../time/clock.js';
import { startDeadline } from '../time/deadline.js';
import { GatecastError } from '../errors.js';
import type { TokenAnswer, TokenRequest } from './parse-response.js';
import type { TokenValue } from './token.js';

/** Where tokens come from. Sources with the same `key` are one source, and their users share tokens. */
export interface TokenSource {
  readonly key: unknown;
  request(request: TokenRequest, options: { signal: AbortSignal }): Promise<unknown>;
}

/** The hook for pages that fetch tokens themselves. */
export type TokenFunction = (request: TokenRequest, options: { signal: AbortSignal }) => Promise<TokenAnswer>;

export interface EndpointOptions {
  /** Absolute URL of the token endpoint. */
  url: string;
  /** @defaultValue `same-origin` */
  credentials?: RequestCredentials;
  /** @defaultValue 10,000 */
  timeoutMs?: number;
  /** @defaultValue `globalThis.fetch` */
  fetch?: typeof globalThis.fetch;
  /** @defaultValue the page's own clock */
  clock?: Clock;
}

export interface CustomOptions {
  /** Longest wait for the function's promise. @defaultValue 60,000 */
  timeoutMs?: number;
  /** @defaultValue the page's own clock */
  clock?: Clock;
}

const TIMEOUT_MS = 10_000;
/** The page's function may ask its viewer something first. */
const CUSTOM_TIMEOUT_MS = 60_000;

/** Tokens from an HTTP endpoint of the contract's section 3. */
export function endpointSource(options: EndpointOptions): TokenSource {
  const { url, credentials = 'same-origin', timeoutMs = TIMEOUT_MS, clock = systemClock } = options;
  const fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
  return {
    // What answers through a fetch of its own may answer otherwise.
    key: options.fetch ? {} : `${credentials} ${url}`,
    async request(request, { signal }) {
      const deadline = startDeadline(clock, timeoutMs, signal);
      let response: Response;
      let body: string;
      try {
        const sent = fetch(url, {
          method: 'POST',
          headers: {
            'Content-Type': 'application/json',
            Accept: 'application/json, application/jwt, text/plain',
          },
          body: JSON.stringify(request),
          credentials,
          cache: 'no-store',
          signal: deadline.signal,
        });
        response = await unlessAborted(sent, deadline.signal);
        body = await unlessAborted(response.text(), deadline.signal);
      } catch (cause) {
        signal.throwIfAborted();
        throw deadline.isOver ? timedOut(timeoutMs) : unreachable(cause);
      } finally {
        deadline.end();
      }
      if (!response.ok) throw statusError(response, clock.now());
      return parseBody(body);
    },
  };
}

/** Tokens from a function of the page. The same function given to two elements is one source. */
export function customSource(tokenFunction: TokenFunction, options: CustomOptions = {}): TokenSource {
  const { timeoutMs = CUSTOM_TIMEOUT_MS, clock = systemClock } = options;
  return {
    key: tokenFunction,
    async request(request, { signal }) {
      const deadline = startDeadline(clock, timeoutMs, signal);
      try {
        // Raced, as a promise that never settles would end renewing for good.
        return await unlessAborted(tokenFunction(request, { signal: deadline.signal }), deadline.signal);
      } catch (cause) {
        signal.throwIfAborted();
        if (cause instanceof GatecastError) throw cause;
        if (deadline.isOver) throw timedOut(timeoutMs, 'tokenSource function');
        throw new GatecastError('token-source-failed', 'The page’s tokenSource function failed.', {
          hint: 'See the cause; reject with a GatecastError to decide yourself whether it is retried.',
          retryable: true,
          cause,
        });
      } finally {
        deadline.end();
      }
    },
  };
}

/** One ready token that cannot be renewed: playback ends with it unless the page brings another. */
export function literalSource(value: TokenValue): TokenSource {
  return {
    key: {},
    async request({ reason }) {
      if (reason !== 'initial' && reason !== 'manual') throw sourceMissing('This token cannot be renewed.');
      return typeof value === 'string' ? { token: value } : { security: value };
    },
  };
}

/** No source at all: whatever the page brings along is all there is. */
export function noSource(): TokenSource {
  return {
    key: {},
    request: () => Promise.reject(sourceMissing('There is nowhere to get a token from.')),
  };
}

function sourceMissing(message: string): GatecastError {
  return new GatecastError('token-source-missing', message, {
    hint: 'Set token-url, tokenSource or token; or token-placement="none".',
  });
}

/** Settles with a promise, or with the signal where what made the promise does not listen to it. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    Promise.resolve(promise).then(resolve, reject);
    if (signal.aborted) onAbort();
  });
}

/** JSON, or the token itself. `null` and its like are JSON, never a token. */
function parseBody(body: string): unknown {
  const text = body.trim();
  if (!/^(?:[{["]|(?:null|true|false|undefined)$)/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new GatecastError('token-response-invalid', 'The token answer is not valid JSON.', {
      hint: 'Check what token-url answers.',
    });
  }
}

function statusError(response: Response, nowMs: number): GatecastError {
  const { status } = response;
  if (status === 401 || status === 403) {
    return new GatecastError(
      'token-refused',
      `The token endpoint refused this viewer (HTTP ${String(status)}).`,
      {
        hint: 'Sign the viewer in, then call refreshToken(). For cookies of another origin set token-credentials="include".',
        status,
      },
    );
  }
  const isRetryable = status >= 500 || status === 429 || status === 408 || status === 425;
  return new GatecastError('token-endpoint-failed', `The token endpoint answered HTTP ${String(status)}.`, {
    hint: isRetryable
      ? 'Look at the backend’s own log.'
      : 'Check that token-url takes POST with a JSON body.',
    retryable: isRetryable,
    status,
    retryAfterMs: isRetryable ? readRetryAfterMs(response.headers, nowMs) : undefined,
  });
}

/** `Retry-After` in milliseconds, from delta-seconds or an HTTP-date (RFC 9110 section 10.2.3). */
export function readRetryAfterMs(headers: Headers, nowMs = Date.now()): number | undefined {
  const value = headers.get('Retry-After')?.trim();
  if (!value) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  // An HTTP-date is the server's time: its own Date header takes a wrong client clock out of the difference.
  const dateMs = Date.parse(value);
  const serverNowMs = Date.parse(headers.get('Date') ?? '');
  return Number.isNaN(dateMs)
    ? undefined
    : Math.max(0, dateMs - (Number.isNaN(serverNowMs) ? nowMs : serverNowMs));
}

function timedOut(timeoutMs: number, who = 'token endpoint'): GatecastError {
  return new GatecastError(
    'token-endpoint-timeout',
    `The ${who} did not answer within ${String(timeoutMs / 1000)} s.`,
    {
      hint: 'Look at the backend’s latency.',
      retryable: true,
    },
  );
}

function unreachable(cause: unknown): GatecastError {
  return new GatecastError('token-endpoint-unreachable', 'The token endpoint cannot be reached.', {
    hint: 'Check token-url, the network, and that its CORS headers allow this page.',
    retryable: true,
    cause,
  });
}
