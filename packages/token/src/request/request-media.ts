import { readsQuery, type ByteRange } from '@gatecast/contract';
import { GatecastError } from '../errors.js';
import { explainUnreachable } from '../failure/explain-unreachable.js';
import { redactUrl } from '../redact.js';
import { readRetryAfterMs } from '../source/read-answer.js';
import { readBody } from '../source/read-body.js';
import { systemClock, type Clock } from '../time/clock.js';
import { startDeadline } from '../time/deadline.js';
import type { AuthorizedRequest, Authorizer } from './authorizer.js';
import { fetchOwnOrigin } from './fetch-own-origin.js';
import { invalidSource, tooLargeSource, unreachableSource } from './media-errors.js';
import { markTokens } from './placement.js';
import { withFreshToken } from './with-fresh-token.js';

export interface MediaRequest {
  /** Absolute URL without a token. */
  readonly url: string;
  /** Name of the stream whose token it needs. */
  readonly stream: string;
  readonly responseType: 'text' | 'arraybuffer' | 'json';
  readonly range?: ByteRange | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly credentials?: RequestCredentials | undefined;
  /** Other members for `fetch` that the page has set. */
  readonly init?: Readonly<RequestInit & { redirect?: 'error' | 'manual' }>;
  /** The engine's own description of the request, for the page's hooks. `undefined` before the engine is there. */
  readonly context?: unknown;
}

export interface MediaResponse {
  /** The final URL after redirects, without a token. */
  readonly url: string;
  readonly status: number;
  readonly data: unknown;
  readonly headers: Headers;
  readonly timing: MediaTiming;
}

/** Times by `performance.now()`. */
export interface MediaTiming {
  startMs: number;
  firstByteMs: number;
  endMs: number;
}

/** Changes the text of a playlist before it is read. */
export type EditPlaylist = (text: string) => string;

export interface MediaRequestOptions {
  readonly signal: AbortSignal;
  /** Counted from when the request is sent; the wait for its token does not count. @defaultValue 10,000 */
  readonly firstByteTimeoutMs?: number;
  /** @defaultValue as in hls.js: 120,000 for a segment, 20,000 for a playlist or key */
  readonly totalTimeoutMs?: number;
  /** @defaultValue 8 MiB of text, 256 MiB of media */
  readonly limitBytes?: number;
  readonly onProgress?: (loadedBytes: number, totalBytes: number) => void;
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly clock?: Clock;
}

const MIB = 1024 * 1024;
/** A playlist of a day's window has about 5 MiB, ten seconds of 8K video about 100 MiB. */
const LIMIT_BYTES = { text: 8 * MIB, json: 8 * MIB, arraybuffer: 256 * MIB };

/**
 * Requests a playlist, segment or key with its stream's token. After a refusal it is repeated once with another token.
 *
 * @throws GatecastError `source-not-found`, `source-failed`, `source-unreachable`, `source-too-large`, `source-invalid`, or
 *   the error of its token.
 * @throws DOMException `TimeoutError`, `AbortError`
 */
export async function requestMedia(
  authorizer: Authorizer,
  request: MediaRequest,
  options: MediaRequestOptions,
): Promise<MediaResponse> {
  const { url, stream } = request;
  const { signal } = options;
  return withFreshToken<AuthorizedRequest, MediaResponse>({
    stream,
    get: () => authorizer.authorizeNow(url, stream) ?? authorizer.authorize(url, stream, { signal }),
    use: async (authorized) => {
      let sent = authorized;
      let response = await send(authorizer, request, sent, options);
      if (response instanceof GatecastError) {
        const renewed = await authorizer.replaceUnreadable(url, stream, sent, { signal });
        if (renewed) response = await send(authorizer, request, (sent = renewed), options);
        if (response instanceof GatecastError) throw response;
      }
      if (authorizer.isRefusal(response.status, sent)) return { kind: 'refused', status: response.status };
      if (response.data === undefined) throw statusError(request, response);
      authorizer.accepted(stream, sent, response);
      const text = typeof response.data === 'string' ? response.data : null;
      const isSame = response.url === withoutFragment(sent.url);
      const finalUrl = isSame ? (sent.base ?? url) : authorizer.withoutTokens(withoutQuery(response.url));
      const data = text === null ? response.data : authorizer.withoutTokens(text, response.url);
      // It has the query of its address as it was sent, with a marker for the token, only if it reads it.
      const base = text && readsQuery(text) ? markTokens(response.url) : finalUrl;
      return { kind: 'done', result: { ...response, data, url: base } };
    },
    replace: (authorized) => authorizer.replace(url, stream, authorized, { signal }),
  });
}

/** Did the origin refuse a request, also with a new token? */
export function isRefusal(error: unknown): error is GatecastError {
  const { code, status } = (error ?? {}) as Partial<GatecastError>;
  return code === 'token-rejected' || (code === 'source-failed' && (status === 401 || status === 403));
}

/** Returns the error of a request without a response, or with one that the browser does not show. */
async function send(
  authorizer: Authorizer,
  request: MediaRequest,
  authorized: AuthorizedRequest,
  options: MediaRequestOptions,
): Promise<MediaResponse | GatecastError> {
  const { clock = systemClock, firstByteTimeoutMs = 10_000 } = options;
  const { totalTimeoutMs = request.responseType === 'arraybuffer' ? 120_000 : 20_000 } = options;
  const plain = options.fetch ?? globalThis.fetch.bind(globalThis);
  const fetch = authorized.prove?.(plain) ?? plain;
  const credentials = authorized.credentials ?? request.credentials;
  // The token replaces a header that the page has set in another case.
  const headers = new Headers(request.headers);
  for (const [name, value] of Object.entries(authorized.headers)) headers.set(name, value);
  if (request.range) headers.set('Range', rangeHeader(request.range));
  let isAnswered = false;
  const startMs = performance.now();
  const deadline = startDeadline(clock, Math.min(firstByteTimeoutMs, totalTimeoutMs), options.signal);
  try {
    const { url, redirect, version } = authorized;
    const init = {
      redirect,
      // A `redirect` of the page that forbids redirects, too.
      ...request.init,
      headers,
      signal: deadline.signal,
      ...(credentials && { credentials }),
    };
    const isAsked = version !== null && !credentials && isPageOrigin(url);
    const response = await (isAsked
      ? fetchOwnOrigin({ fetch, url, init, version }, clock)
      : fetch(url, init));
    isAnswered = true;
    const firstByteMs = performance.now();
    deadline.restart(totalTimeoutMs - (firstByteMs - startMs));
    const data = response.ok ? await readData(response, request, options) : undefined;
    if (!response.ok) await authorizer.checkFailure(response, request.stream, authorized, deadline.signal);
    const timing = { startMs, firstByteMs, endMs: performance.now() };
    return {
      url: response.url || withoutFragment(authorized.url),
      status: response.status,
      data,
      headers: response.headers,
      timing,
    };
  } catch (cause) {
    options.signal.throwIfAborted();
    if (cause instanceof GatecastError) throw cause;
    if (deadline.isOver) throw new DOMException('The media request took too long.', 'TimeoutError');
    const name = redactUrl(request.url);
    if (!URL.canParse(request.url)) throw invalidSource(name, 'an address in it is not a URL');
    const error = await explainUnreachable(unreachableSource(name, cause), request.url, options.signal);
    if (isAnswered) throw error;
    return error;
  } finally {
    deadline.end();
  }
}

/** A request that blocks on purpose (RFC 8216bis section 6.2.5.2) is not one that waits for something else. */
function isPageOrigin(url: string): boolean {
  const { location } = globalThis as Partial<typeof globalThis>;
  return new URL(url).origin === location?.origin && !url.includes('_HLS_msn=');
}

async function readData(
  response: Response,
  { url, responseType }: MediaRequest,
  { onProgress, limitBytes = LIMIT_BYTES[responseType] }: MediaRequestOptions,
): Promise<unknown> {
  const totalBytes = Number(response.headers.get('Content-Length') ?? 0);
  const { buffer } = await readBody(response, {
    limitBytes,
    tooLarge: () => tooLargeSource(redactUrl(url), `it has more than ${String(limitBytes / MIB)} MiB`),
    onProgress: (loadedBytes) => onProgress?.(loadedBytes, totalBytes),
  });
  if (responseType === 'arraybuffer') return buffer;
  const text = new TextDecoder().decode(buffer);
  return responseType === 'json' ? (JSON.parse(text) as unknown) : text;
}

function rangeHeader({ start, end }: ByteRange): string {
  return `bytes=${String(start)}-${String(end - 1)}`;
}

/** As a response names the address of its request. */
function withoutFragment(url: string): string {
  const { href } = new URL(url);
  return href.replace(/#.*$/s, '');
}

/** The final address after a redirect is the base of relative URIs; its query may contain a signature. */
function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, '');
}

function statusError(
  { url, responseType }: MediaRequest,
  { status, headers }: Pick<MediaResponse, 'status' | 'headers'>,
): GatecastError {
  const name = redactUrl(url);
  if (status < 400) {
    return new GatecastError('source-failed', `${name} redirects a request that has a token in a header.`, {
      hint: 'Set token-placement="header" (in adapters: placement), or use an address that does not redirect.',
    });
  }
  if (status === 404 || status === 410) {
    return new GatecastError(
      'source-not-found',
      `The media origin has nothing at ${name} (HTTP ${String(status)}).`,
      {
        hint: 'Check src, and whether the live stream has started.',
        // A playlist names this segment or key: it is there later, or the playlist changes.
        retryable: responseType === 'arraybuffer',
        status,
        retryAfterMs: readRetryAfterMs(headers),
      },
    );
  }
  return new GatecastError('source-failed', `The media origin returned HTTP ${String(status)} for ${name}.`, {
    hint:
      status === 401 || status === 403
        ? 'The request had no token: check its placement, the origins that may receive it, and that the response has one for this origin.'
        : 'Check the log of the media origin.',
    retryable: status >= 500 || status === 429 || status === 408 || status === 425,
    status,
    retryAfterMs: readRetryAfterMs(headers),
  });
}
