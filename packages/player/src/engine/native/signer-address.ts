import {
  GatecastError,
  readText,
  redactUrl,
  startDeadline,
  systemClock,
  withFreshToken,
  type Cancel,
} from '@gatecast/token';
import { signedUrl } from '../../loading/signed-url.js';
import type { ResolvedEntry } from '../../source/player-source.js';
import { tooLargeSource } from '../../source/source-errors.js';
import type { StreamTokens } from '@gatecast/element';
import type { NativeAddress } from './native-address.js';
import { readPlaylistFacts, type FetchedPlaylist } from './playlist-facts.js';

const TIMEOUT_MS = 10_000;
const PLAYLIST_LIMIT_BYTES = 8 * 1024 * 1024;
/** The cookie is HttpOnly, so its end is unknown here; the server's default is five minutes. */
const RENEWAL_MS = 120_000;
/** Least time between two renewals of the cookie because of responses that cannot be read. */
const HIDDEN_INTERVAL_MS = 30_000;

/**
 * The address of the backend's playlist signer, which identifies the page by the session cookie that the token endpoint
 * sets. Each refresh of the token renews the cookie too, so the address stays valid and is never swapped.
 */
export function signerAddress(
  { url, stream }: ResolvedEntry & { readonly url: string },
  signer: string,
  tokens: StreamTokens | null,
  fetch: typeof globalThis.fetch = globalThis.fetch.bind(globalThis),
): NativeAddress {
  const src = signedUrl(signer, url, stream);
  let hasWorked = false;
  let suspectedAtMs = -Infinity;

  /** A refusal of another origin without CORS headers looks like a network failure. */
  function mayHideRefusal(signal: AbortSignal): boolean {
    const { location, navigator } = globalThis as Partial<typeof globalThis>;
    const nowMs = systemClock.now();
    if (signal.aborted || navigator?.onLine === false || new URL(signer).origin === location?.origin)
      return false;
    // A signer that has not responded yet may just be out of reach.
    if (!hasWorked || nowMs - suspectedAtMs < HIDDEN_INTERVAL_MS) return false;
    suspectedAtMs = nowMs;
    return true;
  }

  async function fetchOnce(target: string, signal: AbortSignal): Promise<Response> {
    const deadline = startDeadline(systemClock, TIMEOUT_MS, signal);
    try {
      return await fetch(target, { credentials: 'include', signal: deadline.signal });
    } catch (cause) {
      signal.throwIfAborted();
      throw signerFailed(signer, 'cannot be reached', { retryable: true, cause });
    } finally {
      deadline.end();
    }
  }

  function fetchPlaylist(target: string, signal: AbortSignal): Promise<FetchedPlaylist> {
    let unreadable: GatecastError | null = null;
    // The session cookie takes the place of a token: after a refusal the token endpoint sets another one.
    return withFreshToken<null, FetchedPlaylist>({
      stream,
      get: () => null,
      use: async () => {
        const response = await fetchOnce(target, signal).catch((error: unknown) => {
          if (tokens && error instanceof GatecastError && mayHideRefusal(signal)) return error;
          throw error;
        });
        if (response instanceof GatecastError) return { kind: 'refused', error: (unreadable = response) };
        const { ok, status } = response;
        if (ok) {
          hasWorked = true;
          const text = await readText(response, {
            limitBytes: PLAYLIST_LIMIT_BYTES,
            tooLarge: () => tooLargeSource(redactUrl(target), 'it has more than 8 MiB'),
          });
          return { kind: 'done', result: { text, url: response.url || target } };
        }
        // A server error or a rate limit may pass; a refusal with a new session does not.
        const retryable = status >= 500 || status === 429;
        const error = signerFailed(signer, `returned HTTP ${status}`, { retryable, status });
        if (tokens && (status === 401 || status === 403)) return { kind: 'refused', status, error };
        throw error;
      },
      replace: async () => {
        await tokens?.refresh(stream, { signal }).catch((error: unknown) => {
          // Without a new session, the failure of the signer is the one to report.
          throw unreadable ?? error;
        });
        return null;
      },
    });
  }

  return {
    async resolve(signal) {
      // Only the cookie that comes with the token is needed.
      await tokens?.get(stream, { signal });
      return { src, swapAtMs: null, expiresAtMs: null };
    },
    inspect: (signal) => readPlaylistFacts(src, (target) => fetchPlaylist(target, signal), redirectTarget),
    keepAlive(signal) {
      if (tokens) keepSessionAlive(stream, tokens, signal);
    },
  };
}

/** Refreshes a long-lived token to renew the cookie; a short-lived one is refreshed more often anyway. */
function keepSessionAlive(stream: string, tokens: StreamTokens, signal: AbortSignal): void {
  const renewIfDue = async (): Promise<void> => {
    const receivedAtMs = tokens.peek(stream)?.receivedAtMs ?? 0;
    // The token's own events report a failure, and the next playlist request meets it again.
    if (tokens.now() - receivedAtMs >= RENEWAL_MS)
      await tokens.refresh(stream, { signal }).catch(() => undefined);
    if (!signal.aborted) schedule();
  };
  let cancel: Cancel = () => undefined;
  const schedule = (): void => {
    cancel = systemClock.at(systemClock.now() + RENEWAL_MS / 4, () => void renewIfDue());
  };
  schedule();
  signal.addEventListener('abort', () => cancel(), { once: true });
}

/** The signer redirects the segments of a recording to the address that its parameter `url` contains. */
function redirectTarget(address: string): string {
  const query = new URL(address).searchParams;
  const target = query.get('kind') === 'media' ? query.get('url') : null;
  return target !== null && URL.canParse(target) ? target : address;
}

function signerFailed(
  signer: string,
  what: string,
  options: { retryable: boolean; status?: number; cause?: unknown },
): GatecastError {
  return new GatecastError('playlist-signer-failed', `The playlist signer ${redactUrl(signer)} ${what}.`, {
    hint: 'Check playlist-signer, that the signer allows the origin in src, and that token-url sets its session cookie (token-credentials="include" for another origin).',
    ...options,
  });
}
