import { systemClock, type Clock } from './clock.js';
import { startDeadline } from './deadline.js';
import { GatecastError } from './errors.js';
import type { TokenAnswer, TokenRequest } from './token-response.js';
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

const TIMEOUT_MS = 10_000;

/** Tokens from an HTTP endpoint of the contract's section 3. */
export function endpointSource(options: EndpointOptions): TokenSource {
  const { url, credentials = 'same-origin', timeoutMs = TIMEOUT_MS, clock = systemClock } = options;
  const fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
  return {
    key: `${credentials} ${url}`,
    async request(request, { signal }) {
      const deadline = startDeadline(clock, timeoutMs, signal);
      let response: Response;
      let body: string;
      try {
        response = await fetch(url, {
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
        body = await response.text();
      } catch (cause) {
        signal.throwIfAborted();
        throw deadline.isOver ? timedOut(timeoutMs) : unreachable(cause);
      } finally {
        deadline.end();
      }
      if (!response.ok) throw statusError(response);
      return parseBody(body);
    },
  };
}

/** Tokens from a function of the page. The same function given to two elements is one source. */
export function customSource(tokenFunction: TokenFunction): TokenSource {
  return {
    key: tokenFunction,
    async request(request, options) {
      try {
        return await tokenFunction(request, options);
      } catch (cause) {
        options.signal.throwIfAborted();
        if (cause instanceof GatecastError) throw cause;
        throw new GatecastError('token-source-failed', 'The page’s tokenSource function failed.', {
          hint: 'See the cause; reject with a GatecastError to decide yourself whether it is retried.',
          retryable: true,
          cause,
        });
      }
    },
  };
}

/** One ready token that cannot be renewed: playback ends with it unless the page brings another. */
export function literalSource(value: TokenValue): TokenSource {
  return {
    key: {},
    request: () => Promise.resolve(typeof value === 'string' ? { token: value } : { security: value }),
  };
}

/** No source at all: whatever the page brings along is all there is. */
export function absentSource(): TokenSource {
  return {
    key: {},
    request: () =>
      Promise.reject(
        new GatecastError('token-source-missing', 'There is nowhere to get a token from.', {
          hint: 'Set token-url, or the tokenSource or token property; or token-placement="none" for an open stream.',
        }),
      ),
  };
}

function parseBody(body: string): unknown {
  const text = body.trim();
  if (!/^[{["]/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new GatecastError('token-response-invalid', 'The token answer is not valid JSON.', {
      hint: 'Check what token-url answers: it must be JSON or a bare token.',
    });
  }
}

function statusError(response: Response): GatecastError {
  const { status } = response;
  if (status === 401 || status === 403) {
    return new GatecastError(
      'token-refused',
      `The token endpoint refused this viewer (HTTP ${String(status)}).`,
      {
        hint: 'Sign the viewer in, then call refreshToken(). If the endpoint needs cookies of another origin, set token-credentials="include".',
        status,
      },
    );
  }
  const isRetryable = status >= 500 || status === 429 || status === 408 || status === 425;
  return new GatecastError('token-endpoint-failed', `The token endpoint answered HTTP ${String(status)}.`, {
    hint: isRetryable
      ? 'It is tried again with backoff; look at the backend’s own log.'
      : 'Check the address in token-url and that it takes POST with a JSON body.',
    retryable: isRetryable,
    status,
    retryAfterMs: isRetryable ? readRetryAfterMs(response.headers) : undefined,
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

function timedOut(timeoutMs: number): GatecastError {
  return new GatecastError(
    'token-endpoint-timeout',
    `The token endpoint did not answer within ${String(timeoutMs / 1000)} s.`,
    {
      hint: 'Look at the backend’s latency; the request is repeated with backoff.',
      retryable: true,
    },
  );
}

function unreachable(cause: unknown): GatecastError {
  return new GatecastError('token-endpoint-unreachable', 'The token endpoint cannot be reached.', {
    hint: 'Check token-url, the network, and, on another origin, that its CORS headers allow this page and Content-Type.',
    retryable: true,
    cause,
  });
}
