import { createCors, type CorsOptions } from '../http/cors.js';
import { createHandler, type FetchHandler } from '../http/create-handler.js';
import type { PlaylistCookie, PlaylistCookieContent, PlaylistGrant } from './playlist-cookie.js';
import { textResponse } from '../http/text-response.js';
import type { TokenIssuer } from '../issuer/token-issuer.js';
import { silentLogger, type Logger } from '../http/logger.js';
import type { Metrics } from '../http/metrics.js';
import { Problem } from '../http/problem.js';
import { withDeliveryDirectives } from './delivery-directives.js';
import { fetchPlaylist } from './fetch-playlist.js';
import { StableTokens } from './stable-tokens.js';
import { readPlaylistTimes, segmentTtlSeconds } from './playlist-times.js';
import { defaultPlaylistLimits, type PlaylistLimits } from './playlist-limits.js';
import { rewritePlaylist, type PlaylistRewriter } from './rewrite-playlist.js';
import { withTokenQuery } from './token-query.js';
import { createUpstreamAllowList } from './upstream-allow-list.js';

export interface PlaylistSignerOptions {
  /** Issues the tokens of segment URLs. Use one that signs without a request to a service, such as `jwtIssuer`. */
  readonly issuer: TokenIssuer;
  /** Cookie that the token endpoint sets; see `createPlaylistCookie`. */
  readonly cookie: PlaylistCookie;
  /** Origins or folders from which playlists are fetched, and whose URLs get tokens. */
  readonly upstreams: readonly string[];
  /** Returns the stream of a playlist URL. @defaultValue the parent playlist's stream, else the file name without `.m3u8` */
  readonly streamOf?: (url: URL, parentStream: string | null) => string;
  /** Shortest lifetime of a segment token in seconds. Three target durations, if that is longer. @defaultValue 6 */
  readonly ttlSeconds?: number | (() => number);
  /** Longest lifetime of a token in a complete (VOD) playlist, in seconds. @defaultValue 43,200 */
  readonly longestTtlSeconds?: number;
  /** Query parameter for the token. @defaultValue `token` */
  readonly tokenParameter?: string;
  /** Public path of the signer, if a reverse proxy rewrites the path. @defaultValue the path of the request */
  readonly path?: string;
  /** @defaultValue no other origin */
  readonly cors?: CorsOptions;
  /** Time limit of the upstream in milliseconds. @defaultValue 10,000 */
  readonly timeoutMs?: number;
  /** Largest size of a playlist in bytes. @defaultValue 2,097,152 */
  readonly maxBytes?: number;
  /** Largest number of lines of a playlist. @defaultValue 100,000 */
  readonly maxLines?: number;
  /** Largest size of a playlist with its tokens, in characters. @defaultValue 16,777,216 */
  readonly maxOutputLength?: number;
  /** Largest number of redirects to follow. @defaultValue 3 */
  readonly maxRedirects?: number;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
  /** @defaultValue `globalThis.fetch` */
  readonly fetch?: typeof globalThis.fetch;
  /** @defaultValue logs nothing */
  readonly logger?: Logger;
  /** @defaultValue no metrics */
  readonly metrics?: Metrics;
}

interface Target {
  readonly url: URL;
  readonly stream: string;
  readonly granted: PlaylistGrant;
}

/**
 * Creates the playlist signer for native players, which cannot add tokens to requests. `GET ?url=<playlist>` returns the
 * playlist of the upstream. Segment, key and init URLs in it have a short-lived token, and playlist URLs lead to the
 * signer. The cookie authenticates the player.
 *
 * Responds with problems: `playlist-cookie-missing`, `playlist-cookie-invalid`, `forbidden`, `upstream-…`, `playlist-…`.
 *
 * @throws TypeError if `upstreams` is empty or has an invalid entry.
 */
export function createPlaylistSigner(options: PlaylistSignerOptions): FetchHandler {
  const { issuer, cookie, logger = silentLogger, now = Date.now } = options;
  const { tokenParameter = 'token', longestTtlSeconds = 43_200 } = options;
  const limits: PlaylistLimits = {
    ...defaultPlaylistLimits,
    ...(options.maxLines !== undefined && { maxLines: options.maxLines }),
    ...(options.maxOutputLength !== undefined && { maxOutputLength: options.maxOutputLength }),
  };
  const allowList = createUpstreamAllowList(options.upstreams);
  const streamOf = options.streamOf ?? defaultStream;
  const stableTokens = new StableTokens(issuer, now);

  function readTarget(request: Request, state: PlaylistCookieContent): Target {
    const query = new URL(request.url).searchParams;
    const url = allowList.parse(query.get('url') ?? '');
    const stream = streamOf(url, query.get('stream'));
    const granted = state.grants.find((each) => each.stream === stream);
    if (!granted) {
      throw new Problem('forbidden', 'The playlist cookie does not allow the stream.', {
        hint: 'Request a token for this stream with credentials first.',
      });
    }
    return { url: withDeliveryDirectives(url, query), stream, granted };
  }

  async function handle(request: Request): Promise<Response> {
    const state = await cookie.read(request);
    const { url, stream, granted } = readTarget(request, state);
    const ttlOption = options.ttlSeconds ?? 6;
    const ttlSeconds = typeof ttlOption === 'function' ? ttlOption() : ttlOption;
    const mint = async (ttl: number) => {
      const issued = await issuer.issue({
        purpose: 'playback',
        stream,
        grant: { ttlSeconds: ttl },
        user: granted.user,
      });
      return requireToken(issued.token);
    };
    // Players do not see the token for the upstream, so several reloads can use the same one.
    const upstreamToken = requireToken(
      await stableTokens.get(stream, granted.user, Math.max(ttlSeconds, 30)),
    );
    const fetched = await fetchPlaylist(url, upstreamToken, {
      allowList,
      fetch: options.fetch ?? globalThis.fetch,
      timeoutMs: options.timeoutMs ?? 10_000,
      maxBytes: options.maxBytes ?? 2_097_152,
      maxRedirects: options.maxRedirects ?? 3,
      tokenParameter,
      signal: request.signal,
    });
    const ttl = segmentTtlSeconds(readPlaylistTimes(fetched.text, limits), ttlSeconds, longestTtlSeconds);
    const token = await mint(ttl);
    const initToken = requireToken(await stableTokens.get(stream, granted.user, ttl));
    const signed = (target: URL, value: string) =>
      allowList.has(target) ? withTokenQuery(target.href, tokenParameter, value) : target.href;
    // With two slashes at the start, the first folder would be parsed as a host.
    const path = (options.path ?? new URL(request.url).pathname).replace(/^\/+/, '/');
    const rewriter: PlaylistRewriter = {
      media: (target) => signed(target, token),
      init: (target) => signed(target, initToken),
      playlist: (target) =>
        allowList.has(target)
          ? `${path}?url=${encodeURIComponent(target.href)}&stream=${encodeURIComponent(stream)}`
          : target.href,
    };
    const text = await rewritePlaylist(fetched.text, fetched.url, rewriter, { limits });
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
    throw new Problem('request-invalid', 'The file name in "url" is not valid percent-encoding.');
  }
}

function requireToken(token: string | undefined): string {
  if (token === undefined)
    throw new Problem(
      'internal',
      'The issuer of the playlist signer must issue tokens, not security objects.',
    );
  return token;
}
