import type videojs from 'video.js';
import { pageAddress } from '../session/read-options.js';
import {
  openSession,
  type SessionContext,
  type TokenControl,
  type TokenSession,
} from '../session/open-session.js';
import type { StreamRequest, TokenOptions } from '../session/token-options.js';
import { MediaXhr } from './media-xhr.js';

/** A player of Video.js 8. */
export type VideoJsPlayer = ReturnType<typeof videojs>;

/** Options of a request of VHS, as its hooks get them. */
interface VhsRequest {
  readonly uri: string;
  readonly requestType?: string;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly xhr?: unknown;
}

type RequestHook = (request: VhsRequest) => VhsRequest;

interface VhsSegment {
  readonly resolvedUri?: string;
  readonly map?: { readonly resolvedUri?: string };
  readonly key?: { readonly resolvedUri?: string };
  readonly parts?: readonly { readonly resolvedUri?: string }[];
}

interface VhsPlaylist {
  readonly resolvedUri?: string;
  readonly id?: string;
  readonly segments?: readonly VhsSegment[];
}

interface VhsMain {
  readonly playlists?: readonly VhsPlaylist[];
  /** By type, group and name. */
  readonly mediaGroups?: Record<string, Record<string, Record<string, Pick<VhsMain, 'playlists'>>>>;
}

/** The part of VHS that is used. Video.js has no types for it. */
export interface Vhs {
  readonly xhr: { onRequest(hook: RequestHook): void; offRequest(hook: RequestHook): void };
  readonly playlists?: { readonly main?: VhsMain };
  /** Has the loaders of alternative audio and subtitles, which keep the playlists of HLS for themselves. */
  readonly playlistController_?: {
    readonly mediaTypes_?: Record<
      string,
      { readonly activePlaylistLoader?: { media?(): VhsPlaylist | undefined } | null }
    >;
  };
}

/**
 * Lets a player of Video.js 8 load a protected stream with VHS, its engine for HLS and DASH: each playlist, segment and key
 * is requested with the token of its stream.
 *
 * A token is renewed ahead while VHS loads. A refusal (401 or 403) is one renewal and one repeat, of which VHS sees only the result.
 * If the new token is refused, too, VHS gets the status, as from its own request.
 *
 * @param player - call it before `src`. A source that is loading already is loaded again. Where the browser plays HLS itself,
 * VHS is used only with the option `html5.vhs.overrideNative`.
 * @throws GatecastError `option-invalid`
 * @example
 * ```ts
 * const player = videojs('live', { html5: { vhs: { overrideNative: true } } });
 * withTokens(player, { tokenUrl: '/api/tokens' });
 * player.src({ src: 'https://cdn.example.com/live/demo.m3u8', type: 'application/x-mpegURL' });
 * ```
 */
export function withTokens(player: VideoJsPlayer, options: TokenOptions): TokenControl {
  return playerWithSession(player, options, {});
}

/** @param context - what tests replace. */
export function playerWithSession(
  player: VideoJsPlayer,
  options: TokenOptions,
  context: SessionContext,
): TokenControl {
  const session = openSession(options, context);
  let hooked: Vhs['xhr'] | undefined;
  let hook: RequestHook | undefined;

  const add = (): void => {
    const vhs = vhsOf(player);
    if (!vhs || hooked === vhs.xhr) return;
    remove();
    hooked = vhs.xhr;
    hook = requestHook(session, vhs);
    hooked.onRequest(hook);
  };
  const remove = (): void => {
    if (hook) hooked?.offRequest(hook);
    hook = hooked = undefined;
  };
  player.on('xhr-hooks-ready', add);
  player.on('dispose', session.release);
  session.signal.addEventListener('abort', () => {
    player.off('xhr-hooks-ready', add);
    player.off('dispose', session.release);
    remove();
  });
  if (vhsOf(player)) player.src(player.currentSources());
  return session;
}

/** VHS of the current source, if it plays with VHS. */
function vhsOf(player: VideoJsPlayer): Vhs | undefined {
  const tech = player.tech(true) as { vhs?: Vhs } | undefined;
  return tech?.vhs;
}

/** Called before each request of one source. The first is for the address that the page has set. */
function requestHook(session: TokenSession, vhs: Vhs): RequestHook {
  let source: string | undefined;
  return (request) => {
    const url = pageAddress(request.uri);
    if (!source) session.open(url);
    source ??= url;
    const stream = session.streamOf(streamRequest(url, request, vhs, source));
    // Its own timer would count the wait for the token, and VHS would take that for a slow network.
    return { ...request, timeout: 0, xhr: new MediaXhr(session, stream, request.timeout) };
  };
}

/** @param source - of a segment whose playlist is not known: its own address would be a stream of its own. */
function streamRequest(
  url: string,
  { requestType = '' }: VhsRequest,
  vhs: Vhs,
  source: string,
): StreamRequest {
  const isPlaylist = /playlist|manifest$/.test(requestType);
  const owner = isPlaylist
    ? undefined
    : playlistsOf(vhs).find((playlist) => playlist?.segments?.some((segment) => hasAddress(segment, url)));
  return {
    url,
    playlist: owner?.resolvedUri ?? (isPlaylist ? url : source),
    kind: isPlaylist ? 'playlist' : requestType.endsWith('key') ? 'key' : 'segment',
    rendition: owner?.id,
  };
}

function playlistsOf({ playlists, playlistController_ }: Vhs): (VhsPlaylist | undefined)[] {
  const { playlists: main = [], mediaGroups = {} } = playlists?.main ?? {};
  const groups = Object.values(mediaGroups).flatMap(Object.values).flatMap(Object.values);
  return [
    ...main,
    ...groups.flatMap((group: Pick<VhsMain, 'playlists'>) => group.playlists ?? []),
    ...Object.values(playlistController_?.mediaTypes_ ?? {}).map((type) =>
      type.activePlaylistLoader?.media?.(),
    ),
  ];
}

function hasAddress({ resolvedUri, map, key, parts = [] }: VhsSegment, url: string): boolean {
  return [resolvedUri, map?.resolvedUri, key?.resolvedUri, ...parts.map((part) => part.resolvedUri)].includes(
    url,
  );
}
