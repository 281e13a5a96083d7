import type { StreamTokens } from '@gatecast/element';
import {
  isRefusal,
  lazyPart,
  type MediaRequest,
  type MediaRequestOptions,
  type MediaResponse,
} from '@gatecast/token';
import type { EarlyRequests } from '../../loading/early-requests.js';
import { hasForeignToken } from '../../loading/foreign-token.js';
import { withoutDirectives } from '../../loading/peek-playlist.js';
import type { PlaylistRereader } from '../../loading/reread-playlist.js';

export interface ChildAddressesHost {
  readonly early: EarlyRequests;
  /** `null` for a stream without tokens. */
  readonly tokens: StreamTokens | null;
  /** Aborts when the engine stops. */
  readonly signal: AbortSignal;
}

const rereaderPart = lazyPart(
  'PlaylistRereader',
  async () => (await import('../../loading/reread-playlist.js')).PlaylistRereader,
);
/** More than a stream has renditions. */
const MAX_PLAYLISTS = 64;
/** Steering manifests that are kept until the code that reads them is there. */
const MAX_MANIFESTS = 8;

/**
 * Sends the requests of the engine to the addresses that its playlists have for them now. The code that exchanges addresses is
 * loaded after the first segment, and only for a stream whose addresses carry tokens of the origin or are refused.
 */
export class ChildAddresses {
  readonly #host: ChildAddressesHost;
  #rereader: PlaylistRereader | null = null;
  #hasSegment = false;
  /** What came before the code that reads it. */
  #steering: readonly unknown[] = [];

  constructor(host: ChildAddressesHost) {
    this.#host = host;
  }

  /** Requests what a playlist names; if its address ends or is refused, reads the playlist again. */
  async request(request: MediaRequest, options: MediaRequestOptions): Promise<MediaResponse> {
    const send = (current: MediaRequest) => this.#host.early.send(current, options);
    if (this.#rereader) return this.#rereader.request(request, send, options.signal);
    if (this.#hasSegment && hasForeignToken(request.url)) void this.#loadRereader();
    try {
      return await send(request);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const rereader = await this.#loadRereader();
      options.signal.throwIfAborted();
      if (!rereader) throw error;
      return rereader.repeat(request, request, error, send);
    }
  }

  /** Remembers a playlist. Returns the response as the engine gets it. */
  remember(request: MediaRequest, response: MediaResponse): MediaResponse {
    this.#hasSegment ||= request.responseType === 'arraybuffer';
    if (request.responseType === 'json') {
      if (this.#rereader) this.#rereader.steer(response.data);
      else this.#steering = [...this.#steering, response.data].slice(-MAX_MANIFESTS);
    }
    if (request.responseType !== 'text') return response;
    if (this.#rereader) return this.#rereader.give({ request, response });
    const { playlists } = this.#host.early;
    const key = withoutDirectives(request.url);
    const before = playlists.get(key);
    const isDelta = String(response.data).includes('#EXT-X-SKIP:');
    const former = isDelta ? (before?.former ?? before?.response) : undefined;
    playlists.delete(key);
    playlists.set(key, { request, response, former });
    const [oldest] = playlists.keys();
    if (playlists.size > MAX_PLAYLISTS && oldest !== undefined) playlists.delete(oldest);
    return response;
  }

  /** If it cannot be loaded, a refusal is the error to report. */
  async #loadRereader(): Promise<PlaylistRereader | null> {
    const { early, tokens, signal } = this.#host;
    const Rereader = await rereaderPart({ signal, tries: 1 }).catch(() => null);
    if (this.#rereader || !Rereader) return this.#rereader;
    const rereader = new Rereader({
      send: (request) => early.send(request, { signal }),
      serverNow: () => tokens?.now() ?? Date.now(),
      version: (stream) => tokens?.peek(stream)?.version ?? null,
      leadMs: () => tokens?.leadMs ?? Infinity,
    });
    for (const playlist of early.playlists.values()) rereader.give(playlist);
    for (const manifest of this.#steering) rereader.steer(manifest);
    this.#steering = [];
    return (this.#rereader = rereader);
  }
}
