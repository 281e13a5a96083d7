import { GatecastError, redactUrl, startDeadline, systemClock, type Cancel } from '@gatecast/token';
import type { ResolvedEntry } from '../../source/player-source.js';
import { streamNameOf } from '../../source/resolve-source.js';
import type { StreamTokens } from '@gatecast/element';
import type { NativeAddress } from './native-address.js';
import { readPlaylistFacts, type FetchedPlaylist } from './playlist-facts.js';

const TIMEOUT_MS = 10_000;
/** The cookie is HttpOnly, so its end is unknown here; the server's own default is five minutes. */
const RENEWAL_MS = 120_000;

/**
 * The backend's playlist signer, which knows the page by the session cookie that the token endpoint sets. Each renewal
 * of the token renews the cookie too, so that the address stays good and is never exchanged.
 */
export function signerAddress(
  { url, stream }: ResolvedEntry & { readonly url: string },
  signer: string,
  tokens: StreamTokens | null,
  fetch: typeof globalThis.fetch = globalThis.fetch.bind(globalThis),
): NativeAddress {
  const src = signedUrl(signer, url, stream);

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

  async function fetchPlaylist(target: string, signal: AbortSignal): Promise<FetchedPlaylist> {
    let response = await fetchOnce(target, signal);
    if (isRefusal(response) && tokens) {
      // The session has ended or was never begun here; the token endpoint starts it again.
      await tokens.refresh(stream, { signal });
      response = await fetchOnce(target, signal);
    }
    const { status } = response;
    if (!response.ok) {
      // The signer's own origin may be one that is down for a while; a refusal with a new session stays one.
      const retryable = status >= 500 || status === 429;
      throw signerFailed(signer, `answered HTTP ${status}`, { retryable, status });
    }
    return { text: await response.text(), url: response.url || target };
  }

  return {
    async resolve(signal) {
      // The cookie comes with the token, which itself is not needed here.
      await tokens?.get(stream, { signal });
      return { src, swapAtMs: null, expiresAtMs: null };
    },
    inspect: (signal) => readPlaylistFacts(src, (target) => fetchPlaylist(target, signal)),
    keepAlive(signal) {
      if (tokens) keepSessionAlive(stream, tokens, signal);
    },
  };
}

/** A token that lives long is renewed for its cookie's sake; one that lives short renews it anyway. */
function keepSessionAlive(stream: string, tokens: StreamTokens, signal: AbortSignal): void {
  const renewIfDue = async (): Promise<void> => {
    const receivedAtMs = tokens.peek(stream)?.receivedAtMs ?? 0;
    // A failure is told by the token's own events, and met again by the next playlist.
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

/** Address of the signer for a playlist. */
export function signedUrl(signer: string, playlistUrl: string, stream: string): string {
  const separator = signer.includes('?') ? '&' : '?';
  const name = stream === streamNameOf(playlistUrl) ? '' : `&stream=${encodeURIComponent(stream)}`;
  return `${signer}${separator}url=${encodeURIComponent(playlistUrl)}${name}`;
}

function isRefusal({ status }: Response): boolean {
  return status === 401 || status === 403;
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
