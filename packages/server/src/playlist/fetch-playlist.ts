import { abortAfter } from '../http/timeouts.js';
import { Problem } from '../http/problem.js';
import { readBoundedText } from '../http/read-bounded-text.js';
import type { UpstreamAllowList } from './upstream-allow-list.js';

export interface FetchPlaylistOptions {
  readonly allowList: UpstreamAllowList;
  readonly fetch: typeof globalThis.fetch;
  /** Time limit for the playlist, including redirects, in milliseconds. */
  readonly timeoutMs: number;
  /** Largest size of a playlist in bytes. */
  readonly maxBytes: number;
  /** Largest number of redirects to follow. */
  readonly maxRedirects: number;
  readonly signal?: AbortSignal | undefined;
}

export interface FetchedPlaylist {
  readonly text: string;
  /** URL after redirects, without the token: the base of relative URIs. */
  readonly url: URL;
}

/** A request as it is sent, with its token. */
export interface SentRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Fetches a playlist with a token from an allowed upstream. Each redirect target must be allowed too.
 *
 * @param authorize - adds the token to the address of a request.
 * @throws Problem `upstream-…`, `playlist-invalid`, `playlist-too-large`
 */
export async function fetchPlaylist(
  url: URL,
  authorize: (url: URL) => SentRequest,
  options: FetchPlaylistOptions,
): Promise<FetchedPlaylist> {
  // Some runtimes refuse their own fetch if it is called as a method of another object.
  const { fetch } = options;
  const { signal, isLate, stop } = abortAfter(options.timeoutMs, options.signal);
  let current = url;
  try {
    for (let hop = 0; hop <= options.maxRedirects; hop += 1) {
      const sent = authorize(current);
      const response = await fetch(sent.url, {
        redirect: 'manual',
        headers: { Accept: 'application/vnd.apple.mpegurl, */*;q=0.1', ...sent.headers },
        signal,
      });
      const location = response.headers.get('Location');
      if (response.status >= 300 && response.status < 400 && location !== null) {
        await response.body?.cancel();
        current = options.allowList.parse(location, current);
        continue;
      }
      if (!response.ok) {
        await response.body?.cancel();
        throw refusal(response.status);
      }
      const text = await readBoundedText(response, options.maxBytes);
      if (text === null) {
        throw new Problem(
          'playlist-too-large',
          `The playlist is larger than ${String(options.maxBytes)} bytes.`,
        );
      }
      return { text: checkPlaylist(text), url: current };
    }
  } catch (error) {
    if (error instanceof Problem) throw error;
    if (isLate())
      throw new Problem('upstream-timeout', 'The upstream did not respond in time.', { cause: error });
    throw new Problem('upstream-failed', 'The upstream cannot be reached.', { cause: error });
  } finally {
    stop();
  }
  throw new Problem('upstream-failed', 'The upstream redirects too many times.');
}

/** Without this check, clients could read other files of the upstream through the signer. */
function checkPlaylist(text: string): string {
  const plain = text.replace(/^\uFEFF/, '');
  if (!/^#EXTM3U(?:\s|$)/.test(plain))
    throw new Problem('playlist-invalid', 'The response of the upstream is not an HLS playlist.');
  return plain;
}

function refusal(status: number): Problem {
  if (status === 401 || status === 403)
    return new Problem('upstream-refused', `The upstream refused the request (HTTP ${String(status)}).`);
  if (status === 404 || status === 410)
    return new Problem('upstream-not-found', 'The playlist was not found at the upstream.', { status });
  if (status === 429 || status === 503) {
    return new Problem('upstream-failed', `The upstream is busy (HTTP ${String(status)}).`, {
      status: 503,
      retryAfterSeconds: 1,
    });
  }
  return new Problem('upstream-failed', `The upstream responded with HTTP ${String(status)}.`);
}
