import {
  delay,
  explainUnreachable,
  fetchAuthorized,
  GatecastError,
  readBody,
  readRetryAfterMs,
  redactUrl,
  retryDelayMs,
  startDeadline,
  tooLargeSource,
  unreachableSource,
  type Authorizer,
  type Clock,
} from '@gatecast/token';

export interface LicenceRequest {
  readonly url: string;
  /** Name of the stream whose token it needs. */
  readonly stream: string;
  readonly init: RequestInit;
  /** Ends the request and its repeats. */
  readonly signal: AbortSignal;
}

export interface LicenceTransport {
  readonly clock: Clock;
  /** @defaultValue the page's own */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Returns a number in [0, 1). @defaultValue `Math.random` */
  readonly random?: (() => number) | undefined;
  /** Called when an attempt has failed and is repeated after a wait. */
  readonly onRepeat?: ((error: GatecastError) => void) | undefined;
  /** Adds the token of the stream, if the origin of the licence server may receive it. */
  readonly authorizerFor: (url: string) => Authorizer;
}

export interface LicenceResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  /** Without a token; after a redirect without its query, too. */
  readonly url: string;
  readonly data: ArrayBuffer;
}

/** Of one attempt, with the wait for its token. */
const TIMEOUT_MS = 20_000;
/** Without `Retry-After`, which may be a minute each, all attempts together take less than two minutes. */
const ATTEMPTS = 4;
/** The licences and certificates of all key systems have a few kB. */
const LIMIT_BYTES = 1024 * 1024;

/**
 * Requests a licence or a certificate with the token of its stream. A refusal (401 or 403) is one renewal of the token and one
 * repeat. After HTTP 408, 425, 429 or 5xx, and without a response, it is repeated up to three times, with the waits of
 * `retryDelayMs` for an origin.
 *
 * @throws GatecastError `source-failed`, `source-unreachable`, `source-too-large`, `token-rejected`, or why there is no token.
 * @throws the reason of the signal.
 */
export async function requestLicence(
  transport: LicenceTransport,
  request: LicenceRequest,
): Promise<LicenceResponse> {
  const { clock, random = Math.random, onRepeat } = transport;
  for (let attempt = 1; ; attempt++) {
    try {
      return await sendOnce(transport, request);
    } catch (error) {
      request.signal.throwIfAborted();
      if (attempt >= ATTEMPTS || !isPassing(error)) throw error;
      onRepeat?.(error);
      const { retryAfterMs } = error;
      const waitMs = retryDelayMs({ attempt, random: random(), retryAfterMs, service: 'origin' });
      await delay(clock, waitMs, request.signal);
    }
  }
}

/** A licence server that is not well, and not a refusal: that one has had its repeat. */
function isPassing(error: unknown): error is GatecastError {
  return error instanceof GatecastError && error.retryable && error.code.startsWith('source-');
}

async function sendOnce(
  { authorizerFor, clock, fetch }: LicenceTransport,
  { url, stream, init, signal }: LicenceRequest,
): Promise<LicenceResponse> {
  const deadline = startDeadline(clock, TIMEOUT_MS, signal);
  const name = `The licence server at ${redactUrl(url)}`;
  try {
    const authorizer = authorizerFor(url);
    const response = await fetchAuthorized({
      authorizer,
      url,
      stream,
      fetch,
      init: { ...init, signal: deadline.signal },
    });
    if (!response.ok) throw statusError(name, response, authorizer.isAllowed(url));
    const { buffer } = await readBody(response, {
      limitBytes: LIMIT_BYTES,
      tooLarge: () => tooLargeSource('The response of the licence server', 'it has more than 1 MiB'),
    });
    if (buffer.byteLength === 0) throw emptyResponse(name, response.status);
    const { status, statusText, headers, redirected } = response;
    // The address that was sent may have the token.
    const finalUrl = redirected ? authorizer.withoutTokens(response.url.replace(/[?#].*$/s, '')) : url;
    return { status, statusText, headers, url: finalUrl, data: buffer };
  } catch (cause) {
    signal.throwIfAborted();
    if (deadline.isOver || cause instanceof TypeError)
      throw await explainUnreachable(unreachableSource(name, cause), url, signal);
    throw cause instanceof GatecastError && cause.code === 'token-rejected'
      ? refusedLicence(name, cause)
      : cause;
  } finally {
    deadline.end();
  }
}

function refusedLicence(name: string, cause: GatecastError): GatecastError {
  return new GatecastError('token-rejected', `${name} refuses the token, even a new one.`, {
    hint: 'Compare the claims of the token, and where it goes (drm.placement, in adapters licencePlacement), with what the licence server expects.',
    status: cause.status,
    cause,
  });
}

function emptyResponse(name: string, status: number): GatecastError {
  return new GatecastError('source-failed', `${name} returned an empty response (HTTP ${String(status)}).`, {
    hint: 'Check the log of the licence server, and the address, headers and body that it expects.',
    status,
  });
}

function statusError(
  name: string,
  { status, headers, type }: Pick<Response, 'status' | 'headers' | 'type'>,
  isAllowed: boolean,
): GatecastError {
  if (type === 'opaqueredirect')
    return new GatecastError('source-failed', `${name} redirects a request that has a token in a header.`, {
      hint: 'Use an address that does not redirect.',
    });
  const isRefusal = status === 401 || status === 403;
  return new GatecastError('source-failed', `${name} returned HTTP ${String(status)}.`, {
    hint:
      isRefusal && !isAllowed
        ? 'The request had no token, because the origin may not receive it. Add it to token-origins (in adapters: origins).'
        : 'Check the log of the licence server, and the address, headers and token that it expects.',
    retryable: status >= 500 || status === 429 || status === 408 || status === 425,
    status,
    retryAfterMs: readRetryAfterMs(headers),
  });
}
