import type { OptionNames } from '../http/require-known-options.js';
import { deadline } from '../http/timeouts.js';
import { Problem } from '../http/problem.js';
import type { GrantedStream } from '../grant/grant.js';
import { peekPlaylist, pickVariant, UNKNOWN_BANDWIDTH_BPS } from '@gatecast/contract';
import { FirstMedia, type StartedStream } from './first-media/first-media.js';
import {
  firstMediaLimits,
  firstMediaOptionNames,
  type FirstMediaOptions,
} from './first-media/media-options.js';
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
  /**
   * Sends the init segment and the media segment that playback begins with after the JSON part of the response, to players that
   * accept `multipart/mixed`. Only for one stream, in a response that also has its playlists. Viewers share media as they share
   * playlists (`cacheMs`), for at most the duration of a segment: do not use it with a watermark for each viewer.
   *
   * @defaultValue false
   */
  readonly media?: boolean | FirstMediaOptions;
  /** Query parameter for a `token` without a place of its own. @defaultValue `token` */
  readonly tokenParameter?: string;
  /** Milliseconds since the epoch. @defaultValue `Date.now` */
  readonly now?: () => number;
  /** @defaultValue `globalThis.fetch` */
  readonly fetch?: typeof globalThis.fetch;
}

export const bootstrapOptionNames: OptionNames<BootstrapOptions> = {
  playlistUrl: true,
  upstreams: true,
  budgetMs: true,
  pauseMs: true,
  cacheMs: true,
  maxBytes: true,
  maxChildren: true,
  media: firstMediaOptionNames,
  tokenParameter: true,
  now: true,
  fetch: true,
};

/** The token of a stream in the response, and the grant that it was made from. */
export interface BootstrapToken extends IssuedItems {
  readonly grant: Pick<GrantedStream, 'claims' | 'restrictions'>;
}

/** What is known of the streams of a response before the player requests anything. */
export interface BootstrapAnswer {
  readonly playlists: Playlists;
  /** The stream of a response for one stream, if its first playlist has arrived. */
  readonly started: StartedStream | null;
}

/** Fetches the playlists that a player will request first. */
export interface Bootstrap {
  /** Fetches media. `null` if responses have none. */
  readonly media: FirstMedia | null;
  /**
   * Resolves with the playlists that arrived in time, by URL. Never rejects.
   *
   * @param user - user of all tokens.
   * @param host - host that the client has requested: cookies without `Domain` go there only.
   */
  get(tokens: readonly BootstrapToken[], user: string | undefined, host: string): Promise<BootstrapAnswer>;
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
  const { media: mediaOptions = false, fetch = globalThis.fetch } = options;
  const media = mediaOptions
    ? new FirstMedia({
        limits: firstMediaLimits(mediaOptions === true ? {} : mediaOptions),
        allowList,
        pauseMs,
        isShared: cacheMs > 0,
        now,
        fetch,
      })
    : null;
  let pausedUntilMs = 0;

  const load = (url: URL, request: SentRequest): Promise<FetchedPlaylist> =>
    fetchPlaylist(url, () => request, {
      allowList,
      fetch,
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
  ): Promise<BootstrapAnswer> {
    const wanted = tokens.flatMap(({ grant, ...issued }) => {
      const token = new PageToken(issued, host, tokenParameter);
      const first = firstOf(token, issued.item.stream);
      return first ? [{ first, token, grant, stream: issued.item.stream }] : [];
    });
    if (wanted.length === 0 || pausedUntilMs > now()) return { playlists: {}, started: null };
    const { late, stop } = deadline(
      budgetMs,
      () => new Problem('upstream-timeout', 'The playlists did not arrive in time.'),
    );
    const arrived = new Map<string, string>();
    let length = 0;
    const all = wanted.slice(0, MAX_STREAMS).map(async ({ first, token, grant }) => {
      const key = JSON.stringify([first.key.href, grantKey(grant)]);
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
    const [only] = wanted;
    const isStarted = only && tokens.length === 1 && arrived.has(only.first.key.href);
    return { playlists: Object.fromEntries(arrived), started: isStarted ? startedStream(only) : null };
  }

  return { get, media };
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
  const all = [...first.values(), ...later.values()];
  const startUrl = startOf(text, url);
  // A player begins with this one, wherever it stands.
  const start = all.find(({ href }) => href === startUrl);
  const chosen = all.slice(0, max);
  return max < 1 || !start || chosen.includes(start) ? chosen : [...chosen.slice(0, -1), start];
}

/** Address of the variant that a player on an unknown connection begins with. */
function startOf(text: string, url: URL): string | null {
  const playlist = peekPlaylist(
    text,
    url.href,
    () => new Problem('playlist-invalid', 'An address is not a URL.'),
  );
  if (playlist.kind !== 'multivariant') return null;
  return pickVariant(playlist.variants, UNKNOWN_BANDWIDTH_BPS, () => true)?.url ?? null;
}

/** What viewers with the same grant have in common: restrictions, and the claims that are not of one token. */
function grantKey({ claims, restrictions }: BootstrapToken['grant']): readonly unknown[] {
  const { exp: _exp, nbf: _nbf, iat: _iat, jti: _jti, ...others } = claims;
  return [others, restrictions];
}

function startedStream(wanted: {
  readonly stream: string;
  readonly first: FirstRequest;
  readonly token: PageToken;
  readonly grant: BootstrapToken['grant'];
}): StartedStream {
  const { stream, first, token, grant } = wanted;
  return {
    stream,
    address: first.key.href,
    token,
    grant: JSON.stringify(grantKey(grant)),
    isSigned: first.isSigned,
  };
}
