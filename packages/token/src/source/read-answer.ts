import { GatecastError } from '../errors.js';
import type { Clock } from '../time/clock.js';
import { startDeadline } from '../time/deadline.js';
import { withMedia } from './answered-media.js';
import { accessEndOf } from './access-end-of.js';
import { readText } from './read-body.js';
import { readParts } from './read-parts.js';
import { responseTooLarge } from './response-faults.js';

export interface AnswerOptions {
  readonly signal: AbortSignal;
  /** The server's time, in milliseconds since the epoch. @defaultValue the device's clock */
  readonly now?: (() => number) | undefined;
  readonly clock: Clock;
  /** Longest wait for the whole response without its media, in milliseconds. */
  readonly timeoutMs: number;
  /** When the request was sent, in milliseconds since the epoch. */
  readonly sentAtMs: number;
  /** Creates the error for what a function of the page throws. Without it, `ask` sends the request itself. */
  readonly failed?: (cause: unknown) => GatecastError;
}

/** Longest token response: most of it is for the playlists in it. */
const RESPONSE_LIMIT_BYTES = 4 * 1024 * 1024;

/**
 * Asks for tokens and reads the response: a `Response` by its status, headers and body; anything else as it is. The only place
 * that reads a `Response`: of `token-url` and of `tokenSource`.
 *
 * @throws GatecastError why there is no response; or the signal's reason.
 */
export async function readAnswer(
  ask: (signal: AbortSignal) => unknown,
  { signal, now, clock, timeoutMs, sentAtMs, failed }: AnswerOptions,
): Promise<unknown> {
  const deadline = startDeadline(clock, timeoutMs, signal);
  let fail = failed;
  let parts: ReturnType<typeof readParts> | null = null;
  let parsed: unknown;
  try {
    const answer = await unlessAborted(ask(deadline.signal), deadline.signal);
    if (!isResponse(answer)) {
      deadline.end();
      return answer;
    }
    fail = undefined;
    const { body, status } = answer;
    // A mistake of the page, so the code for it is loaded when it is made. Without it, the response counts as lost.
    if (status === 0 || (answer.ok && (answer.bodyUsed || body?.locked)))
      throw (await import('./unreadable.js')).unreadable(answer);
    if (!answer.ok) {
      throw await unlessAborted(
        statusError(answer, now?.() ?? clock.now(), deadline.signal),
        deadline.signal,
      );
    }
    if (/^multipart\//i.test(answer.headers.get('Content-Type') ?? ''))
      parts = readParts(answer, deadline.signal);
    const text = parts
      ? parts.next().then(({ value }) => {
          if (value && value.data.length > RESPONSE_LIMIT_BYTES) throw responseTooLarge();
          return new TextDecoder().decode(value?.data);
        })
      : readText(answer, { limitBytes: RESPONSE_LIMIT_BYTES, tooLarge: responseTooLarge });
    parsed = parseBody(await unlessAborted(text, deadline.signal));
  } catch (cause) {
    deadline.end();
    void parts?.return();
    signal.throwIfAborted();
    if (cause instanceof GatecastError) throw cause;
    throw deadline.isOver
      ? timedOut(timeoutMs, failed && 'tokenSource function')
      : (fail ?? unreachable)(cause);
  }
  if (parts) {
    // The media have the same time again.
    deadline.restart(timeoutMs);
    return withMedia(parsed, parts, sentAtMs, () => {
      deadline.end();
    });
  }
  deadline.end();
  return parsed;
}

/** `instanceof` does not find one from another window. */
function isResponse(value: unknown): value is Response {
  return Object.prototype.toString.call(value) === '[object Response]';
}

/** A GatecastError as it is; anything else as the cause of a retryable `token-source-failed`. */
export function toTokenError(error: unknown): GatecastError {
  if (error instanceof GatecastError) return error;
  return new GatecastError('token-source-failed', 'The page’s tokenSource function failed.', {
    hint: 'See the cause. If the endpoint refused, return its Response.',
    retryable: true,
    cause: error,
  });
}

/** Settles with the promise, or rejects when the signal aborts, even if the work behind the promise ignores the signal. */
export function unlessAborted<T>(promise: T | Promise<T>, signal: AbortSignal): Promise<T> {
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
      hint: 'Check the response of the token endpoint.',
    });
  }
}

async function statusError(response: Response, nowMs: number, signal: AbortSignal): Promise<GatecastError> {
  const { status } = response;
  const end = await accessEndOf(response, true, signal);
  if (end) return end;
  // Otherwise, only the status counts.
  if (status === 401 || status === 403) {
    return new GatecastError(
      'token-refused',
      `The token endpoint refused this viewer (HTTP ${String(status)}).`,
      {
        hint: 'Sign the viewer in, then call refreshToken(). Cookies of another origin need token-credentials="include", or that option of fetch.',
        status,
      },
    );
  }
  const isRetryable = status >= 500 || status === 429 || status === 408 || status === 425;
  return new GatecastError('token-endpoint-failed', `The token endpoint returned HTTP ${String(status)}.`, {
    hint: isRetryable
      ? 'Check the backend’s log.'
      : 'Check its request: token-url sends POST with a JSON body.',
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
    `The ${who} did not respond within ${String(timeoutMs / 1000)} s.`,
    {
      hint: 'Check the backend’s latency.',
      retryable: true,
    },
  );
}

function unreachable(cause: unknown): GatecastError {
  return new GatecastError('token-endpoint-unreachable', 'The token endpoint cannot be reached.', {
    hint: 'Check its address, the network, and that its CORS headers allow this page.',
    retryable: true,
    cause,
  });
}
