import {
  endpointName,
  findStarted,
  takeStarted,
  tokenRequestInit,
  type RefreshReason,
  type TokenPurpose,
  type TokenAnswer,
  type TokenRequest,
} from '@gatecast/contract';
import { proveRequests } from '../dpop/prove-requests.js';
import { GatecastError } from '../errors.js';
import { explainUnreachable } from '../failure/explain-unreachable.js';
import { systemClock, type Clock } from '../time/clock.js';
import type { TabScope } from './tab-scope.js';
import { MixedAnswer } from './answered-media.js';
import { parseTokenResponse, type ParsedTokenResponse } from './parse-token-response.js';
import { readAnswer, toTokenError } from './read-answer.js';

/** Where tokens come from. Sources with the same `key` count as one source, and their users share tokens. */
export interface TokenSource {
  readonly key: unknown;
  /** With a `session` in it, tabs share the tokens. */
  readonly scope?: TabScope;
  request(request: TokenRequest, options: TokenSourceOptions): Promise<unknown>;
  /** The endpoint, which may also send events. A function of the page has `listen`. */
  readonly endpoint?: EndpointOptions;
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

/**
 * A function of the page that fetches tokens. It returns, or resolves with, one of:
 *
 * - a `Response` whose body nobody has read. Its status, `Retry-After` and body are read as those of `token-url`: 401 and 403
 *   are final, 429 and 5xx are tried again.
 * - a response of the token endpoint's contract, such as the token as a string.
 *
 * An error that it throws is reported as `token-source-failed`, and it is called again with backoff. A `GatecastError` is
 * reported as it is, and its `retryable` decides.
 *
 * @example
 * ```ts
 * player.tokenSource = ({ streams: [stream = ''] }, { signal }) =>
 *   fetch(`/my/token?stream=${encodeURIComponent(stream)}`, { signal });
 * ```
 */
export interface TokenFunction {
  (
    request: TokenRequest,
    options: { signal: AbortSignal },
  ): TokenAnswer | Response | Promise<TokenAnswer | Response>;
  /** Is it called for each stream alone? @defaultValue false: once for all streams that need a token at the same time */
  readonly perStream?: boolean;
  /**
   * What it asks, and for which rights: with a session key, tabs share the tokens of functions with the same text, or with the
   * same options of `tokenEndpoint` without functions in them. @defaultValue none: its tokens are not shared
   */
  readonly sharedAs?: string | object;
  /**
   * Opens the events of the backend, if a response says `push: true`: a `Response` of the type `text/event-stream`.
   * @defaultValue no events
   */
  readonly listen?: (
    question: { readonly purpose: TokenPurpose; readonly streams: readonly string[] },
    options: { signal: AbortSignal },
  ) => Promise<Response>;
}

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
  /**
   * Share tokens with the other tabs of the origin that have the same key, endpoint and purpose: one of them asks for all. Any text
   * that is another one for each viewer and sign-in; it stays in this tab. @defaultValue none, each tab asks for itself
   */
  session?: string | null | undefined;
  /** @defaultValue the page's own clock */
  clock?: Clock;
}

export interface CustomOptions {
  /**
   * As for `endpointSource`. Only functions that say what they ask (`sharedAs`) are shared. @defaultValue none
   */
  session?: string | null | undefined;
  /** Are the tokens bound to a key of this page (DPoP, RFC 9449)? Only with `session`. @defaultValue false */
  dpop?: boolean | undefined;
  /** Longest wait for what the function returns, the body of a `Response` included, in milliseconds. @defaultValue 60,000 */
  timeoutMs?: number;
  /** @defaultValue the page's own clock */
  clock?: Clock;
}

const TIMEOUT_MS = 10_000;
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
    scope: options,
    endpoint: options,
    started: (stream, reason) =>
      mayBeStarted && reason === 'initial' ? findStarted(endpoint, stream) : undefined,
    async request(request, { signal, now, onStarted }) {
      const fetch = dpop ? proveRequests({ endpoint: url, secret: null, now })(plain) : plain;
      const started =
        mayBeStarted && request.reason === 'initial' && request.purpose === 'playback'
          ? takeStarted(endpoint, request.streams)
          : undefined;
      const sentAtMs = started?.sentAtMs ?? clock.now();
      const send = async (signal: AbortSignal) => {
        const init = { ...tokenRequestInit(request, credentials), signal };
        const response = await (started?.response ?? fetch(url, init));
        if (started) onStarted?.(sentAtMs, started.answeredAtMs ?? clock.now());
        return response;
      };
      return readAnswer(send, { signal, now, clock, timeoutMs, sentAtMs }).catch(async (error: unknown) => {
        throw await explainUnreachable(error, url, signal);
      });
    },
  };
}

/** Tokens from a function of the page. The same function given to two elements is one source. */
export function customSource(tokenFunction: TokenFunction, options: CustomOptions = {}): TokenSource {
  const { timeoutMs = CUSTOM_TIMEOUT_MS, clock = systemClock } = options;
  return {
    key: tokenFunction,
    scope: options,
    started: (stream) => tokenFunction.perStream && stream,
    request: (request, { signal, now }) =>
      readAnswer((signal) => tokenFunction(request, { signal }), {
        ...{ signal, now, clock, timeoutMs, sentAtMs: clock.now() },
        failed: toTokenError,
      }),
  };
}

/** No source: only tokens that the page sets are used. */
export function noSource(): TokenSource {
  return {
    key: {},
    request: () => Promise.reject(noTokenSource()),
  };
}

/**
 * The error of a page that says nowhere where tokens come from.
 *
 * @param refusal - what an origin, an ingest or a vendor's server has returned without a token.
 */
export function noTokenSource(
  refusal?: Pick<GatecastError, 'message' | 'status' | 'vendorCode'>,
): GatecastError {
  const { message = '', status, vendorCode } = refusal ?? {};
  return new GatecastError('token-source-missing', `${message} No token source is set.`.trim(), {
    hint: 'Set token-url, tokenSource or token. An open stream needs token-placement="none".',
    status,
    vendorCode,
  });
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
