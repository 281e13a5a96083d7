import {
  isRefusal,
  redactUrl,
  type GatecastError,
  type MediaRequest,
  type MediaResponse,
} from '@gatecast/token';
import { notHls } from '../source/source-errors.js';
import { hasForeignToken } from './foreign-token.js';
import { resolveUri, withoutDirectives } from './peek-playlist.js';
import { BoundedMap } from './reread/bounded-map.js';
import { endOf, keyOf, withDirectives } from './reread/engine-address.js';
import { KnownPlaylist } from './reread/known-playlist.js';
import { bareAddress } from './reread/match-renditions.js';
import { readClones } from './reread/pathway-clones.js';

/** A playlist as the engine has it. */
export interface ReadPlaylist {
  readonly request: MediaRequest;
  readonly response: MediaResponse;
  /** The full one to which it is a delta update. */
  readonly former?: MediaResponse | undefined;
}

export type SendMedia = (request: MediaRequest) => Promise<MediaResponse>;

export interface RereaderOptions {
  /** Sends a request that no single request of the engine may abort, because others wait for it as well. */
  readonly send: SendMedia;
  /** The server's time, in milliseconds since 1970. */
  readonly serverNow: () => number;
  /** Version of the stream's current token; `null` without one. */
  readonly version: (stream: string) => number | null;
  /** Longest time before the end of an address at which its playlist is read again, in milliseconds. */
  readonly leadMs: () => number;
  /** @defaultValue `performance.now` */
  readonly now?: () => number;
  /** A number in [0, 1). @defaultValue `Math.random` */
  readonly random?: () => number;
}

type Need = 'none' | 'soon' | 'now';

/** A playlist is read again this long before the end of its addresses, unless their life is too short for it. */
const SHORTEST_LEAD_MS = 2000;
/**
 * An address with less time left counts as one that has ended: the request takes time, and the server's time is known to a second
 * only, as `serverTime` is.
 */
const FLIGHT_MS = 1000;
/** More playlists than a stream has renditions. */
const MAX_PLAYLISTS = 128;

/**
 * Exchanges the addresses of a running engine when they end. Some origins write a token of their own into the addresses of a
 * playlist, which ends with the token that the playlist was requested with, or earlier; only another reading brings newer ones.
 * hls.js never reads a multivariant playlist again, nor that of a recording.
 *
 * The engine keeps its addresses. Each of its requests goes to the address that the latest reading has in that place. Shortly
 * before an address ends, its playlist is read again while the request goes out; after its end, or if the origin refuses it,
 * the request waits for the new one. Without requests nothing is read.
 */
export class PlaylistRereader {
  readonly #options: RereaderOptions;
  readonly #now: () => number;
  readonly #playlists = new BoundedMap<string, KnownPlaylist>();

  constructor(options: RereaderOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** Sends a request of the engine to the address that it has now. */
  async request(request: MediaRequest, send: SendMedia, signal: AbortSignal): Promise<MediaResponse> {
    const playlist = this.#playlistOf(request);
    const need = playlist ? this.#needOf(request, playlist) : 'none';
    if (playlist && need !== 'none') {
      const reading = this.#renew(request, playlist);
      if (need === 'now') await settled(reading, signal);
    }
    const sent = this.current(request);
    try {
      return await send(sent);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return this.repeat(request, sent, error, send);
    }
  }

  /** The same request at the address that the playlist names now. */
  current(request: MediaRequest): MediaRequest {
    const key = keyOf(request.url);
    const url = this.#playlistOf(request)?.current(key) ?? key;
    return url === key ? request : { ...request, url: withDirectives(url, request.url) };
  }

  /**
   * Repeats a refused request with the address that its playlist has for it after another reading.
   *
   * @param sent - the request as it was sent: see {@link current}.
   * @throws the refusal, if the playlist has no other address for it, or cannot be read.
   */
  async repeat(
    request: MediaRequest,
    sent: MediaRequest,
    refusal: GatecastError,
    send: SendMedia,
  ): Promise<MediaResponse> {
    const playlist = this.#playlistOf(request);
    if (!playlist) throw refusal;
    let error = refusal;
    let latest = sent;
    // First its own playlist, then the one that names that playlist: the first may come from a cache.
    for (const isDeep of [false, true]) {
      const isRead = this.current(request).url === latest.url && (await this.#reread(playlist, isDeep));
      const next = this.current(request);
      if (next.url === latest.url && !isRead) continue;
      latest = next;
      try {
        const response = await send(next);
        playlist.pace.helped();
        return response;
      } catch (again) {
        if (!isRefusal(again)) throw again;
        error = again;
      }
    }
    playlist.pace.failed(this.#now());
    throw error;
  }

  /**
   * Remembers a playlist that the engine gets.
   *
   * @returns the playlist as the engine must have it.
   */
  give({ request, response, former }: ReadPlaylist): MediaResponse {
    const key = keyOf(request.url);
    const plain = { ...request, url: withoutDirectives(request.url) };
    const playlist =
      this.#playlists.get(key) ?? new KnownPlaylist(plain, this.#options.random ?? Math.random);
    this.#playlists.set(key, playlist);
    this.#playlists.shrink(MAX_PLAYLISTS);
    const address = this.current(plain).url;
    const parent = this.#playlistOf(plain);
    if (former) playlist.give(former, address, this.#time(request), parent);
    const given = playlist.give(response, address, this.#time(request), parent);
    return { ...given, data: this.#withKnownReports(String(given.data), response.url) };
  }

  /** The engine gets a steering manifest, of which it makes other pathways. */
  steer(manifest: unknown): void {
    const clones = readClones(manifest);
    if (clones.length === 0) return;
    for (const playlist of this.#playlists.values()) if (playlist.isMultivariant) playlist.steer(clones);
  }

  /** Tells the engine about other renditions (EXT-X-RENDITION-REPORT) by the addresses that it has of them. */
  #withKnownReports(text: string, baseUrl: string): string {
    if (!text.includes('#EXT-X-RENDITION-REPORT:')) return text;
    const known = new Map<string, string>();
    for (const { request } of this.#playlists.values())
      for (const { url } of [request, this.current(request)]) known.set(bareAddress(url), request.url);
    return text.replace(
      /^(#EXT-X-RENDITION-REPORT:.*?URI=")([^"]*)/gm,
      (whole, before: string, uri: string) => {
        const url = known.get(bareAddress(resolveUri(uri, baseUrl) ?? ''));
        return url === undefined ? whole : before + url;
      },
    );
  }

  #time({ stream }: MediaRequest) {
    return { atMs: this.#options.serverNow(), version: this.#options.version(stream) };
  }

  /** The playlist that names what is requested. That of a playlist is a multivariant one. */
  #playlistOf(request: MediaRequest): KnownPlaylist | null {
    const url = keyOf(request.url);
    for (const playlist of this.#playlists.values())
      if ((playlist.isMultivariant || request.responseType !== 'text') && playlist.has(url)) return playlist;
    return null;
  }

  #needOf(request: MediaRequest, { time }: KnownPlaylist): Need {
    const { url, stream } = this.current(request);
    const endMs = endOf(url);
    if (endMs === Infinity) {
      const version = this.#options.version(stream) ?? 0;
      return version > (time.version ?? Infinity) && hasForeignToken(url) ? 'soon' : 'none';
    }
    const lifeMs = endMs - time.atMs;
    // Not an end: it had passed when the origin wrote it.
    if (lifeMs <= 0) return 'none';
    const remainingMs = endMs - this.#options.serverNow();
    if (remainingMs <= Math.min(FLIGHT_MS, lifeMs / 6)) return 'now';
    const leadMs = Math.max(lifeMs / 4, Math.min(lifeMs / 2, SHORTEST_LEAD_MS));
    return remainingMs <= Math.min(leadMs, this.#options.leadMs()) ? 'soon' : 'none';
  }

  /** Reads the playlist again for an address that ends. */
  async #renew(request: MediaRequest, playlist: KnownPlaylist): Promise<void> {
    const version = this.#options.version(request.stream);
    if (!playlist.reading && !playlist.pace.mayRead(this.#now(), version)) return;
    const endMs = endOf(this.current(request).url);
    const isRead = await this.#read(playlist, () => this.#readAhead(playlist, endMs));
    const nextMs = endOf(this.current(request).url);
    if (!isRead) return;
    if (nextMs === Infinity) playlist.pace.unknown(this.#now());
    else if (nextMs > endMs) playlist.pace.helped();
    else playlist.pace.unchanged(this.#now(), nextMs - this.#options.serverNow(), version);
  }

  async #readAhead(playlist: KnownPlaylist, endMs: number): Promise<void> {
    const { request } = playlist;
    const parent = this.#playlistOf(request);
    const before = this.current(request).url;
    if (parent && this.#needOf(request, parent) !== 'none') {
      await this.#renew(request, parent);
      // The origin hands on the token of the request: what this playlist names has the same end.
      if (this.current(request).url === before && endOf(before) <= endMs) return;
    }
    await this.#load(playlist);
  }

  /** Reads the playlist again after a refusal. Returns whether that was done. */
  async #reread(playlist: KnownPlaylist, isDeep = false): Promise<boolean> {
    const parent = this.#playlistOf(playlist.request);
    const before = this.current(playlist.request).url;
    if (isDeep) {
      if (!parent || !(await this.#reread(parent))) return false;
      if (this.current(playlist.request).url === before) return false;
    } else if (!playlist.reading && !playlist.pace.mayRepeat(this.#now())) return false;
    return this.#read(playlist, async () => {
      try {
        await this.#load(playlist);
      } catch (error) {
        if (!isRefusal(error) || !parent) throw error;
        const isParentRead = await this.#reread(parent);
        // The response may also have brought another cookie, which cannot be seen.
        if (!isParentRead && this.current(playlist.request).url === before) throw error;
        await this.#load(playlist);
      }
    });
  }

  /** One reading at a time. Returns whether it succeeded. */
  #read(playlist: KnownPlaylist, read: () => Promise<void>): Promise<boolean> {
    return (playlist.reading ??= this.#readNow(playlist, read));
  }

  async #readNow(playlist: KnownPlaylist, read: () => Promise<void>): Promise<boolean> {
    try {
      await read();
      return true;
    } catch (error) {
      // The request itself reports why its address does not work.
      const { retryAfterMs } = error as Partial<GatecastError>;
      playlist.pace.failed(this.#now(), retryAfterMs ?? undefined);
      return false;
    } finally {
      playlist.reading = null;
    }
  }

  async #load(playlist: KnownPlaylist): Promise<void> {
    const { request } = playlist;
    const time = this.#time(request);
    const response = await this.#options.send(this.current(request));
    if (!playlist.exchange(response, time, this.#playlistOf(request))) throw notHls(redactUrl(request.url));
    playlist.pace.read(this.#now());
  }
}

/** Resolves when a reading has ended. @throws the reason of the signal */
function settled(reading: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    void reading
      .catch(() => undefined)
      .finally(() => {
        signal.removeEventListener('abort', abort);
        resolve();
      });
  });
}
