import type { GatecastError } from '@gatecast/token';
import { resolveUri, withoutDirectives } from './peek-playlist.js';
import { isRefusal, type MediaRequest, type MediaResponse } from './request-media.js';

/** Requests within this time share one reading of their playlist. */
const SHARED_MS = 2000;
/** A segment, its media playlist and the multivariant playlist. */
const LEVELS = 3;
const LINE = /[^\r\n]+/g;

/** A playlist as it was read. */
export interface ReadPlaylist {
  readonly request: MediaRequest;
  readonly response: MediaResponse;
  /** The one before, which the engine still uses. */
  readonly former?: MediaResponse | undefined;
}

/** An address in a playlist, and its place there. */
interface Child {
  /** As it is written. */
  readonly uri: string;
  readonly url: string;
  /** The tag that has it as an attribute; empty for a segment or variant. */
  readonly tag: string;
  /** Media sequence number of the next segment, or the number of variants before it. */
  readonly sequence: number;
  /** The number of addresses before it with the same tag. */
  readonly ordinal: number;
}

interface Place extends Child {
  readonly playlistUrl: string;
}

type Send = (request: MediaRequest) => Promise<MediaResponse>;

/**
 * Reads a playlist again when the origin refuses what it names. Some origins write a token of their own into the
 * addresses of a playlist, which ends with the token that the playlist was requested with; only another reading brings a newer
 * one. hls.js never reads a multivariant playlist again.
 */
export class PlaylistRereader {
  readonly #playlists: Map<string, ReadPlaylist>;
  readonly #now: () => number;
  /** Playlists that have another address now, by the one that the engine knows. */
  readonly #moved = new Map<string, { readonly url: string; readonly place: Place }>();
  /** Names of segments before a playlist moved, by their sequence numbers, by the address that the engine knows. */
  readonly #names = new Map<string, ReadonlyMap<number, string>>();
  readonly #readings = new Map<
    string,
    { readonly atMs: number; readonly response: Promise<MediaResponse> }
  >();

  /** @param playlists - by their address without delivery directives: {@link withoutDirectives}. */
  constructor(playlists: Map<string, ReadPlaylist>, now: () => number = () => performance.now()) {
    this.#playlists = playlists;
    this.#now = now;
  }

  /** The same request at the address that the playlist names now. */
  current(request: MediaRequest): MediaRequest {
    const key = withoutDirectives(request.url);
    const moved = this.#moved.get(key);
    return moved ? { ...request, url: withDirectives(moved.url, request.url) } : request;
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
    send: Send,
    level = 1,
  ): Promise<MediaResponse> {
    const key = withoutDirectives(request.url);
    const place = this.#moved.get(key)?.place ?? this.#find(key);
    const isShared = place && this.#isRecent(place.playlistUrl);
    const url = place && level < LEVELS && (await this.#addressOf(place, send, level));
    if (!url || (isShared && url === withoutDirectives(sent.url))) throw refusal;
    const response = await send({ ...request, url: withDirectives(url, request.url) });
    if (request.responseType === 'text') {
      this.#moved.set(key, { url, place });
      this.#keepNames(key, response);
    }
    return response;
  }

  /**
   * A playlist in which segments that the engine knows have the names that it knows. hls.js takes a segment with another path,
   * which may contain the new session, for that of another stream.
   */
  named(request: MediaRequest, response: MediaResponse): MediaResponse {
    const names = this.#names.get(withoutDirectives(request.url));
    if (!names || typeof response.data !== 'string') return response;
    const uris = new Map(
      segmentsOf(response).flatMap(({ sequence, uri }) => {
        const name = names.get(sequence);
        return name === undefined ? [] : [[uri, name]];
      }),
    );
    const data = response.data.replace(LINE, (line) => uris.get(line) ?? line);
    return { ...response, data };
  }

  #keepNames(key: string, response: MediaResponse): void {
    const known = this.#playlists.get(key);
    if (!known) return;
    const next = new Map(segmentsOf(response).map((segment) => [segment.sequence, segment]));
    const names = new Map<number, string>();
    for (const { sequence, uri } of segmentsOf(this.named(known.request, known.response))) {
      const segment = next.get(sequence);
      const url = segment && resolveUri(uri, response.url);
      if (!url || url === segment.url) continue;
      names.set(sequence, uri);
      this.#moved.set(url, { url: segment.url, place: { ...segment, playlistUrl: key } });
    }
    this.#names.set(key, names);
  }

  #find(url: string): Place | null {
    for (const [playlistUrl, { response, former }] of this.#playlists) {
      for (const read of [response, former]) {
        const child = read && childrenOf(read).find((each) => each.url === url);
        if (child) return { ...child, playlistUrl };
      }
    }
    return null;
  }

  async #addressOf(place: Place, send: Send, level: number): Promise<string | null> {
    try {
      const children = childrenOf(await this.#read(place.playlistUrl, send, level));
      const same = children.filter((child) => child.tag === place.tag);
      if (place.tag === '') return same.find((child) => child.sequence === place.sequence)?.url ?? null;
      const named = same.findLast((child) => child.sequence <= place.sequence) ?? same[0];
      const twins = same.filter((child) => child.sequence === named?.sequence);
      return (twins.length > 1 ? same[place.ordinal] : named)?.url ?? null;
    } catch {
      // The refusal is the error to report.
      return null;
    }
  }

  #isRecent(url: string): boolean {
    return this.#now() - (this.#readings.get(url)?.atMs ?? -Infinity) < SHARED_MS;
  }

  #read(url: string, send: Send, level: number): Promise<MediaResponse> {
    const latest = this.#readings.get(url);
    if (latest && this.#isRecent(url)) return latest.response;
    const response = this.#readNow(url, send, level);
    this.#readings.set(url, { atMs: this.#now(), response });
    return response;
  }

  async #readNow(url: string, send: Send, level: number): Promise<MediaResponse> {
    const known = this.#playlists.get(url);
    if (!known) throw new RangeError('This playlist was not read.');
    const request = { ...known.request, url };
    const current = this.current(request);
    const response = await send(current).catch((error: unknown) => {
      if (!isRefusal(error)) throw error;
      return this.repeat(request, current, error, send, level + 1);
    });
    this.#keepNames(url, response);
    this.#playlists.set(url, { request, response, former: known.response });
    return response;
  }
}

/** The segments of a media playlist; none of one with parts, which have names of their own. */
function segmentsOf(response: MediaResponse): Child[] {
  const text = String(response.data);
  if (!text.includes('#EXTINF') || text.includes('#EXT-X-PART:')) return [];
  return childrenOf(response).filter(({ tag }) => tag === '');
}

function withDirectives(url: string, requested: string): string {
  const directives = requested.match(/_HLS_\w+=[^&#]*/g);
  return directives ? url + (url.includes('?') ? '&' : '?') + directives.join('&') : url;
}

function childrenOf({ data, url: baseUrl }: MediaResponse): Child[] {
  const children: Child[] = [];
  const counts = new Map<string, number>();
  let sequence = 0;
  const add = (uri: string, tag: string): void => {
    const url = resolveUri(uri, baseUrl);
    const ordinal = counts.get(tag) ?? 0;
    counts.set(tag, ordinal + 1);
    if (url !== null) children.push({ uri, url, tag, sequence, ordinal });
  };
  for (const line of String(data).split(/\r\n?|\n/)) {
    if (line !== '' && !line.startsWith('#')) {
      add(line, '');
      sequence += 1;
    }
    const [, tag = '', rest = ''] = /^#EXT-X-([A-Z-]+):(.*)/.exec(line) ?? [];
    if (tag === 'MEDIA-SEQUENCE') sequence += Number(rest);
    if (tag === 'SKIP') sequence += Number(/SKIPPED-SEGMENTS=(\d+)/.exec(rest)?.[1] ?? 0);
    const uri = /(?:^|,)URI="([^"]*)"/.exec(rest)?.[1];
    if (uri !== undefined) add(uri, tag);
  }
  return children;
}
