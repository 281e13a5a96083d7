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
  type TokenUse,
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
  /** Resolves when the signer has opened it. @throws GatecastError why there is none; the reason of the signal. */
  readonly opened: Promise<void>;
  /** Resolves when it is not renewed any longer: with the reason, or `null` after the signal. Never rejects. */
  readonly ended: Promise<GatecastError | null>;
}

const TIMEOUT_MS = 10_000;
const SECRET_BYTES = 16;
/** Shortest time between two renewals, whatever the signer says. */
const MIN_RENEWAL_MS = 1000;
/** With less life than this, or a third of the longest, the page's grant is about to end. */
const SHORT_LIFE_MS = 2000;
const RESPONSE_LIMIT_BYTES = 65_536;

/** When the address ends, as the signer said. */
interface Renewal {
  readonly lifeMs: number;
  readonly expiresAt: number;
}

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

/** The secret of such an address, or `null`. */
export function secretIn(address: string): string | null {
  return /[?&]receiver=([\w-]{22,64})$/.exec(address)?.[1] ?? null;
}

/**
 * Opens an address at the playlist signer and renews it until the signal aborts, or until the signer refuses it with a fresh
 * session, too. Then the receiver stops within the time that the signer allows. The address never outlives the page's grant: when
 * that is about to end and the page has not renewed it, this asks for another token.
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

  /** One time limit for the response and its body. */
  async function send(): Promise<TokenUse<Renewal>> {
    const deadline = startDeadline(clock, TIMEOUT_MS, signal);
    try {
      const response = await fetch(signer, { ...body(false), signal: deadline.signal });
      const { ok, status } = response;
      if (ok)
        return { kind: 'done', result: await orAborted(readRenewal(response, signer), deadline.signal) };
      const retryable = status >= 500 || status === 429;
      const retryAfterMs = readRetryAfterMs(response.headers);
      const what = `returned HTTP ${String(status)} for a receiver`;
      const error = failed(signer, what, { retryable, status, retryAfterMs });
      if (status === 401 || status === 403) return { kind: 'refused', status, error };
      throw error;
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof GatecastError) throw cause;
      throw failed(signer, 'cannot be reached', { retryable: true, cause });
    } finally {
      deadline.end();
    }
  }

  function renew(): Promise<Renewal> {
    return withFreshToken<null, Renewal>({
      stream,
      get: () => null,
      use: send,
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

  async function keepOpen(): Promise<GatecastError> {
    let failures = 0;
    let longestMs = 0;
    let endMs = 0;
    let refreshedFor: number | null = null;
    for (;;) {
      let waitMs: number;
      try {
        const { lifeMs, expiresAt } = await renew();
        failures = 0;
        resolve();
        endMs = clock.now() + lifeMs;
        longestMs = Math.max(longestMs, lifeMs);
        waitMs = Math.max(MIN_RENEWAL_MS, lifeMs / 3);
        // Once for each end: another token does not move one that has another reason.
        if (lifeMs <= Math.max(SHORT_LIFE_MS, longestMs / 3) && refreshedFor !== expiresAt) {
          refreshedFor = expiresAt;
          await options.refresh(signal);
          continue;
        }
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof GatecastError) || !error.retryable) return asFailed(error, signer);
        failures += 1;
        const { retryAfterMs } = error;
        const remainingLifeMs = endMs - clock.now();
        waitMs = retryDelayMs({ attempt: failures, random: random(), retryAfterMs, remainingLifeMs });
      }
      await delay(clock, waitMs, signal);
    }
  }

  const ended = keepOpen().then(
    (error) => {
      reject(error);
      return error;
    },
    (error: unknown) => {
      reject(error);
      if (!signal.aborted) return asFailed(error, signer);
      // If it is lost, the address ends by itself.
      void fetch(signer, { ...body(true), keepalive: true }).catch(() => undefined);
      return null;
    },
  );
  return { url: receiverUrl(signer, url, stream, secret), opened, ended };
}

async function readRenewal(response: Response, signer: string): Promise<Renewal> {
  const tooLarge = (): GatecastError => failed(signer, 'returned more than 64 KiB for a receiver', {});
  const text = await readText(response, { limitBytes: RESPONSE_LIMIT_BYTES, tooLarge });
  const { expiresAt, serverTime } = readObject(text);
  const lifeMs = (Number(expiresAt) - Number(serverTime)) * 1000;
  if (lifeMs > 0) return { lifeMs, expiresAt: Number(expiresAt) };
  throw failed(signer, 'returned no times for a receiver', {});
}

/** Not every body ends with the signal of its request. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

function asFailed(cause: unknown, signer: string): GatecastError {
  return cause instanceof GatecastError
    ? cause
    : failed(signer, 'cannot be asked for a receiver, because the player has stopped', { cause });
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
