import { createCors, type CorsOptions } from '../http/cors.js';
import { createHandler, type FetchHandler } from '../http/create-handler.js';
import type { PlaylistCookie, PlaylistCookieContent } from './playlist-cookie.js';
import { textResponse } from '../http/text-response.js';
import type { TokenIssuer } from '../issuer/token-issuer.js';
import { silentLogger, type Logger } from '../http/logger.js';
import type { Metrics } from '../http/metrics.js';
import { Problem } from '../http/problem.js';
import { fetchPlaylist } from './fetch-playlist.js';
import { StableTokens } from './stable-tokens.js';
import { readPlaylistTimes, segmentTtlSeconds } from './playlist-times.js';
import { rewritePlaylist } from './rewrite-playlist.js';
import { withTokenQuery } from './token-query.js';
import { createUpstreamAllowList } from './upstream-allow-list.js';

export interface PlaylistSignerOptions {
  /** Issues the tokens in the segment addresses; one that needs no call elsewhere, such as `jwtIssuer`. */
  readonly issuer: TokenIssuer;
  readonly cookie: PlaylistCookie;
  /** Origins or folders that playlists come from, and that tokens are shown to. */
  readonly upstreams: readonly string[];
  /** The stream of an address. @defaultValue file name without `.m3u8`; a child belongs to its parent's stream */
  readonly streamOf?: (url: URL, parentStream: string | null) => string;
  /** Shortest life of a segment token in seconds; three target durations if that is longer. @defaultValue 6 */
  readonly ttlSeconds?: number | (() => number);
  /** Longest life of a token for a complete (VOD) playlist, in seconds. @defaultValue 43,200 */
  readonly longestTtlSeconds?: number;
  /** Query parameter for the token. @defaultValue `token` */
  readonly tokenParameter?: string;
  /** Where players reach the signer, if a proxy rewrites the path. @defaultValue the request's path */
  readonly path?: string;
  readonly cors?: CorsOptions;
  /** Time for the upstream in milliseconds. @defaultValue 10,000 */
  readonly timeoutMs?: number;
  /** Size of a playlist in bytes, at most. @defaultValue 2,097,152 */
  readonly maxBytes?: number;
  /** @defaultValue 3 */
  readonly maxRedirects?: number;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
  /** @defaultValue `globalThis.fetch` */
  readonly fetch?: typeof globalThis.fetch;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
}

interface Target {
  readonly url: URL;
  readonly stream: string;
}

/**
 * The playlist signer for native players, which cannot sign single requests: `GET ?url=<playlist>` answers the
 * upstream's playlist with a fresh short token in every segment, key and init address, and with its own address
 * before every playlist, while the cookie identifies the player itself.
 */
export function createPlaylistSigner(options: PlaylistSignerOptions): FetchHandler {
  const { issuer, cookie, logger = silentLogger, now = Date.now } = options;
  const { tokenParameter = 'token', longestTtlSeconds = 43_200 } = options;
  const allowList = createUpstreamAllowList(options.upstreams);
  const streamOf = options.streamOf ?? defaultStream;
  const stableTokens = new StableTokens(issuer, now);

  function readTarget(request: Request, state: PlaylistCookieContent): Target {
    const query = new URL(request.url).searchParams;
    const url = allowList.parse(query.get('url') ?? '');
    const stream = streamOf(url, query.get('stream'));
    if (!state.streams.includes(stream)) {
      throw new Problem('forbidden', 'The playlist cookie does not allow the stream.', {
        hint: 'Ask the token endpoint for this stream first, with credentials.',
      });
    }
    // Low-latency reloads tell the origin by these what to wait for (RFC 8216bis section 6.2.5).
    const directives = [...query].filter(([name]) => name.startsWith('_HLS_'));
    for (const [name, value] of directives)
      url.search += `${url.search === '' ? '' : '&'}${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
    return { url, stream };
  }

  async function handle(request: Request): Promise<Response> {
    const state = await cookie.read(request);
    const { url, stream } = readTarget(request, state);
    const ttlOption = options.ttlSeconds ?? 6;
    const ttlSeconds = typeof ttlOption === 'function' ? ttlOption() : ttlOption;
    const mint = async (ttl: number) => {
      const issued = await issuer.issue({
        purpose: 'playback',
        stream,
        grant: { ttlSeconds: ttl },
        user: state.user,
      });
      return requireToken(issued.token);
    };
    // The upstream's tokens stay on this side, so one serves all reloads of a while.
    const upstreamToken = requireToken(await stableTokens.get(stream, state.user, Math.max(ttlSeconds, 30)));
    const fetched = await fetchPlaylist(url, upstreamToken, {
      allowList,
      fetch: options.fetch ?? globalThis.fetch,
      timeoutMs: options.timeoutMs ?? 10_000,
      maxBytes: options.maxBytes ?? 2_097_152,
      maxRedirects: options.maxRedirects ?? 3,
      tokenParameter,
      signal: request.signal,
    });
    const ttl = segmentTtlSeconds(readPlaylistTimes(fetched.text), ttlSeconds, longestTtlSeconds);
    const token = await mint(ttl);
    const initToken = requireToken(await stableTokens.get(stream, state.user, ttl));
    const signed = (target: URL, value: string) =>
      allowList.has(target) ? withTokenQuery(target.href, tokenParameter, value) : target.href;
    // Two slashes at the front would make the first folder a host.
    const path = (options.path ?? new URL(request.url).pathname).replace(/^\/+/, '/');
    const text = rewritePlaylist(fetched.text, fetched.url, {
      media: (target) => signed(target, token),
      init: (target) => signed(target, initToken),
      playlist: (target) =>
        allowList.has(target)
          ? `${path}?url=${encodeURIComponent(target.href)}&stream=${encodeURIComponent(stream)}`
          : target.href,
    });
    return textResponse(text, {
      headers: {
        'Content-Type': 'application/vnd.apple.mpegurl',
        'Cache-Control': 'no-store',
        Vary: 'Cookie',
      },
    });
  }

  const methods = ['GET', 'HEAD'];
  const cors = createCors(options.cors, methods);
  return createHandler({ methods, cors, logger, metrics: options.metrics, name: 'playlist-signer', handle });
}

function defaultStream(url: URL, parentStream: string | null): string {
  if (parentStream !== null) return parentStream;
  const name = url.pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(name).replace(/\.m3u8$/, '');
  } catch {
    throw new Problem('request-invalid', 'The file name in the address is not valid percent-encoding.');
  }
}

function requireToken(token: string | undefined): string {
  if (token === undefined)
    throw new Problem('internal', 'The issuer of the playlist signer gives no plain tokens.');
  return token;
}
