import { deadline } from '../http/timeouts.js';
import { Problem } from '../http/problem.js';
import type { GrantedStream } from '../grant/grant.js';
import { fetchPlaylist, type FetchedPlaylist, type SentRequest } from './fetch-playlist.js';
import { PageToken, type FirstRequest, type IssuedItems } from './page-token.js';
import { readPlaylistTimes } from './playlist-times.js';
import { defaultPlaylistLimits } from './playlist-limits.js';
import { readPlaylistLines } from './playlist-lines.js';
import { SharedPlaylists, type Playlists } from './shared-playlists.js';
import { createUpstreamAllowList, type UpstreamAllowList } from './upstream-allow-list.js';

/** Options for playlists in the first token response. */
export interface BootstrapOptions {
  /**
   * URL of a stream's playlist as players request it, without a token. Return `null` to send no playlist. If it throws, the
   * response has no playlist of that stream either. @defaultValue the signed address in the token (`url`), if it has one
   */
  readonly playlistUrl?: ((stream: string) => string | null) | undefined;
  /** Origins or folders from which playlists may be fetched, and to which tokens may be sent. */
  readonly upstreams: readonly string[];
  /**
   * Longest time that a token response waits for playlists, in milliseconds. After a timeout, responses do not wait for
   * playlists for `pauseMs`. @defaultValue 150
   */
  readonly budgetMs?: number;
  /** Pause after a timeout, in milliseconds. @defaultValue 10,000 */
  readonly pauseMs?: number;
  /**
   * Time for which playlists are shared, in milliseconds. If two users with equal claims and restrictions got the same
   * playlist, and it contains neither token, then every other user with the same claims and restrictions gets it too. Set 0 to
   * share nothing: if your origin chooses the playlist by the user, such as by region, plan or experiment, and the claims are
   * equal, two users of one group decide what a user of another group gets. Tokens without a user share nothing.
   *
   * @defaultValue 1,000
   */
  readonly cacheMs?: number;
  /** Largest size of a playlist in bytes. @defaultValue 262,144 */
  readonly maxBytes?: number;
  /** Largest number of media playlists to fetch for a multivariant playlist. @defaultValue 4 */
  readonly maxChildren?: number;
  /** Query parameter for a `token` without a place of its own. @defaultValue `token` */
  readonly tokenParameter?: string;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
  /** @defaultValue `globalThis.fetch` */
  readonly fetch?: typeof globalThis.fetch;
}

/** The token of a stream in the response, and the grant that it was made from. */
export interface BootstrapToken extends IssuedItems {
  readonly grant: Pick<GrantedStream, 'claims' | 'restrictions'>;
}

/** Fetches the playlists that a player will request first. */
export interface Bootstrap {
  /**
   * Resolves with the playlists that arrived in time, by URL. Never rejects.
   *
   * @param user - user of all tokens.
   * @param host - host that the client has requested: cookies without `Domain` go there only.
   */
  get(tokens: readonly BootstrapToken[], user: string | undefined, host: string): Promise<Playlists>;
}

/** Streams of one response that get playlists, and the size of all its playlists in characters. */
const MAX_STREAMS = 8;
const MAX_LENGTH = 1_048_576;
/** Read without a pause, so the budgets are smaller than those of the signer. */
const LIMITS = { ...defaultPlaylistLimits, maxLines: 20_000, maxOutputLength: 1_048_576 };

/** Saves a starting player two round trips. A slow origin delays the token by at most `budgetMs`. */
export function createBootstrap(options: BootstrapOptions): Bootstrap {
  const { budgetMs = 150, pauseMs = 10_000, cacheMs = 1000, maxChildren = 4, now = Date.now } = options;
  const { tokenParameter = 'token' } = options;
  const allowList = createUpstreamAllowList(options.upstreams);
  const shared = new SharedPlaylists({ cacheMs, now });
  let pausedUntilMs = 0;

  const load = (url: URL, request: SentRequest): Promise<FetchedPlaylist> =>
    fetchPlaylist(url, () => request, {
      allowList,
      fetch: options.fetch ?? globalThis.fetch,
      timeoutMs: 10 * budgetMs,
      maxBytes: options.maxBytes ?? 262_144,
      // After a redirect, the player would resolve URIs against another base URL.
      maxRedirects: 0,
    });

  /** A function that throws, for example for an odd name, must not cost the token. */
  function firstOf(token: PageToken, stream: string): FirstRequest | null {
    try {
      const address = options.playlistUrl?.(stream);
      const first = address === null ? null : token.first(address);
      return first && allowList.has(first.key) && isAt(first.key, first) ? first : null;
    } catch {
      return null;
    }
  }

  async function loadAll(request: FirstRequest, token: PageToken): Promise<Playlists> {
    const first = await load(request.key, request);
    const loads = childrenOf(first, allowList, maxChildren).map(async (url) => {
      const next = token.next(url);
      return next && isAt(url, next) ? [await load(url, next)] : [];
    });
    const loaded = await Promise.allSettled(loads);
    const texts = loaded.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    return Object.fromEntries([first, ...texts].map(({ url, text }) => [url.href, text]));
  }

  async function get(
    tokens: readonly BootstrapToken[],
    user: string | undefined,
    host: string,
  ): Promise<Playlists> {
    const wanted = tokens.flatMap(({ grant, ...issued }) => {
      const token = new PageToken(issued, host, tokenParameter);
      const first = firstOf(token, issued.item.stream);
      return first ? [{ first, token, grant }] : [];
    });
    if (wanted.length === 0 || pausedUntilMs > now()) return {};
    const { late, stop } = deadline(
      budgetMs,
      () => new Problem('upstream-timeout', 'The playlists did not arrive in time.'),
    );
    const arrived = new Map<string, string>();
    let length = 0;
    const all = wanted.slice(0, MAX_STREAMS).map(async ({ first, token, grant }) => {
      const key = JSON.stringify([first.key.href, claimsOfAll(grant.claims), grant.restrictions]);
      const loadOwn = () => loadAll(first, token).catch((): Playlists => ({}));
      // In what a signed address leads to, the origin has written tokens.
      const playlists = first.isSigned
        ? await loadOwn()
        : await shared.get(key, { user, secrets: token.secrets }, loadOwn);
      for (const [url, text] of Object.entries(playlists)) {
        length += arrived.has(url) ? 0 : text.length;
        if (length <= MAX_LENGTH) arrived.set(url, text);
      }
    });
    try {
      await Promise.race([Promise.all(all), late]);
    } catch {
      pausedUntilMs = now() + pauseMs;
    } finally {
      stop();
    }
    return Object.fromEntries(arrived);
  }

  return { get };
}

/** A token must not choose the origin that gets it. */
function isAt({ origin }: URL, { url }: SentRequest): boolean {
  return new URL(url).origin === origin;
}

/**
 * The playlists of a multivariant playlist that a player requests first, each once: variants and default renditions, and then other
 * renditions.
 */
function childrenOf({ text, url }: FetchedPlaylist, allowList: UpstreamAllowList, max: number): URL[] {
  // A media playlist lists other playlists in rendition reports, but the player does not request them at startup.
  if (!readPlaylistTimes(text, LIMITS).isMultivariant) return [];
  const [first, later] = [new Map<string, URL>(), new Map<string, URL>()];
  for (const { line, link } of readPlaylistLines(text, url, LIMITS)) {
    if (link?.kind !== 'playlist' || !allowList.has(link.url)) continue;
    const isRendition = line.startsWith('#EXT-X-MEDIA:');
    const found = !line.startsWith('#') || (isRendition && line.includes('DEFAULT=YES')) ? first : later;
    if (isRendition || found === first) found.set(link.url.href, link.url);
  }
  return [...first.values(), ...later.values()].slice(0, max);
}

/** The claims of a grant that viewers may have in common. */
function claimsOfAll(claims: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { exp: _exp, nbf: _nbf, iat: _iat, jti: _jti, ...others } = claims;
  return others;
}
