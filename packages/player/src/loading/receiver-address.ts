import {
  GatecastError,
  delay,
  readRetryAfterMs,
  readText,
  redactUrl,
  retryDelayMs,
  startDeadline,
  systemClock,
  withFreshToken,
  type Clock,
} from '@gatecast/token';
import { signedUrl } from './signed-url.js';

export interface ReceiverAddressOptions {
  /** Absolute address of the backend's playlist signer. */
  readonly signer: string;
  /** Absolute address of the playlist, without a token. */
  readonly url: string;
  readonly stream: string;
  /** Requests a token, so that the backend renews the page's session cookie. */
  readonly refresh: (signal: AbortSignal) => Promise<unknown>;
  /** Aborts when the receiver must stop. */
  readonly signal: AbortSignal;
  readonly fetch?: typeof globalThis.fetch;
  readonly clock?: Clock;
  readonly random?: () => number;
}

/** An address for an AirPlay or Cast receiver. It contains a secret: give it to the receiver only. */
export interface ReceiverAddress {
  readonly url: string;
  /** Resolves when the signer has opened it. @throws GatecastError `playlist-signer-failed` why there is none. */
  readonly opened: Promise<void>;
  /** Resolves when it is not renewed any longer: with the reason, or `null` after the signal. */
  readonly ended: Promise<GatecastError | null>;
}

const TIMEOUT_MS = 10_000;
const SECRET_BYTES = 16;
/** Shortest time between two renewals, whatever the signer says. */
const MIN_RENEWAL_MS = 2000;
const RESPONSE_LIMIT_BYTES = 65_536;

/** A part of an address that nobody can guess. */
export function receiverSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return btoa(String.fromCharCode(...bytes)).replace(
    /[+/=]/g,
    (sign) => ({ '+': '-', '/': '_' })[sign] ?? '',
  );
}

/** The address that a receiver gets. */
export function receiverUrl(signer: string, url: string, stream: string, secret: string): string {
  return `${signedUrl(signer, url, stream)}&receiver=${secret}`;
}

/**
 * Opens an address at the playlist signer and renews it until the signal aborts, or until the signer refuses it with a fresh
 * session, too. Then the receiver stops within the time that the signer allows.
 *
 * @param secret - of {@link receiverSecret}.
 */
export function openReceiverAddress(options: ReceiverAddressOptions, secret: string): ReceiverAddress {
  const { signer, url, stream, signal, clock = systemClock, random = Math.random } = options;
  const fetch = options.fetch ?? globalThis.fetch.bind(globalThis);

  const body = (end: boolean): RequestInit => ({
    method: 'POST',
    credentials: 'include',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ receiver: secret, url, stream, ...(end && { end }) }),
  });

  async function send(): Promise<Response> {
    const deadline = startDeadline(clock, TIMEOUT_MS, signal);
    try {
      return await fetch(signer, { ...body(false), signal: deadline.signal });
    } catch (cause) {
      signal.throwIfAborted();
      throw failed(signer, 'cannot be reached', { retryable: true, cause });
    } finally {
      deadline.end();
    }
  }

  /** Resolves with the time until the address ends, in milliseconds. */
  function renew(): Promise<number> {
    return withFreshToken<null, number>({
      stream,
      get: () => null,
      use: async () => {
        const response = await send();
        const { ok, status } = response;
        if (ok) return { kind: 'done', result: await readLifeMs(response, signer) };
        const retryable = status >= 500 || status === 429;
        const retryAfterMs = readRetryAfterMs(response.headers);
        const error = failed(signer, `returned HTTP ${String(status)} for a receiver`, {
          retryable,
          status,
          retryAfterMs,
        });
        if (status === 401 || status === 403) return { kind: 'refused', status, error };
        throw error;
      },
      replace: async () => {
        await options.refresh(signal);
        return null;
      },
    });
  }

  let resolve: () => void = () => undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const opened = new Promise<void>((onOpen, onFailure) => {
    resolve = onOpen;
    reject = onFailure;
  });
  // A caller may wait for the end only.
  opened.catch(() => undefined);

  async function keepOpen(): Promise<GatecastError | null> {
    let failures = 0;
    for (;;) {
      let waitMs: number;
      try {
        const lifeMs = await renew();
        failures = 0;
        resolve();
        waitMs = Math.max(MIN_RENEWAL_MS, lifeMs / 3);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof GatecastError)) throw error;
        if (!error.retryable) return error;
        failures += 1;
        const { retryAfterMs } = error;
        waitMs = retryDelayMs({ attempt: failures, random: random(), retryAfterMs });
      }
      await delay(clock, waitMs, signal);
    }
  }

  const ended = keepOpen()
    .catch((error: unknown) => {
      if (signal.aborted) return null;
      throw error;
    })
    .then((error) => {
      reject(error ?? signal.reason);
      // If it is lost, the address ends by itself.
      if (error === null) void fetch(signer, { ...body(true), keepalive: true }).catch(() => undefined);
      return error;
    });
  return { url: receiverUrl(signer, url, stream, secret), opened, ended };
}

async function readLifeMs(response: Response, signer: string): Promise<number> {
  const tooLarge = (): GatecastError => failed(signer, 'returned more than 64 KiB for a receiver', {});
  const text = await readText(response, { limitBytes: RESPONSE_LIMIT_BYTES, tooLarge });
  const { expiresAt, serverTime } = readObject(text);
  const lifeMs = (Number(expiresAt) - Number(serverTime)) * 1000;
  if (lifeMs > 0) return lifeMs;
  throw failed(signer, 'returned no times for a receiver', {});
}

function readObject(text: string): { readonly expiresAt?: unknown; readonly serverTime?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function failed(
  signer: string,
  what: string,
  options: { retryable?: boolean; status?: number; retryAfterMs?: number | undefined; cause?: unknown },
): GatecastError {
  return new GatecastError('playlist-signer-failed', `The playlist signer ${redactUrl(signer)} ${what}.`, {
    hint: 'Check playlist-signer, that the signer has the option receivers, and that token-url sets its session cookie (token-credentials="include" for another origin).',
    ...options,
  });
}
