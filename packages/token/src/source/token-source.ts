import {
  endpointName,
  findStarted,
  takeStarted,
  tokenRequestInit,
  type RefreshReason,
  type TokenAnswer,
  type TokenRequest,
} from '@gatecast/contract';
import { proveRequests } from '../dpop/prove-requests.js';
import { GatecastError } from '../errors.js';
import { systemClock, type Clock } from '../time/clock.js';
import { startDeadline } from '../time/deadline.js';
import { MixedAnswer, withMedia } from './answered-media.js';
import { parseTokenResponse, type ParsedTokenResponse } from './parse-token-response.js';
import { responseTooLarge } from './response-faults.js';
import { readText } from './read-body.js';
import { readParts } from './read-parts.js';

/** Where tokens come from. Sources with the same `key` count as one source, and their users share tokens. */
export interface TokenSource {
  readonly key: unknown;
  request(request: TokenRequest, options: TokenSourceOptions): Promise<unknown>;
  /** The request for a stream's token that is under way already: streams with the same one are requested together. */
  started?(stream: string, reason: RefreshReason): unknown;
}

export interface TokenSourceOptions {
  readonly signal: AbortSignal;
  /** The server's time, in milliseconds since the epoch. @defaultValue the device's clock */
  readonly now?: () => number;
  /** Called if the request was sent before, with its times in milliseconds since the epoch. */
  readonly onStarted?: (sentAtMs: number, answeredAtMs: number) => void;
}

/** A function of the page that fetches tokens. */
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
  /** Send proofs of possession (DPoP, RFC 9449). @defaultValue false */
  dpop?: boolean | undefined;
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
/** Longest token response: most of it is for the playlists in it. */
const RESPONSE_LIMIT_BYTES = 4 * 1024 * 1024;
/** The page's function may ask the viewer something first. */
const CUSTOM_TIMEOUT_MS = 60_000;

/** Tokens from an HTTP token endpoint. */
export function endpointSource(options: EndpointOptions): TokenSource {
  const { url, credentials = 'same-origin', timeoutMs = TIMEOUT_MS, clock = systemClock, dpop } = options;
  const plain = options.fetch ?? globalThis.fetch.bind(globalThis);
  const endpoint = endpointName(url, credentials);
  const mayBeStarted = !options.fetch && !dpop;
  return {
    // Another fetch function may return other tokens from the same URL.
    key: options.fetch ? {} : `${endpoint} ${String(dpop)}`,
    started: (stream, reason) =>
      mayBeStarted && reason === 'initial' ? findStarted(endpoint, stream) : undefined,
    async request(request, { signal, now, onStarted }) {
      const fetch = dpop ? proveRequests({ endpoint: url, secret: null, now })(plain) : plain;
      const started =
        mayBeStarted && request.reason === 'initial' && request.purpose === 'playback'
          ? takeStarted(endpoint, request.streams)
          : undefined;
      const sentAtMs = started?.sentAtMs ?? clock.now();
      const deadline = startDeadline(clock, timeoutMs, signal);
      let response: Response;
      let parts: ReturnType<typeof readParts> | null = null;
      let parsed: unknown;
      try {
        const init = { ...tokenRequestInit(request, credentials), signal: deadline.signal };
        response = await unlessAborted(started?.response ?? fetch(url, init), deadline.signal);
        if (started) onStarted?.(sentAtMs, started.answeredAtMs ?? clock.now());
        if (response.ok && /^multipart\//i.test(response.headers.get('Content-Type') ?? ''))
          parts = readParts(response, deadline.signal);
        // The client uses only the status of an error.
        const text = parts
          ? parts.next().then(({ value }) => {
              if (value && value.data.length > RESPONSE_LIMIT_BYTES) throw responseTooLarge();
              return new TextDecoder().decode(value?.data);
            })
          : response.ok
            ? readText(response, { limitBytes: RESPONSE_LIMIT_BYTES, tooLarge: responseTooLarge })
            : '';
        parsed = parseBody(await unlessAborted(text, deadline.signal));
      } catch (cause) {
        deadline.end();
        void parts?.return();
        signal.throwIfAborted();
        if (cause instanceof GatecastError) throw cause;
        throw deadline.isOver ? timedOut(timeoutMs) : unreachable(cause);
      }
      if (parts) {
        // The media have the same time again.
        deadline.restart(timeoutMs);
        return withMedia(parsed, parts, sentAtMs, () => {
          deadline.end();
        });
      }
      deadline.end();
      if (!response.ok) {
        response.body?.cancel().catch(() => undefined);
        throw statusError(response, now?.() ?? clock.now());
      }
      return parsed;
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
        // A promise that never settles would otherwise stop renewal for good.
        return await unlessAborted(tokenFunction(request, { signal: deadline.signal }), deadline.signal);
      } catch (cause) {
        signal.throwIfAborted();
        if (cause instanceof GatecastError) throw cause;
        if (deadline.isOver) throw timedOut(timeoutMs, 'tokenSource function');
        throw new GatecastError('token-source-failed', 'The page’s tokenSource function failed.', {
          hint: 'See the cause. To control retries, reject with a GatecastError and set its "retryable".',
          retryable: true,
          cause,
        });
      } finally {
        deadline.end();
      }
    },
  };
}

/** No source: only tokens that the page sets are used. */
export function noSource(): TokenSource {
  return {
    key: {},
    request: () =>
      Promise.reject(
        new GatecastError('token-source-missing', 'No token source is set.', {
          hint: 'Set token-url, tokenSource or token; or token-placement="none".',
        }),
      ),
  };
}

/** Requests tokens and parses the response. Never rejects: an error is a result too. */
export async function requestTokens(
  source: TokenSource,
  request: TokenRequest,
  options: TokenSourceOptions,
): Promise<ParsedTokenResponse | GatecastError> {
  try {
    const answer = await source.request(request, options);
    return answer instanceof MixedAnswer
      ? { ...parseTokenResponse(answer.body, request.streams), media: answer.media }
      : parseTokenResponse(answer, request.streams);
  } catch (error) {
    return toTokenError(error);
  }
}

/** A GatecastError as it is; anything else as the cause of a retryable `token-source-failed`. */
export function toTokenError(error: unknown): GatecastError {
  if (error instanceof GatecastError) return error;
  return new GatecastError('token-source-failed', 'The token source failed.', {
    hint: 'See the cause.',
    retryable: true,
    cause: error,
  });
}

/** Settles with the promise, or rejects when the signal aborts, even if the work behind the promise ignores the signal. */
function unlessAborted<T>(promise: T | Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    Promise.resolve(promise).then(resolve, reject);
    if (signal.aborted) onAbort();
  });
}

/** JSON, or the token itself. `null`, `true` and `false` are JSON, never a token. */
function parseBody(body: string): unknown {
  const text = body.trim();
  if (!/^(?:[{["]|(?:null|true|false|undefined)$)/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new GatecastError('token-response-invalid', 'The token response is not valid JSON.', {
      hint: 'Check the response of token-url.',
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
        hint: 'Sign the viewer in, then call refreshToken(). If the endpoint needs cookies of another origin, set token-credentials="include".',
        status,
      },
    );
  }
  const isRetryable = status >= 500 || status === 429 || status === 408 || status === 425;
  return new GatecastError('token-endpoint-failed', `The token endpoint returned HTTP ${String(status)}.`, {
    hint: isRetryable ? 'Check the backend’s log.' : 'Check that token-url accepts POST with a JSON body.',
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
  // An HTTP-date is server time. Compared with the Date header, it is right even if the client's clock is wrong.
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
      hint: 'Check the backend’s latency.',
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
